// The model file: what is saved is loaded, and nothing else passes for a model.
#include "model/model_file.hpp"

#include <cmath>
#include <cstring>
#include <functional>
#include <gmock/gmock.h>
#include <string>
#include <sys/stat.h>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include "base/temporary_folder.hpp"
#include "gradus/error.hpp"
#include "gradus/model.hpp"
#include "gradus/trainer.hpp"
#include "training/example_data.hpp"
#include "training/mixed_table.hpp"

namespace gradus {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing_support::read_bytes;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

Model trained_model() {
  TrainingOptions options;
  options.epochs = 3;
  Trainer trainer({.hidden = {4, 3}}, testing_support::two_classes(20), options);
  trainer.fit();
  return trainer.model();
}

std::string saved(const Model& model) {
  const TemporaryFolder folder;
  model.save(folder / "model.safetensors");
  return read_bytes(folder / "model.safetensors");
}

std::string message_for(const std::string& bytes) {
  const TemporaryFolder folder;
  write_bytes(folder / "model", bytes);
  try {
    static_cast<void>(Model::load(folder / "model"));
  } catch (const FormatError& error) {
    return error.what();
  }
  return "no error";
}

std::size_t header_length(const std::string& bytes) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  return static_cast<std::size_t>(length);
}

/// A file with this header and these tensors, and the checksum that fits them, so that what is behind the checksum is
/// tested.
std::string file_of(json header, const std::string& tensors) {
  if (header.is_object()) {
    header["__metadata__"].erase("crc32");
    const std::string summed = header.dump() + tensors;
    const uLong checksum = crc32_z(crc32_z(0, nullptr, 0), reinterpret_cast<const Bytef*>(summed.data()), summed.size());
    header["__metadata__"]["crc32"] = fmt::format("{:08x}", checksum);
  }
  const std::string text = header.dump();
  const std::uint64_t length = text.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + text + tensors;
}

/// The trained model's file after a change of its header.
std::string changed(const std::function<void(json&)>& change) {
  const std::string bytes = saved(trained_model());
  const std::size_t length = header_length(bytes);
  json header = json::parse(bytes.substr(8, length));
  change(header);
  return file_of(header, bytes.substr(8 + length));
}

/// Changes one of the JSON texts in the metadata.
std::string changed_text(const std::string& key, const std::function<void(json&)>& change) {
  return changed([&](json& header) {
    json text = json::parse(header["__metadata__"][key].get<std::string>());
    change(text);
    header["__metadata__"][key] = text.dump();
  });
}

TEST(ModelFile, KeepsEverything) {
  const TemporaryFolder folder;
  const Model model = trained_model();
  model.save(folder / "model.safetensors");
  const Model loaded = Model::load(folder / "model.safetensors");
  EXPECT_EQ(internal::state_of(loaded), internal::state_of(model));
  const Dataset data = testing_support::two_classes(20);
  EXPECT_EQ(loaded.predict(data).values, model.predict(data).values);
  EXPECT_EQ(saved(loaded), saved(model)) << "equal models give equal bytes";
}

Model model_of_a_mixed_table(Normalization normalization) {
  TrainingOptions options;
  options.epochs = 1;
  options.preprocessing.normalization = normalization;
  options.preprocessing.missing = Missing::indicator;
  const Dataset data = testing_support::read_table(testing_support::mixed_table(60), {.ignored = {"weight"}});
  Trainer trainer({.hidden = {3}}, data, options);
  trainer.fit();
  return trainer.model();
}

TEST(ModelFile, KeepsNamesMissingValuesAndQuantiles) {
  for (const Normalization normalization : {Normalization::standard, Normalization::quantile}) {
    const TemporaryFolder folder;
    const Model model = model_of_a_mixed_table(normalization);
    model.save(folder / "model.safetensors");
    const Model loaded = Model::load(folder / "model.safetensors");
    EXPECT_EQ(internal::state_of(loaded), internal::state_of(model));
    EXPECT_EQ(loaded.schema().categories.size(), 1U);
    EXPECT_EQ(loaded.schema().ignored_columns, std::vector<std::size_t>{2});
    EXPECT_EQ(saved(loaded), saved(model));
  }
}

