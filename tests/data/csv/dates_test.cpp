#include "data/csv/dates.hpp"

#include <string>

#include <gtest/gtest.h>

namespace gradus::internal {
namespace {

TEST(Dates, AreFound) {
  for (const std::string text : {"2026-11-25",       "2026/1/5",
                                 "25.11.2026",       "25/11/26",
                                 "11/25/2026",       "1-Jan-2026",
                                 "Nov 25, 2026",     "5 January 2026",
                                 "2026-Sep-03",      "14:30",
                                 "9:05:59",          "14:30:05.123",
                                 "2026-11-25 14:30", "2026-11-25T14:30:05Z",
                                 "25.11.2026 9:30",  "2026-11-25T14:30:05+01:00",
                                 "2026-11",          "2026/01",
                                 "Nov 2026",         "Mon, 05 Jan 2026",
                                 "Tuesday 1.2.2026", "2:15 pm",
                                 " 2026-11-25 "})
    EXPECT_TRUE(is_date(text)) << text;
}

TEST(Dates, OtherTextsAreNone) {
  for (const std::string text : {"",          "red",         "3",       "3.5",     "-1.5e3", "a-b-c",       "192.168.1.1",
                                 "1-2",       "2026-13",     "1234-56", "3026-11", "Mon",    "monday, red", "2026-13-01",
                                 "32.1.2026", "2026-11-25x", "12a",     "1 2 3",   "march",  "13/14/2026",  "10:99",
                                 "ratio 1:2", "2026-11/25",  "v1.2.3",  "1.2.345", "May",    "--",          "T"})
    EXPECT_FALSE(is_date(text)) << text;
}

}  // namespace
}  // namespace gradus::internal
