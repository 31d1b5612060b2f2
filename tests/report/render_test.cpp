#include "report/render.hpp"

#include <limits>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace gradus::report {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Every kind of value, in JSON alone.
Facts every_kind() {
  return {hidden("null", {}),
          hidden("text", std::string("a\"b")),
          hidden("truth", true),
          hidden("count", std::uint64_t{7}),
          hidden("number", Number{0.1}),
          hidden("nan", Number{kNaN}),
          hidden("time", Duration{1.5}),
          hidden("speed", Speed{2000.0}),
          hidden("position", Position{3, 10}),
          hidden("list", texts({"x", "y"})),
          hidden("object", Facts{hidden("inner", std::uint64_t{1}), line("not here", "")}),
          hidden("table", Table{.columns = {{.key = "name"}, {.title = "text alone"}, {.key = "value"}},
                                .rows = {{std::string("a"), std::string("b"), Number{1.0}},
                                         {std::string("c"), std::string("d"), Absent()}}}),
          hidden("confusion", Confusion{{"a", "b"}, {1, 2, 3, 4}}),
          hidden("uncounted", Confusion{{"a", "b"}, {}})};
}

constexpr const char* kEveryKind =
    R"({"null":null,"text":"a\"b","truth":true,"count":7,"number":0.1,"nan":null,"time":1.5,"speed":2000.0,"position":3,)"
    R"("list":["x","y"],"object":{"inner":1},"table":[{"name":"a","value":1.0},{"name":"c"}],)"
    R"("confusion":[[1,2],[3,4]],"uncounted":null})";

TEST(Render, JsonHasEveryKind) {
  Report report;
  report.sections = {every_kind()};
  EXPECT_EQ(to_text(as_json(report)), kEveryKind);
  EXPECT_EQ(as_text(report), "");
}

TEST(Render, AJsonLineIsTheSameWithShorterNumbers) {
  EXPECT_EQ(Json::parse(as_json_line(every_kind())), Json::parse(kEveryKind));
  EXPECT_EQ(as_json_line({hidden("a", Number{2000.0}), line("title", "text"), hidden("b", Number{kNaN})}),
            R"({"a":2000,"b":null})");
  EXPECT_EQ(as_json_line({}), "{}");
}

TEST(Render, TextHasTitlesParagraphsAndSections) {
  Report report;
  report.heading = "heading";
  report.sections = {{shown("count", "samples", std::uint64_t{1234}), told("key", "a long title", true, "words")},
                     {Fact{.key = "", .title = "", .value = {}, .text = "A paragraph."}, hidden("hidden", true)}};
  EXPECT_EQ(as_text(report), "heading\nsamples   1,234\na long title  words\n\nA paragraph.\n");
}

TEST(Render, TitlesAreStyledWithTheirPadding) {
  Report report;
  report.title_width = 6;
  report.sections = {{line("data", "x")}};
  EXPECT_EQ(as_text(report, [](std::string_view title) { return fmt::format("<{}>", title); }), "<data  >x\n");
}

TEST(Render, ALineHasTheFactsWithTitles) {
  EXPECT_EQ(as_line({shown("epoch", "epoch", Position{3, 10}), hidden("steps", std::uint64_t{9}),
                     shown("time", "took", Duration{80.0}), shown("speed", "at", Speed{1'230'000.0})}),
            "epoch  3/10  took 1 min 20 s  at 1.23M samples/s");
}

TEST(Render, ATableSaysWhatDidNotFit) {
  Table table{.columns = {{.key = "name", .title = "name"}, {.key = "hidden"}, {.key = "n", .title = "n", .width = 4}}};
  for (std::uint64_t i = 0; i < 4; ++i) table.rows.push_back({std::string("row") + std::to_string(i), i, 10 * i});
  table.indent = 1;
  table.most_rows = 3;
  EXPECT_EQ(as_text(table), " name     n\n row0     0\n row1    10\n row2    20\n … and 1 more (all with --json)\n");
}

TEST(Render, FactsAreFoundByTheirKeyInEverySection) {
  Report report;
  report.sections = {{hidden("a", std::uint64_t{1})}, {hidden("b", std::uint64_t{2})}};
  ASSERT_NE(report.find("b"), nullptr);
  EXPECT_EQ(as_text(report.find("b")->value), "2");
  EXPECT_EQ(report.find("c"), nullptr);
}

}  // namespace
}  // namespace gradus::report
