// Distorted images. For each pixel of each image two displacements are drawn and written (8 bytes), smoothed along rows (8
// read and 8 written; the filter's other reads hit a cache), and smoothed along columns where they are used (8 read), beside
// the four pixels that are interpolated between (4 bytes from memory, the rest from a cache) and the result (4 written): 40
// bytes, or 8 without displacements. What is between the kernels is four times as large as the images, which a GPU's second
// cache holds of a minibatch.

#include "device.cuh"
#include "launchers/augmentation.hpp"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

using internal::DistortionWith;
using internal::ImageMotion;
using internal::ImageTransform;
using Distortion = DistortionWith<DeviceFilter>;

/// Where each image of the result is taken: one thread each.
__global__ void image_transforms_kernel(Distortion how, const unsigned long long* __restrict__ visits, std::size_t first_row,
                                        std::size_t rows, ImageTransform* __restrict__ transforms) {
  const unsigned long long first_visit = *visits + first_row;
  const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < rows; i += stride) {
    const ImageMotion motion = image_motion(how, first_visit + i);
    const float half_turns = motion.rotation / 180.0F;
    transforms[i] = image_transform(how, motion, cospif(half_turns), sinpif(half_turns));
  }
}

/// Displacements of both axes, uniform in ±1: four words for each thread and round.
__global__ void draw_displacements_kernel(Distortion how, const unsigned long long* __restrict__ visits,
                                          std::size_t first_row, std::size_t rows, float* __restrict__ drawn) {
  const auto pixels = static_cast<unsigned>(how.pixels());
  const auto blocks = static_cast<unsigned>(how.blocks_per_axis());
  const unsigned long long first_field = 2 * (*visits + first_row);
  const std::size_t size = 2 * rows * blocks;
  const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < size; i += stride) {
    const std::size_t field = i / blocks;
    const auto block = static_cast<unsigned>(i - field * blocks);
    const internal::RandomWords words = how.displacements.block((first_field + field) * blocks + block);
    for (unsigned k = 0; k < 4; ++k)
      if (4 * block + k < pixels) drawn[field * pixels + 4 * block + k] = internal::to_signed_unit(words[k]);
  }
}

/// Smooths them along rows.
__global__ void smooth_rows_kernel(Distortion how, const float* __restrict__ drawn, std::size_t rows,
                                   float* __restrict__ smoothed) {
  const std::size_t size = 2 * rows * how.pixels();
  const int radius = static_cast<int>(how.filter.size / 2);
  const auto width = static_cast<int>(how.width);
  const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < size; i += stride) {
    const auto x = static_cast<int>(i % how.width);
    float sum = 0.0F;
    for (int k = max(-radius, -x); k <= min(radius, width - 1 - x); ++k)
      sum += how.filter.values[k + radius] * drawn[static_cast<std::ptrdiff_t>(i) + k];
    smoothed[i] = sum;
  }
}

/// A field smoothed along columns too, at a pixel: where it is in `field`, and its row.
__device__ float displacement(const Distortion& how, const float* field, unsigned pixel, int y) {
  const int radius = static_cast<int>(how.filter.size / 2);
  const auto height = static_cast<int>(how.height);
  const auto width = static_cast<std::ptrdiff_t>(how.width);
  float sum = 0.0F;
  for (int k = max(-radius, -y); k <= min(radius, height - 1 - y); ++k)
    sum += how.filter.values[k + radius] * field[static_cast<std::ptrdiff_t>(pixel) + k * width];
  return sum;
}

/// One pixel for each thread and round.
__global__ void distort_kernel(DistortedImages work,
                               const float* __restrict__ images,  // (rows, height, width, channels), as x and rounded
                               float* __restrict__ x, Bf16* __restrict__ rounded) {
  const Distortion& how = work.distortion;
  const auto pixels = static_cast<unsigned>(how.pixels());
  const auto height = static_cast<unsigned>(how.height);
  const auto width = static_cast<unsigned>(how.width);
  const auto channels = static_cast<unsigned>(how.channels);
  const std::size_t size = work.rows * pixels;
  const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < size; i += stride) {
    const std::size_t row = i / pixels;
    const auto pixel = static_cast<unsigned>(i - row * pixels);
    const unsigned down = pixel / width;
    const auto along = static_cast<float>(pixel - down * width);
    const ImageTransform transform = work.transforms[row];
    float at_x = transform.xx * along + transform.xy * static_cast<float>(down) + transform.x0;
    float at_y = transform.yx * along + transform.yy * static_cast<float>(down) + transform.y0;
    if (how.filter.size > 0) {
      const float* const fields = work.smoothed + 2 * row * pixels;
      at_x += how.elastic * displacement(how, fields, pixel, static_cast<int>(down));
      at_y += how.elastic * displacement(how, fields + pixels, pixel, static_cast<int>(down));
    }
    at_x = fminf(fmaxf(at_x, 0.0F), static_cast<float>(width - 1));
    at_y = fminf(fmaxf(at_y, 0.0F), static_cast<float>(height - 1));
    const auto left = static_cast<unsigned>(at_x);
    const auto top = static_cast<unsigned>(at_y);
    const unsigned right = min(left + 1, width - 1);
    const unsigned bottom = min(top + 1, height - 1);
    const float part_x = at_x - static_cast<float>(left);
    const float part_y = at_y - static_cast<float>(top);
    const float* const image = images + row * pixels * channels;
    for (unsigned channel = 0; channel < channels; ++channel) {
      const auto value = [&](unsigned y, unsigned column) {
        return image[(std::size_t{y} * width + column) * channels + channel];
      };
      const float above = value(top, left) + part_x * (value(top, right) - value(top, left));
      const float below = value(bottom, left) + part_x * (value(bottom, right) - value(bottom, left));
      const std::size_t input = std::size_t{pixel} * channels + channel;
      const float result = (above + part_y * (below - above) - work.input_shift[input]) * work.input_scale[input];
      x[i * channels + channel] = result;
      if (rounded != nullptr) rounded[i * channels + channel] = round_to_bf16(result);
    }
  }
}

}  // namespace

void launch_distort(const DistortedImages& images, const On& on) {
  check_limits(on.streaming, kStreamingGrid.blocks, "launch_distort: limits");
  const Distortion& how = images.distortion;
  const bool fits = how.height <= Distortion::kMostSide && how.width <= Distortion::kMostSide &&
                    how.channels <= kMostColumns && how.pixels() <= kMostColumns &&
                    how.pixels() * how.channels <= kMostColumns;
  check(fits ? cudaSuccess : cudaErrorInvalidValue, "launch_distort: size of the images");
  const std::size_t rows = images.rows;
  if (rows == 0) return;
  const auto over = [&](std::size_t size) {
    return Launch{.grid = streaming_blocks(size, 1, on.streaming), .block = on.streaming.block, .stream = on.stream};
  };
  launch(image_transforms_kernel, over(rows), how, images.visits, images.first_row, rows, images.transforms);
  if (how.filter.size > 0) {
    launch(draw_displacements_kernel, over(2 * rows * how.blocks_per_axis()), how, images.visits, images.first_row, rows,
           images.drawn);
    launch(smooth_rows_kernel, over(2 * rows * how.pixels()), how, images.drawn, rows, images.smoothed);
  }
  launch(distort_kernel, over(rows * how.pixels()), images, images.images, images.x, images.rounded);
}

}  // namespace gradus::kernels
