#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "backend/cuda/captured_work.hpp"
#include "backend/planning.hpp"
#include "gradus/device.hpp"
#include "gradus/error.hpp"
#include "gradus/network_spec.hpp"
#include "model/model_state.hpp"
#include "network/parameters.hpp"
#include "network/propagation.hpp"
#include "workloads.hpp"

namespace gradus::bench {

/// Training as the Trainer does it, step by step, on random data.
class Training {
 public:
  Training(internal::Backend& backend, const Workload& workload)
      : backend_(backend),
        batch_(workload.batch),
        bytes_(random_bytes(workload.samples * workload.widths.front())),
        labels_(all_classes(workload.samples, workload.widths.back())),
        shift_(workload.widths.front(), 0.0F),
        scale_(workload.widths.front(), 1.0F / 255.0F),
        rows_(workload.samples),
        parameters_(backend, internal::dense_layers(workload.widths)) {
    const auto& widths = workload.widths;
    std::iota(rows_.begin(), rows_.end(), 0U);
    std::vector<LayerParameters> layers;
    for (std::size_t l = 1; l < widths.size(); ++l)
      layers.push_back({random_floats(widths[l] * widths[l - 1], 1.7 / std::sqrt(static_cast<double>(widths[l - 1]))),
                        random_floats(widths[l], 0.1)});
    parameters_.upload(backend, layers);
    NetworkSpec network;
    network.inputs = widths.front();
    network.hidden.assign(widths.begin() + 1, widths.end() - 1);
    network.outputs = widths.back();
    network.output_activation = workload.output_activation;
    const std::size_t rows = internal::rows_at_once(widths, batch_, internal::floats_at_once(Device::cuda()));
    if (rows < batch_) throw UsageError(fmt::format("{}: the GPU's memory is too small for the batch", workload.name));
    propagation_ =
        std::make_unique<internal::Propagation>(backend, network, parameters_, batch_, internal::Purpose::training);
    internal::SampleSource source;
    source.samples = workload.samples;
    source.rows = rows_;
    source.features = widths.front();
    source.outputs = widths.back();
    source.bytes = bytes_.data();
    source.labels = labels_.data();
    source.input_shift = shift_.data();
    source.input_scale = scale_.data();
    step_ = backend.make_repetition();
    samples_ = backend.hold(source, at_once() * batch_);
    backend.verbs().set_rate(0.01F);
    if (is_full_batch()) {  // which never changes, and is gathered once
      samples_->in_order();
      samples_->prepare(batch_);
      propagation_->load(*samples_, batch_);
    }
  }

  internal::Parameters& parameters() { return parameters_; }
  [[nodiscard]] bool is_full_batch() const { return batch_ == rows_.size(); }
  /// Those of whole batches; no limit for a full batch.
  [[nodiscard]] std::size_t steps_per_epoch() const { return is_full_batch() ? kNoLimit : rows_.size() / batch_; }
  [[nodiscard]] std::size_t steps_left() const { return is_full_batch() ? kNoLimit : left_ / batch_; }

  void begin_epoch() {
    samples_->shuffle({1, internal::RandomPurpose::sample_order, epoch_++});
    left_ = rows_.size();
  }

  /// How many steps the trainer begins at once: small batches, until they are some thousand samples.
  [[nodiscard]] std::size_t at_once() const {
    return is_full_batch() ? 1 : std::clamp<std::size_t>(kSamplesAtOnce / batch_, 1, kMostAtOnce);
  }

  /// At most at_once() and steps_left().
  void step(std::size_t count) {
    if (!is_full_batch()) samples_->prepare(count * batch_);
    step_->run(count, [this] {
      if (!is_full_batch()) propagation_->load(*samples_, batch_);
      propagation_->descend();
    });
    if (!is_full_batch()) left_ -= count * batch_;
    steps_ += count;
  }

  /// Kernels and copies of a step, once steps are replayed.
  [[nodiscard]] std::size_t nodes_per_step() const { return dynamic_cast<internal::cuda::CapturedWork&>(*step_).nodes(); }

  /// The mean cost of all steps so far.
  double cost() { return backend_.verbs().take_cost() / static_cast<double>(batch_ * std::max<std::size_t>(steps_, 1)); }

 private:
  static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t kSamplesAtOnce = 4096;
  static constexpr std::size_t kMostAtOnce = 64;

  internal::Backend& backend_;
  std::size_t batch_;
  std::vector<std::uint8_t> bytes_;
  std::vector<std::int32_t> labels_;
  std::vector<float> shift_;
  std::vector<float> scale_;
  std::vector<std::uint32_t> rows_;
  internal::Parameters parameters_;
  std::unique_ptr<internal::Propagation> propagation_;
  std::unique_ptr<internal::Samples> samples_;
  std::unique_ptr<internal::Repetition> step_;
  std::uint32_t epoch_ = 0;
  std::size_t left_ = 0;
  std::size_t steps_ = 0;
};

}  // namespace gradus::bench
