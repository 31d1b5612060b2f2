#pragma once

#include <cstddef>

namespace gradus {

/// How the inputs of a sample are an image: row by row from the top, each row from the left, the values of one pixel (its
/// channels, if there are several) side by side.
struct ImageSize {
  std::size_t height = 0;
  std::size_t width = 0;

  bool operator==(const ImageSize&) const = default;
};

}  // namespace gradus
