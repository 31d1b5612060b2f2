// Every call that the CUDA backend makes fails once: each time there is an error of ours, and nothing is left behind.

#include <cstdint>
#include <gmock/gmock.h>
#include <numeric>
#include <string>
#include <vector>

#include "backend/cuda/cuda_backend.hpp"
#include "backend_under_test.hpp"
#include "cuda_emulation/control.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

/// Weights alone.
ParameterPlan plan_of(std::size_t size) {
  ParameterPlan plan;
  plan.decaying = {{0, size}};
  plan.decaying_end = plan.size = size;
  return plan;
}

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t kSamples = 6;
constexpr std::size_t kBatch = 4;
constexpr std::size_t kInputs = 5;
constexpr std::size_t kOutputs = 3;

/// All verbs of random draws but mix, from `inputs` to `made` of the same shape.
void draw(Backend& backend, Matrix inputs, Matrix made) {
  const auto draws = backend.make_draws();
  draws->load(3);
  Buffer factors(backend, inputs.size());
  draws->drop({{1, RandomPurpose::dropout, 1}, 0.5F}, inputs, made, {factors.data(), inputs.rows, inputs.columns});
  draws->add_noise({{1, RandomPurpose::input_noise, 0}, 0.5F}, inputs, made);
  Distortion distortion{.transforms = {1, RandomPurpose::distortion, 0},
                        .displacements = {1, RandomPurpose::displacement, 0}};
  distortion.height = 1;
  distortion.width = inputs.columns;
  distortion.channels = 1;
  distortion.elastic = 1.0F;
  distortion.filter = gaussian_filter(0.5);
  const std::vector<float> zeros(inputs.columns, 0.0F);
  draws->make_distorter({distortion, zeros, zeros}, inputs.rows)->apply(inputs, made);
  draws->advance(inputs.rows);
  EXPECT_EQ(draws->save(), 3 + inputs.rows);
}

/// All verbs, as a step of training calls them.
void train_a_step(Precision precision) {
  cuda::CudaBackend backend(0, precision, 32);
  const auto inputs = random_values(kSamples * kInputs, 1);
  const auto targets = random_values(kSamples * kOutputs, 2);
  const std::vector<float> zeros(kInputs, 0.0F);
  const std::vector<float> ones(kInputs, 1.0F);
  SampleSource source;
  source.samples = kSamples;
  source.features = kInputs;
  source.outputs = kOutputs;
  source.floats = inputs.data();
  source.targets = targets.data();
  source.input_shift = source.target_shift = zeros.data();
  source.input_scale = source.target_scale = ones.data();
  std::vector<std::uint32_t> order(kSamples);
  std::iota(order.begin(), order.end(), 0U);
  source.rows = order;
  const auto samples = backend.hold(source, kBatch);
  samples->in_order();

  Buffer x(backend, kBatch * kInputs);
  Buffer t(backend, kBatch * kOutputs);
  Buffer y(backend, kBatch * kOutputs);
  Buffer delta(backend, kBatch * kOutputs);
  Buffer delta_before(backend, kBatch * kInputs);
  Buffer w(backend, kOutputs * kInputs);
  Buffer b(backend, kOutputs);
  Buffer b_before(backend, kInputs);
  Buffer gradient(backend, kOutputs * kInputs);
  Buffer kept(backend, kBatch * kOutputs);
  backend.upload(random_values(kOutputs * kInputs, 3), w.data());
  const Matrix inputs_now{x.data(), kBatch, kInputs};
  const Matrix outputs{y.data(), kBatch, kOutputs};
  const Matrix errors{delta.data(), kBatch, kOutputs};
  const Matrix weights{w.data(), kOutputs, kInputs};
  const std::span<float> biases{b.data(), kOutputs};
  const auto repetition = backend.make_repetition();
  for (int i = 0; i < 3; ++i) {
    samples->shuffle({1, RandomPurpose::sample_order, static_cast<std::uint32_t>(i)});
    samples->prepare(kBatch);
    repetition->run(1, [&] { samples->gather(inputs_now, Matrix{t.data(), kBatch, kOutputs}); });
  }
  backend.verbs().set_rate(0.5F);
  backend.verbs().forward(inputs_now, weights, biases, Activation::sigmoid, outputs);
  backend.verbs().output_error(outputs, Matrix{t.data(), kBatch, kOutputs}, Loss::mse, Activation::sigmoid, errors,
                               BiasUpdate::descent(biases));
  backend.verbs().hidden_error(errors, weights, inputs_now, Activation::tanh, {delta_before.data(), kBatch, kInputs},
                               BiasUpdate::gradient({b_before.data(), kInputs}, 1.0F, 0.0F));
  backend.verbs().descend(inputs_now, errors, weights);
  backend.verbs().gradient(inputs_now, errors, 1.0F, 0.0F, {gradient.data(), kOutputs, kInputs});
  backend.verbs().gradient({x.data(), 0, kInputs}, {delta.data(), 0, kOutputs}, 1.0F, 1.0F, weights);
  // The optimizer with the most kernels, which is LAMB with clipping; and softmax with what is kept.
  OptimizerSettings settings;
  settings.kind = Optimizer::lamb;
  settings.epsilon = 1e-3F;
  settings.clip_norm = 0.1F;
  const auto optimizer = backend.make_optimizer(settings, plan_of(w.size()));
  optimizer->step(gradient.span(), w.span());
  backend.verbs().forward(inputs_now, weights, biases, Activation::softmax, {outputs, kept.data()});
  optimizer->load(optimizer->save());
  draw(backend, inputs_now, {delta_before.data(), kBatch, kInputs});
  std::vector<float> found(w.size());
  backend.download(w.data(), found);
  EXPECT_GT(backend.verbs().take_cost(), 0.0);
}

