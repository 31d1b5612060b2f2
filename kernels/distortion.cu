// Distorted images. Of each pixel of each image: two displacements are drawn and written (8 bytes), smoothed along rows (8
// read and 8 written; the filter's other reads hit a cache), and smoothed along columns where they are used (8 read), beside
// the four pixels that are interpolated between (4 bytes from memory, the rest from a cache) and the result (4 written): 40
// bytes, or 8 without displacements. What is between the kernels is four times as large as the images, which a GPU's second
// cache holds of a minibatch.

#include "device.cuh"
#include "launchers.hpp"
#include "philox.cuh"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

/// Uniform in [−1, 1].
__device__ float signed_unit(std::uint32_t word) {
  return static_cast<float>(static_cast<std::int32_t>(word)) * 0x1p-31F;
}

/// Where each image of the result is taken: one thread each.
__global__ void image_transforms_kernel(ImageDistortion how, const unsigned long long* __restrict__ visits,
                                        std::size_t rows) {
  const unsigned long long first_visit = *visits + how.first_row;
  const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < rows; i += stride) {
    const PhiloxBlock first = draw(how.transform_key, 2 * (first_visit + i));
    const PhiloxBlock second = draw(how.transform_key, 2 * (first_visit + i) + 1);
    const float shift_x = how.shift * signed_unit(first.at[0]);
    const float shift_y = how.shift * signed_unit(first.at[1]);
    const float half_turns = how.rotation * signed_unit(first.at[2]) / 180.0F;
    const float zoom_x = 1.0F / (1.0F + how.scaling * signed_unit(first.at[3]));
    const float zoom_y = 1.0F / (1.0F + how.scaling * signed_unit(second.at[0]));
    const float cosine = cospif(half_turns);
    const float sine = sinpif(half_turns);
    const float centre_x = 0.5F * static_cast<float>(how.width - 1);
    const float centre_y = 0.5F * static_cast<float>(how.height - 1);
    ImageTransform transform;
    transform.xx = zoom_x * cosine;
    transform.xy = zoom_x * sine;
    transform.yx = -zoom_y * sine;
    transform.yy = zoom_y * cosine;
    transform.x0 = centre_x - shift_x - transform.xx * centre_x - transform.xy * centre_y;
    transform.y0 = centre_y - shift_y - transform.yx * centre_x - transform.yy * centre_y;
    how.transforms[i] = transform;
  }
}

/// Displacements of both axes, uniform in ±1: four words for each thread and round.
__global__ void draw_displacements_kernel(ImageDistortion how, const unsigned long long* __restrict__ visits,
                                          std::size_t rows) {
  const unsigned pixels = how.height * how.width;
  const unsigned blocks = (pixels + 3) / 4;  // of a field
  const unsigned long long first_field = 2 * (*visits + how.first_row);
  const std::size_t size = 2 * rows * blocks;
  const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < size; i += stride) {
    const std::size_t field = i / blocks;
    const auto block = static_cast<unsigned>(i - field * blocks);
    const PhiloxBlock words = draw(how.displacement_key, (first_field + field) * blocks + block);
    for (unsigned k = 0; k < 4; ++k)
      if (4 * block + k < pixels) how.drawn[field * pixels + 4 * block + k] = signed_unit(words.at[k]);
  }
}

/// Smooths them along rows.
__global__ void smooth_rows_kernel(ImageDistortion how, std::size_t rows) {
  const std::size_t size = 2 * rows * how.height * how.width;
  const int radius = static_cast<int>(how.taps / 2);
  const auto width = static_cast<int>(how.width);
  const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < size; i += stride) {
    const auto x = static_cast<int>(i % how.width);
    float sum = 0.0F;
    for (int k = max(-radius, -x); k <= min(radius, width - 1 - x); ++k)
      sum += how.filter[k + radius] * how.drawn[static_cast<std::ptrdiff_t>(i) + k];
    how.smoothed[i] = sum;
  }
}