TEST(ModelFile, RefusesImpossibleColumns) {
  const std::string bytes = saved(model_of_a_mixed_table(Normalization::quantile));
  const std::size_t length = header_length(bytes);
  const auto message = [&](const char* key, const std::function<void(json&)>& change) {
    json header = json::parse(bytes.substr(8, length));
    json text = json::parse(header["__metadata__"][key].get<std::string>());
    change(text);
    header["__metadata__"][key] = text.dump();
    return message_for(file_of(header, bytes.substr(8 + length)));
  };
  EXPECT_EQ(message("schema", [](json&) {}), "no error");
  const auto names = [&](const json& value) {
    return message("schema", [&](json& schema) { schema["categories"][0]["names"] = value; });
  };
  EXPECT_THAT(names({"red", "green", "blue"}), HasSubstr("names of feature 1 are not valid"));
  EXPECT_THAT(names({"blue", "blue", "red"}), HasSubstr("names of feature 1 are not valid"));
  EXPECT_THAT(names(json::array()), HasSubstr("names of feature 1 are not valid"));
  EXPECT_THAT(names({"blue", "red"}), HasSubstr("is 6, and must be 5"));
  EXPECT_THAT(message("schema", [](json& schema) { schema["categories"][0]["feature"] = 2; }), HasSubstr("in their order"));
  EXPECT_THAT(message("schema",
                      [](json& schema) {
                        schema["categories"][0] = {{"feature", 1}, {"buckets", 1U << 30U}};
                      }),
              HasSubstr("not valid"));
  EXPECT_THAT(message("schema", [](json& schema) { schema["indicators"] = {1, 0}; }), HasSubstr("in their order"));
  EXPECT_THAT(message("schema", [](json& schema) { schema["ignored_columns"] = {7}; }),
              HasSubstr("columns that it ignores"));
  EXPECT_THAT(message("schema", [](json& schema) { schema["ignored_columns"] = {3}; }),
              HasSubstr("columns that it ignores"));
  EXPECT_THAT(message("schema", [](json& schema) { schema["target_columns"] = {0, 1}; }), HasSubstr("2 columns of targets"));
  EXPECT_THAT(message("schema", [](json& schema) { schema["target_column"] = 50; }), HasSubstr("not columns of its table"));
  EXPECT_THAT(message("schema", [](json& schema) { schema["target_columns"] = json::array(); }),
              HasSubstr("0 columns of targets"));
  EXPECT_THAT(message("schema", [](json& schema) { schema["missing"] = "guess"; }), HasSubstr("'guess' is unknown"));
  EXPECT_THAT(message("schema", [](json& schema) { schema.erase("missing"); }), HasSubstr("is 2, and must be 0"));
  const auto scaling = [&](const std::function<void(json&)>& change) { return message("preprocessing", change); };
  EXPECT_THAT(scaling([](json& values) { values["missing_values"][1] = 3; }), HasSubstr("replaces a missing name"));
  EXPECT_THAT(scaling([](json& values) { values["missing_values"][1] = 0.5; }), HasSubstr("replaces a missing name"));
  EXPECT_THAT(scaling([](json& values) { values["quantiles"].erase(1); }), HasSubstr("quantile maps is 1, and must be 2"));
  EXPECT_THAT(scaling([](json& values) {
                values["quantiles"][0]["from"] = {2, 1};
              }),
              HasSubstr("quantile table is not increasing"));
  EXPECT_THAT(scaling([](json& values) { values["quantiles"][0]["to"] = json::array(); }),
              HasSubstr("quantile table is not increasing"));
}

TEST(ModelFile, KeepsARegressionAndNamesInAnyAlphabet) {
  const TemporaryFolder folder;
  Trainer trainer({.hidden = {}}, testing_support::line_data(9));
  auto state = std::make_shared<ModelState>(internal::state_of(trainer.model()));
  state->schema.feature_names = {"größe \"µ\"\n"};
  state->schema.target_names = {"价格"};
  const Model model = internal::model_of(state);
  EXPECT_TRUE(std::isnan(model.training().train_cost)) << "it was never fitted";
  model.save(folder / "model");
  const Model loaded = Model::load(folder / "model");
  EXPECT_EQ(loaded.schema(), model.schema());
  EXPECT_EQ(internal::state_of(loaded).preprocessing, state->preprocessing);
  EXPECT_TRUE(std::isnan(loaded.training().train_cost));
}