class CudaFaults : public testing::TestWithParam<Precision> {};

TEST_P(CudaFaults, EveryCallThatFailsIsAnError) {
  const std::size_t before = cuda_emulation::calls();
  train_a_step(GetParam());
  const std::size_t calls = cuda_emulation::calls() - before;
  ASSERT_GT(calls, 40U);
  EXPECT_THAT(cuda_emulation::live_objects(), IsEmpty());
  for (std::size_t call = 1; call <= calls; ++call) {
    SCOPED_TRACE(call);
    cuda_emulation::fail_any_call(call);
    EXPECT_THROW(train_a_step(GetParam()), Error);
    cuda_emulation::clear_faults();
    ASSERT_THAT(cuda_emulation::live_objects(), IsEmpty());
  }
}

std::size_t work_done() {
  std::size_t work = 0;
  for (const char* name : {"kernel", "memcpy", "memset", "matmul"}) work += cuda_emulation::work_done(name);
  return work;
}

TEST_P(CudaFaults, ALostDeviceIsAnError) {
  const std::size_t before = work_done();
  train_a_step(GetParam());
  const std::size_t work = work_done() - before;
  ASSERT_GT(work, 20U);
  for (std::size_t each = 1; each <= work; ++each) {
    SCOPED_TRACE(each);
    cuda_emulation::fail_work(each, cudaErrorECCUncorrectable);
    try {
      train_a_step(GetParam());
      ADD_FAILURE() << "nothing was thrown";
    } catch (const DeviceError& error) {
      EXPECT_THAT(error.what(), HasSubstr("the GPU: "));  // the rest depends on which call meets the error first
    }
    cuda_emulation::clear_faults();
    ASSERT_THAT(cuda_emulation::live_objects(), IsEmpty());
  }
}

INSTANTIATE_TEST_SUITE_P(Precisions, CudaFaults, testing::Values(Precision::fp32, Precision::tf32, Precision::bf16),
                         [](const auto& precision) { return std::string(name(precision.param)); });

/// What the work throws while it is captured comes out, and the next attempt captures anew.
TEST(CudaBackend, WorkThatThrowsIsNotRemembered) {
  cuda::CudaBackend backend(0, Precision::fp32, 32);
  Buffer values(backend, 64);
  Buffer ones(backend, 64);
  backend.upload(std::vector<float>(64, 1.0F), ones.data());
  backend.verbs().set_rate(-1.0F);
  bool throws = false;
  const auto repetition = backend.make_repetition();
  const auto optimizer = backend.make_optimizer({}, plan_of(64));
  const auto work = [&] {
    optimizer->step(ones.span(), values.span());
    if (throws) throw DataError("on purpose");
  };
  repetition->run(1, work);
  throws = true;
  EXPECT_THROW(repetition->run(1, work), DataError);
  throws = false;
  const std::size_t graphs = cuda_emulation::work_done("graph");
  for (int i = 0; i < 3; ++i) repetition->run(1, work);
  std::vector<float> found(64);
  backend.download(values.data(), found);
  EXPECT_EQ(found, std::vector<float>(64, 4.0F));
  EXPECT_EQ(cuda_emulation::work_done("graph"), graphs + 3);
}

TEST(CudaBackend, OutOfMemorySaysHowMuchThereWas) {
  cuda_emulation::set_device_memory(std::size_t{64'000'000});
  cuda::CudaBackend backend(0, Precision::fp32);
  try {
    const Buffer buffer(backend, std::size_t{25'000'000});
    ADD_FAILURE() << "nothing was thrown";
  } catch (const OutOfMemory& error) {
    EXPECT_THAT(error.what(), HasSubstr("a buffer needs 100 MB"));
    EXPECT_THAT(error.what(), HasSubstr("of 64 MB are free"));
  }
  const Buffer small(backend, 1000);                        // and the backend goes on
  cuda_emulation::set_device_memory(std::size_t{1} << 30);  // for tests in the same process
}

}  // namespace
}  // namespace gradus::internal