/// A field smoothed along columns too, at a pixel: where it is in `field`, and its row.
__device__ float displacement(const ImageDistortion& how, const float* field, unsigned pixel, int y) {
  const int radius = static_cast<int>(how.taps / 2);
  const auto height = static_cast<int>(how.height);
  float sum = 0.0F;
  for (int k = max(-radius, -y); k <= min(radius, height - 1 - y); ++k)
    sum += how.filter[k + radius] * field[static_cast<std::ptrdiff_t>(pixel) + static_cast<std::ptrdiff_t>(k) * how.width];
  return sum;
}

/// One pixel for each thread and round.
__global__ void distort_kernel(ImageDistortion how,
                               const float* __restrict__ images,  // (rows, height, width, channels), as x and rounded
                               std::size_t rows, float* __restrict__ x, Bf16* __restrict__ rounded) {
  const unsigned pixels = how.height * how.width;
  const std::size_t size = rows * pixels;
  const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < size; i += stride) {
    const std::size_t row = i / pixels;
    const auto pixel = static_cast<unsigned>(i - row * pixels);
    const unsigned down = pixel / how.width;
    const auto along = static_cast<float>(pixel - down * how.width);
    const ImageTransform transform = how.transforms[row];
    float at_x = transform.xx * along + transform.xy * static_cast<float>(down) + transform.x0;
    float at_y = transform.yx * along + transform.yy * static_cast<float>(down) + transform.y0;
    if (how.taps > 0) {
      const float* const fields = how.smoothed + 2 * row * pixels;
      at_x += how.elastic * displacement(how, fields, pixel, static_cast<int>(down));
      at_y += how.elastic * displacement(how, fields + pixels, pixel, static_cast<int>(down));
    }
    at_x = fminf(fmaxf(at_x, 0.0F), static_cast<float>(how.width - 1));
    at_y = fminf(fmaxf(at_y, 0.0F), static_cast<float>(how.height - 1));
    const auto left = static_cast<unsigned>(at_x);
    const auto top = static_cast<unsigned>(at_y);
    const unsigned right = min(left + 1, how.width - 1);
    const unsigned bottom = min(top + 1, how.height - 1);
    const float part_x = at_x - static_cast<float>(left);
    const float part_y = at_y - static_cast<float>(top);
    const float* const image = images + row * pixels * how.channels;
    for (unsigned channel = 0; channel < how.channels; ++channel) {
      const auto value = [&](unsigned y, unsigned column) {
        return image[(std::size_t{y} * how.width + column) * how.channels + channel];
      };
      const float above = value(top, left) + part_x * (value(top, right) - value(top, left));
      const float below = value(bottom, left) + part_x * (value(bottom, right) - value(bottom, left));
      const std::size_t input = std::size_t{pixel} * how.channels + channel;
      const float result = (above + part_y * (below - above) - how.input_shift[input]) * how.input_scale[input];
      x[i * how.channels + channel] = result;
      if (rounded != nullptr) rounded[i * how.channels + channel] = round_to_bf16(result);
    }
  }
}

}  // namespace

void launch_distort(const ImageDistortion& how, const unsigned long long* visits, const float* images, std::size_t rows,
                    float* x, Bf16* rounded, cudaStream_t stream, GridLimits limits) {
  check_limits(limits, kStreamingGrid.blocks, "launch_distort: limits");
  const bool fits = std::uint64_t{how.height} * how.width <= kMostColumns &&
                    std::uint64_t{how.height} * how.width * how.channels <= kMostColumns;
  check(fits ? cudaSuccess : cudaErrorInvalidValue, "launch_distort: size of the images");
  if (rows == 0) return;
  const std::size_t pixels = std::size_t{how.height} * how.width;
  const auto over = [&](std::size_t size) {
    return Launch{.grid = streaming_blocks(size, 1, limits), .block = limits.block, .stream = stream};
  };
  launch(image_transforms_kernel, over(rows), how, visits, rows);
  if (how.taps > 0) {
    launch(draw_displacements_kernel, over(2 * rows * divide_up(pixels, 4)), how, visits, rows);
    launch(smooth_rows_kernel, over(2 * rows * pixels), how, rows);
  }
  launch(distort_kernel, over(rows * pixels), how, images, rows, x, rounded);
}

}  // namespace gradus::kernels