TEST(ModelFile, RefusesNamesThatAreNotText) {
  auto state = std::make_shared<ModelState>(internal::state_of(trained_model()));
  state->schema.class_names = {"\xff\xfe", "b"};
  const TemporaryFolder folder;
  EXPECT_THROW(internal::model_of(state).save(folder / "model"), UsageError);
  EXPECT_FALSE(std::filesystem::exists(folder / "model"));
}

TEST(ModelFile, RefusesEveryTruncation) {
  const std::string bytes = saved(trained_model());
  for (std::size_t length = 0; length < bytes.size(); ++length)
    ASSERT_THAT(message_for(bytes.substr(0, length)), HasSubstr("not a usable model file")) << length;
  EXPECT_THAT(message_for(bytes + "x"), HasSubstr("not a usable model file"));
}

TEST(ModelFile, NoticesEveryAlteredByte) {
  const std::string bytes = saved(trained_model());
  for (std::size_t place = 0; place < bytes.size(); ++place) {
    std::string altered = bytes;
    altered[place] = static_cast<char>(altered[place] ^ 1);
    // The spaces that fill up the header carry nothing, and a space may become another of JSON's blanks; all else counts.
    if (bytes[place] == ' ' && place > header_length(bytes)) continue;
    ASSERT_THAT(message_for(altered), HasSubstr("not a usable model file")) << place;
  }
}

TEST(ModelFile, SaysWhatIsWrong) {
  EXPECT_THAT(message_for(""), HasSubstr("it has only 0 bytes"));
  EXPECT_THAT(message_for(std::string(100, '\xff')),
              HasSubstr("give a header length of 18446744073709551615 bytes, and 92 bytes follow"));
  EXPECT_THAT(message_for("pixel_0,pixel_1,label\n1,2,3\n"), HasSubstr("give a header length of"));
  EXPECT_THAT(message_for(file_of(json::array(), "")), HasSubstr("not a JSON object"));
  EXPECT_THAT(message_for(file_of({{"__metadata__", json::object()}}, "")), HasSubstr("not written by Gradus"));
  EXPECT_THAT(message_for(std::string("\2\0\0\0\0\0\0\0{}", 10)), HasSubstr("not written by Gradus"));
  EXPECT_THAT(message_for(changed([](json& header) { header["__metadata__"]["format"] = "pt"; })),
              HasSubstr("not written by Gradus"));
  EXPECT_THAT(message_for(changed([](json& header) { header["__metadata__"]["format_version"] = "2"; })),
              HasSubstr("format version is 2, and this version of Gradus reads version 1; use a newer Gradus"));
  EXPECT_THAT(message_for(changed([](json& header) {
                header["__metadata__"]["format_version"] = "2";
                header["layers.0.weight"]["dtype"] = "F8";
              })),
              HasSubstr("use a newer Gradus"));
  EXPECT_THAT(message_for(changed([](json& header) { header["__metadata__"].erase("training"); })), HasSubstr("incomplete"));
  EXPECT_THAT(message_for(changed([](json& header) { header["__metadata__"]["network"] = "{"; })),
              HasSubstr("cannot be read"));
  EXPECT_THAT(message_for(changed([](json& header) { header["layers.0.weight"]["dtype"] = "F16"; })), HasSubstr("F32 only"));
  EXPECT_THAT(message_for(changed([](json& header) { header["layers.0.weight"]["shape"] = {2, 4}; })), HasSubstr("shape"));
  EXPECT_THAT(message_for(changed([](json& header) { header["layers.0.weight"]["shape"] = {1e300}; })),
              HasSubstr("not a whole number"));
  EXPECT_THAT(message_for(changed([](json& header) {
                header["layers.0.weight"]["shape"] = {std::uint64_t{1} << 63, 4};
              })),
              HasSubstr("elements"));
  EXPECT_THAT(message_for(changed([](json& header) {
                header["layers.0.bias"]["data_offsets"] = {0, 16};
              })),
              HasSubstr("begins at"));
  EXPECT_THAT(message_for(changed([](json& header) {
                header["layers.9.bias"] = header["layers.0.bias"];
                header.erase("layers.0.bias");
              })),
              HasSubstr("'layers.0.bias' is missing"));
}

