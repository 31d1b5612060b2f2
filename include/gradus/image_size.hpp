#pragma once

#include <cstddef>

namespace gradus {

/// The size of an image in pixels. A sample holds its image row by row from the top, each row from the left; the values of
/// one pixel (its channels, if there are several) are side by side.
struct ImageSize {
  std::size_t height = 0;
  std::size_t width = 0;

  bool operator==(const ImageSize&) const = default;
};

}  // namespace gradus
