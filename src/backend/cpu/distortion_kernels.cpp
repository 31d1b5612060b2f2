#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backend/cpu/distortion_kernels.cpp"
#include <hwy/foreach_target.h>
// clang-format off: highway.h comes after foreach_target.h
#include <hwy/highway.h>
// clang-format on

#include "backend/cpu/augmentation_kernels.hpp"
#include "backend/cpu/philox-inl.hpp"
#include "backend/cpu/vector_loops-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace gradus::internal::HWY_NAMESPACE {

/// Working memory for one image. Rows are padded to whole vectors, and what is filtered has zeros around it.
struct DistortionMemory {
  std::size_t radius = 0;
  std::size_t row = 0;
  std::size_t noise_row = 0;
  // (height, noise_row): a field as it is drawn, `radius` zeros on its left, at least `radius` on its right
  float* noise = nullptr;
  float* filtered = nullptr;  // (height + 2 radius, row): along rows, `radius` rows of zeros above and below
  float* fields[2] = {};      // (height, row)
  float* places_x = nullptr;  // (row): where a row of the result is taken
  float* places_y = nullptr;
  std::size_t noise_size = 0;
  std::size_t filtered_size = 0;
  std::size_t field_size = 0;

  [[nodiscard]] std::size_t size() const { return noise_size + filtered_size + 2 * field_size + 2 * row; }
};

/// The sizes alone; the pointers are not set yet.
HWY_INLINE DistortionMemory plan_memory(const Distortion& distortion) {
  const Floats d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t height = distortion.filter.empty() ? 0 : distortion.height;
  DistortionMemory plan;
  plan.radius = distortion.filter.size() / 2;
  plan.row = (distortion.width + lanes - 1) / lanes * lanes;
  plan.noise_row = plan.row + 2 * plan.radius;
  plan.noise_size = height * plan.noise_row;
  plan.filtered_size = height == 0 ? 0 : (height + 2 * plan.radius) * plan.row;
  plan.field_size = height * plan.row;
  return plan;
}

HWY_INLINE DistortionMemory plan_memory(const Distortion& distortion, float* memory) {
  DistortionMemory plan = plan_memory(distortion);
  plan.noise = memory;
  plan.filtered = plan.noise + plan.noise_size;
  plan.fields[0] = plan.filtered + plan.filtered_size;
  plan.fields[1] = plan.fields[0] + plan.field_size;
  plan.places_x = plan.fields[1] + plan.field_size;
  plan.places_y = plan.places_x + plan.row;
  return plan;
}

std::size_t image_scratch(const Distortion& distortion) {
  return plan_memory(distortion).size();
}

/// Draws the field of one axis: uniform in ±1 within the image, and 0 around it.
HWY_INLINE void draw_field(const Distortion& distortion, std::uint64_t first_block, const DistortionMemory& memory) {
  const std::size_t pixels = distortion.pixels();
  std::fill_n(memory.noise, distortion.height * memory.noise_row, 0.0F);
  std::size_t y = 0;
  std::size_t x = 0;
  for (std::size_t done = 0; done < pixels; done += 4 * kBlocks) {
    PhiloxBlocks blocks;
    draw(distortion.displacements, first_block + done / 4, blocks);
    float values[4 * kBlocks];
    for (std::size_t word = 0; word < 4; ++word)
      for (std::size_t i = 0; i < kBlocks; ++i) values[4 * i + word] = to_signed_unit(blocks.words[word][i]);
    const std::size_t count = std::min(4 * kBlocks, pixels - done);
    for (std::size_t i = 0; i < count;) {
      const std::size_t piece = std::min(count - i, distortion.width - x);
      std::memcpy(memory.noise + y * memory.noise_row + memory.radius + x, values + i, piece * sizeof(float));
      i += piece;
      x += piece;
      if (x == distortion.width) {
        x = 0;
        ++y;
      }
    }
  }
}

/// to[x] = Σ_k filter[k] · from[x + k · step], in whole vectors.
HWY_INLINE void filter_row(const std::vector<float>& filter, const float* from, std::size_t step, std::size_t columns,
                           float* to) {
  const Floats d;
  for (std::size_t x = 0; x < columns; x += hn::Lanes(d)) {
    auto sum = hn::Zero(d);
    for (std::size_t k = 0; k < filter.size(); ++k)
      sum = hn::MulAdd(hn::Set(d, filter[k]), hn::LoadU(d, from + x + k * step), sum);
    hn::StoreU(sum, d, to + x);
  }
}

