#include "backend/cpu/cpu_draws.hpp"

#include <vector>

#include "backend/cpu/augmentation_kernels.hpp"
#include "backend/cpu/dropout_kernels.hpp"
#include "backend/cpu/row_blocks.hpp"

namespace gradus::internal {

void CpuDraws::drop(const Dropout& dropout, ConstMatrix y, Matrix dropped, Matrix factors) {
  constexpr double kEffort = 4.0;  // drawing takes longer than reading and writing
  for_each_row_block(pool_, y.rows, elements(y.size(), kEffort), [&](const RowBlock& block) {
    const std::size_t first = block.rows.first * y.columns;
    drop_nodes(dropout, visits_ + block.rows.first, {y.data + first, block.rows.size(), y.columns}, dropped.data + first,
               factors.data + first);
  });
}

void CpuDraws::mix(const Mixup& mixup, ConstMatrix x, const ConstWeightedTargets& t, Matrix mixed,
                   const WeightedTargets& mixed_t) {
  if (x.rows == 0) return;
  const std::size_t distance = mixup.distance(visits_, x.rows);
  for_each_row_block(pool_, x.rows, elements(x.size()), [&](const RowBlock& block) {
    for (std::size_t row = block.rows.first; row < block.rows.last; ++row) {
      const float share = mixup.part(visits_ + row);
      const std::size_t partner = (row + distance) % x.rows;
      const auto mix_row = [&](const float* from, std::size_t columns, float* to) {
        internal::mix(share, from + row * columns, from + partner * columns, columns, to + row * columns);
      };
      mix_row(x.data, x.columns, mixed.data);
      mix_row(t.t.data, t.t.columns, mixed_t.t.data);
      if (t.weights != nullptr) mix_row(t.weights, 1, mixed_t.weights);
    }
  });
}

void CpuDraws::add_noise(const InputNoise& noise, ConstMatrix x, Matrix noisy) {
  constexpr double kEffort = 8.0;  // of drawing
  for_each_row_block(pool_, x.rows, elements(x.size(), kEffort), [&](const RowBlock& block) {
    const std::size_t first = block.rows.first * x.columns;
    internal::add_noise(noise, visits_ + block.rows.first, {x.data + first, block.rows.size(), x.columns},
                        noisy.data + first);
  });
}

/// Has working memory for each thread.
class CpuDraws::ImageDistorter final : public Distorter {
 public:
  ImageDistorter(const CpuDraws& draws, const ScaledDistortion& scaled)
      : draws_(draws),
        shift_(scaled.input_shift.begin(), scaled.input_shift.end()),
        scale_(scaled.input_scale.begin(), scaled.input_scale.end()),
        scaled_{scaled.distortion, shift_, scale_},
        scratch_size_(image_scratch(scaled_.distortion)),
        scratch_(draws.memory_, draws.pool_.threads() * scratch_size_) {}

  void apply(ConstMatrix images, Matrix x) override {
    constexpr double kEffort = 16.0;  // drawing, filtering and interpolating
    for_each_row_block(draws_.pool_, x.rows, elements(x.size(), kEffort), [&](const RowBlock& block) {
      float* const scratch = scratch_.data() + block.task * scratch_size_;
      for (std::size_t row = block.rows.first; row < block.rows.last; ++row)
        distort_image(scaled_, draws_.visits_ + row, images.data + row * x.columns, scratch, x.data + row * x.columns);
    });
  }

 private:
  const CpuDraws& draws_;
  std::vector<float> shift_;
  std::vector<float> scale_;
  ScaledDistortion scaled_;  // its spans are of the two vectors
  std::size_t scratch_size_;
  Buffer scratch_;
};

std::unique_ptr<Distorter> CpuDraws::make_distorter(const ScaledDistortion& distortion, std::size_t /*rows*/) {
  return std::make_unique<ImageDistorter>(*this, distortion);
}

}  // namespace gradus::internal
