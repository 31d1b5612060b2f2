#pragma once

// What training does to its samples, by plain loops in double.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

#include "backend/distortion.hpp"
#include "formulas/input_noise.hpp"
#include "formulas/mixup.hpp"

namespace gradus::reference {

using internal::Distortion;
using internal::InputNoise;
using internal::Mixup;
using internal::RandomSequence;
using internal::ScaledDistortion;

/// In [0, 1).
inline double unit(std::uint32_t word) {
  return static_cast<double>(word >> 8) * 0x1p-24;
}

/// In [−1, 1].
inline double signed_unit(std::uint32_t word) {
  return static_cast<double>(static_cast<std::int32_t>(word)) * 0x1p-31;
}

inline std::uint32_t word_of(const RandomSequence& sequence, std::uint64_t first_block, std::size_t i) {
  return sequence.block(first_block + i / 4)[i % 4];
}

/// x (…, columns) with noise; its first row is this visit.
inline std::vector<double> with_noise(const InputNoise& noise, const std::vector<float>& x, std::size_t columns,
                                      std::uint64_t visit) {
  std::vector<double> noisy;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t j = i % columns;
    const std::uint64_t first = (visit + i / columns) * ((columns + 3) / 4);
    const double u = unit(word_of(noise.draws, first, j / 2 * 2)) + 0x1p-24;
    const double angle = 2.0 * std::numbers::pi * unit(word_of(noise.draws, first, j / 2 * 2 + 1));
    noisy.push_back(static_cast<double>(x[i]) + static_cast<double>(noise.deviation) * std::sqrt(-2.0 * std::log(u)) *
                                                    (j % 2 == 0 ? std::cos(angle) : std::sin(angle)));
  }
  return noisy;
}

/// values (rows, columns), mixed; the first row is this visit.
inline std::vector<double> mixed_rows(const Mixup& mixup, const std::vector<float>& values, std::size_t columns,
                                      std::uint64_t visit) {
  const std::size_t rows = values.size() / columns;
  const std::size_t distance =
      rows < 2 ? 0 : 1 + static_cast<std::size_t>(std::uint64_t{mixup.partners.block(visit)[0]} * (rows - 1) >> 32);
  std::vector<double> mixed;
  for (std::size_t row = 0; row < rows; ++row) {
    const double u = unit(mixup.draws.block((visit + row) / 4)[(visit + row) % 4]);
    const double place = std::min(u, 1.0 - u) * 512.0;
    const auto k = std::min<std::size_t>(static_cast<std::size_t>(place), 255);
    const auto low = static_cast<double>(mixup.quantiles.at[k]);
    const double smaller = low + (place - static_cast<double>(k)) * (static_cast<double>(mixup.quantiles.at[k + 1]) - low);
    const double part = u > 0.5 ? 1.0 - smaller : smaller;
    for (std::size_t j = 0; j < columns; ++j)
      mixed.push_back(part * static_cast<double>(values[row * columns + j]) +
                      (1.0 - part) * static_cast<double>(values[(row + distance) % rows * columns + j]));
  }
  return mixed;
}

/// Images (…, height, width, channels), distorted and scaled; the first one is this visit.
inline std::vector<double> distorted_images(const ScaledDistortion& scaled, const std::vector<float>& images,
                                            std::uint64_t visit) {
  const Distortion& how = scaled.distortion;
  const auto height = static_cast<std::ptrdiff_t>(how.height);
  const auto width = static_cast<std::ptrdiff_t>(how.width);
  const auto radius = static_cast<std::ptrdiff_t>(how.filter.size() / 2);
  const std::size_t inputs = how.pixels() * how.channels;
  std::vector<double> result;
  for (std::size_t row = 0; row < images.size() / inputs; ++row, ++visit) {
    const auto drawn = [&](std::size_t i) { return signed_unit(word_of(how.transforms, 2 * visit, i)); };
    const double angle = static_cast<double>(how.rotation) * drawn(2) * std::numbers::pi / 180.0;
    const auto displacement = [&](std::size_t axis, std::ptrdiff_t x, std::ptrdiff_t y) {
      double sum = 0.0;
      for (std::ptrdiff_t dy = -radius; dy <= radius; ++dy)
        for (std::ptrdiff_t dx = -radius; dx <= radius; ++dx)
          if (!how.filter.empty() && x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height)
            sum += static_cast<double>(how.filter[static_cast<std::size_t>(dx + radius)]) *
                   static_cast<double>(how.filter[static_cast<std::size_t>(dy + radius)]) *
                   signed_unit(word_of(how.displacements, (2 * visit + axis) * ((how.pixels() + 3) / 4),
                                       static_cast<std::size_t>((y + dy) * width + x + dx)));
      return static_cast<double>(how.elastic) * sum;
    };
    for (std::ptrdiff_t y = 0; y < height; ++y)
      for (std::ptrdiff_t x = 0; x < width; ++x) {
        const double centre_x = static_cast<double>(width - 1) / 2.0;
        const double centre_y = static_cast<double>(height - 1) / 2.0;
        const double from_x = static_cast<double>(x) - centre_x;
        const double from_y = static_cast<double>(y) - centre_y;
        const double zoom_x = 1.0 / (1.0 + static_cast<double>(how.scaling) * drawn(3));
        const double zoom_y = 1.0 / (1.0 + static_cast<double>(how.scaling) * drawn(4));
        const double at_x = centre_x + zoom_x * (std::cos(angle) * from_x + std::sin(angle) * from_y) -
                            static_cast<double>(how.shift) * drawn(0) + displacement(0, x, y);
        const double at_y = centre_y + zoom_y * (-std::sin(angle) * from_x + std::cos(angle) * from_y) -
                            static_cast<double>(how.shift) * drawn(1) + displacement(1, x, y);
        for (std::size_t channel = 0; channel < how.channels; ++channel) {
          const auto pixel = [&](double column, double line) {
            const auto i = std::clamp(static_cast<std::ptrdiff_t>(column), std::ptrdiff_t{0}, width - 1);
            const auto j = std::clamp(static_cast<std::ptrdiff_t>(line), std::ptrdiff_t{0}, height - 1);
            return static_cast<double>(
                images[row * inputs + static_cast<std::size_t>(j * width + i) * how.channels + channel]);
          };
          const double left = std::floor(std::clamp(at_x, 0.0, static_cast<double>(width - 1)));
          const double top = std::floor(std::clamp(at_y, 0.0, static_cast<double>(height - 1)));
          const double part_x = std::clamp(at_x, 0.0, static_cast<double>(width - 1)) - left;
          const double part_y = std::clamp(at_y, 0.0, static_cast<double>(height - 1)) - top;
          const double value = (1.0 - part_y) * ((1.0 - part_x) * pixel(left, top) + part_x * pixel(left + 1.0, top)) +
                               part_y * ((1.0 - part_x) * pixel(left, top + 1.0) + part_x * pixel(left + 1.0, top + 1.0));
          const std::size_t input = static_cast<std::size_t>(y * width + x) * how.channels + channel;
          result.push_back((value - static_cast<double>(scaled.input_shift[input])) *
                           static_cast<double>(scaled.input_scale[input]));
        }
      }
  }
  return result;
}

}  // namespace gradus::reference