TEST(ModelFile, RefusesPartsThatDoNotFitEachOther) {
  EXPECT_THAT(message_for(changed_text("network", [](json& network) { network["activation"] = "cosine"; })),
              HasSubstr("activation 'cosine' is unknown"));
  EXPECT_THAT(message_for(changed_text("network", [](json& network) { network["inputs"] = 3; })),
              HasSubstr("is 3, and must be 2"));
  EXPECT_THAT(message_for(changed_text("network", [](json& network) { network["inputs"] = -1; })),
              HasSubstr("whole number"));
  EXPECT_THAT(message_for(changed_text("network", [](json& network) { network["hidden"] = {4}; })), HasSubstr("tensors"));
  EXPECT_THAT(message_for(changed_text("network",
                                       [](json& network) {
                                         network["hidden"] = {4, 0};
                                       })),
              HasSubstr("a layer has no units"));
  EXPECT_THAT(message_for(changed_text("preprocessing", [](json& scaling) { scaling["input_shift"] = {1}; })),
              HasSubstr("shifts is 1, and must be 2"));
  EXPECT_THAT(message_for(changed_text("preprocessing",
                                       [](json& scaling) {
                                         scaling["input_scale"] = {1, nullptr};
                                       })),
              HasSubstr("cannot be read"));
  EXPECT_THAT(message_for(changed_text("class_names",
                                       [](json& names) {
                                         names = {"a", "b", "c"};
                                       })),
              HasSubstr("outputs is 2, and must be 3"));
  EXPECT_THAT(message_for(changed_text("schema", [](json& schema) { schema["task"] = "ranking"; })),
              HasSubstr("task 'ranking' is unknown"));
  EXPECT_EQ(message_for(changed([](json&) {})), "no error") << "the file is whole before it is changed";
}

/// The JSON library prints nested values by recursion: what is deep must be refused before it is printed.
TEST(ModelFile, RefusesDeepNesting) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  const std::string header = R"({"__metadata__":{"format":"gradus","format_version":"1"},"a":)" + nested(400'000) + "}";
  std::string bytes(8, '\0');
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  EXPECT_THAT(message_for(bytes + header), HasSubstr("nested"));
  EXPECT_THAT(message_for(changed([&](json& changed_header) {
                changed_header["__metadata__"]["network"] = R"({"inputs":)" + nested(400'000) + "}";
              })),
              HasSubstr("nested"));
}

TEST(ModelFile, RefusesNumbersThatAreNotFinite) {
  EXPECT_THAT(message_for(changed_text("preprocessing",
                                       [](json& scaling) {
                                         scaling["input_scale"] = {1e300, 1};
                                       })),
              HasSubstr("not a finite 32-bit float"));
  EXPECT_THAT(message_for(changed_text("training", [](json& training) { training["seed"] = -1; })),
              HasSubstr("whole number"));
  auto state = std::make_shared<ModelState>(internal::state_of(trained_model()));
  state->layers.front().front().front() = std::nanf("");
  EXPECT_THAT(message_for(saved(internal::model_of(state))), HasSubstr("holds NaN or infinity"));
}

TEST(ModelFile, DoesNotWaitForAPipe) {
  const TemporaryFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_THROW(static_cast<void>(Model::load(folder / "pipe")), FileError);
}

TEST(ModelFile, NamesTheFileThatCannotBeOpened) {
  const TemporaryFolder folder;
  const auto message = [](const std::filesystem::path& path) {
    try {
      static_cast<void>(Model::load(path));
    } catch (const FileError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_THAT(message(folder / "missing"),
              testing::AllOf(HasSubstr((folder / "missing").string()), HasSubstr("No such file")));
  EXPECT_THAT(message(folder.path()), HasSubstr("folder"));
  EXPECT_THAT(message("/dev/null"), HasSubstr("regular file"));
}

}  // namespace
}  // namespace gradus