HWY_INLINE void make_fields(const Distortion& distortion, std::uint64_t visit, const DistortionMemory& memory) {
  const std::size_t height = distortion.height;
  const std::size_t around = memory.radius * memory.row;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    draw_field(distortion, (2 * visit + axis) * distortion.blocks_per_axis(), memory);
    std::fill_n(memory.filtered, around, 0.0F);
    std::fill_n(memory.filtered + around + height * memory.row, around, 0.0F);
    for (std::size_t y = 0; y < height; ++y)
      filter_row(distortion.filter, memory.noise + y * memory.noise_row, 1, memory.row,
                 memory.filtered + around + y * memory.row);
    for (std::size_t y = 0; y < height; ++y)
      filter_row(distortion.filter, memory.filtered + y * memory.row, memory.row, memory.row,
                 memory.fields[axis] + y * memory.row);
  }
}

/// places[x] = along · x + at + α · field[x], within 0 … last.
HWY_INLINE void place_row(float along, float at, float alpha, const float* field, float last, std::size_t columns,
                          float* places) {
  const Floats d;
  for (std::size_t x = 0; x < columns; x += hn::Lanes(d)) {
    auto place = hn::MulAdd(hn::Iota(d, static_cast<float>(x)), hn::Set(d, along), hn::Set(d, at));
    if (field != nullptr) place = hn::MulAdd(hn::Set(d, alpha), hn::LoadU(d, field + x), place);
    hn::StoreU(hn::Min(hn::Max(place, hn::Zero(d)), hn::Set(d, last)), d, places + x);
  }
}

void distort_image(const ScaledDistortion& scaled, std::uint64_t visit, const float* image, float* scratch, float* x) {
  const Distortion& distortion = scaled.distortion;
  const float* const shift = scaled.input_shift.data();
  const float* const scale = scaled.input_scale.data();
  const DistortionMemory memory = plan_memory(distortion, scratch);
  const bool is_elastic = !distortion.filter.empty();
  if (is_elastic) make_fields(distortion, visit, memory);
  const ImageTransform transform = image_transform(distortion, visit);
  const std::size_t width = distortion.width;
  const std::size_t channels = distortion.channels;
  const auto last_x = static_cast<float>(width - 1);
  const auto last_y = static_cast<float>(distortion.height - 1);
  for (std::size_t y = 0; y < distortion.height; ++y) {
    const auto down = static_cast<float>(y);
    const auto field = [&](std::size_t axis) { return is_elastic ? memory.fields[axis] + y * memory.row : nullptr; };
    place_row(transform.xx, transform.xy * down + transform.x0, distortion.elastic, field(0), last_x, memory.row,
              memory.places_x);
    place_row(transform.yx, transform.yy * down + transform.y0, distortion.elastic, field(1), last_y, memory.row,
              memory.places_y);
    for (std::size_t i = 0; i < width; ++i) {
      const float at_x = memory.places_x[i];
      const float at_y = memory.places_y[i];
      const auto left = static_cast<std::size_t>(static_cast<std::int32_t>(at_x));
      const auto top = static_cast<std::size_t>(static_cast<std::int32_t>(at_y));
      const std::size_t right = std::min(left + 1, width - 1);
      const std::size_t bottom = std::min(top + 1, distortion.height - 1);
      const float part_x = at_x - static_cast<float>(left);
      const float part_y = at_y - static_cast<float>(top);
      for (std::size_t channel = 0; channel < channels; ++channel) {
        const auto pixel = [&](std::size_t row, std::size_t column) {
          return image[(row * width + column) * channels + channel];
        };
        const float above = pixel(top, left) + part_x * (pixel(top, right) - pixel(top, left));
        const float below = pixel(bottom, left) + part_x * (pixel(bottom, right) - pixel(bottom, left));
        const std::size_t input = (y * width + i) * channels + channel;
        x[input] = (above + part_y * (below - above) - shift[input]) * scale[input];
      }
    }
  }
}

}  // namespace gradus::internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gradus::internal {

HWY_EXPORT(distort_image);
HWY_EXPORT(image_scratch);

std::size_t image_scratch(const Distortion& distortion) {
  return HWY_DYNAMIC_DISPATCH(image_scratch)(distortion);
}

void distort_image(const ScaledDistortion& scaled, std::uint64_t visit, const float* image, float* scratch, float* x) {
  HWY_DYNAMIC_DISPATCH(distort_image)(scaled, visit, image, scratch, x);
}

}  // namespace gradus::internal
#endif
