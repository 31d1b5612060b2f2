#pragma once

#include <cstddef>
#include <string>

#include <fmt/format.h>

#include "data/data_testing.hpp"
#include "gradus/dataset.hpp"

namespace gradus::testing_support {

/// A table with numbers, names and missing values; the class depends on a name and a number.
inline std::string mixed_table(std::size_t samples) {
  std::string text = "size,colour,weight,kind\n";
  const char* const colours[] = {"red", "blue", "green"};
  for (std::size_t i = 0; i < samples; ++i) {
    const std::size_t size = i * 37 % 101;
    const std::size_t colour = i * 7 % 3;
    text += fmt::format("{},{},{},{}\n", i % 11 == 3 ? "" : std::to_string(size), i % 13 == 5 ? "NA" : colours[colour],
                        i * i % 17, (colour == 0) != (size > 50) ? "yes" : "no");
  }
  return text;
}

inline Dataset mixed_data(std::size_t samples) {
  return read_table(mixed_table(samples));
}

}  // namespace gradus::testing_support
