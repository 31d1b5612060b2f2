// Samples that are larger than the GPU's memory, against those that it holds.

#include <cstdint>
#include <gmock/gmock.h>
#include <memory>
#include <vector>

#include "backend/cuda/cuda_backend.hpp"
#include "backend/cuda/resident_samples.hpp"
#include "backend/cuda/streamed_samples.hpp"
#include "backend_under_test.hpp"
#include "cuda_emulation/control.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

using cuda::ResidentSamples;
using cuda::StreamedSamples;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t kSamples = 53;
constexpr std::size_t kFeatures = 5;
constexpr std::size_t kOutputs = 3;

/// The device's memory is as large as it was, when it ends.
struct WithMemory {
  explicit WithMemory(std::size_t bytes) { cuda_emulation::set_device_memory(bytes); }
  ~WithMemory() { cuda_emulation::set_device_memory(std::size_t{1} << 30); }
  WithMemory(const WithMemory&) = delete;
  WithMemory& operator=(const WithMemory&) = delete;
};

/// A data set of bytes and labels, or of floats and targets.
class Data {
 public:
  explicit Data(bool of_bytes, std::size_t samples = kSamples)
      : floats_(random_values(samples * kFeatures, 1)),
        targets_(random_values(samples * kOutputs, 2)),
        shift_(random_values(kFeatures, 3)),
        scale_(random_values(kFeatures, 4)),
        weights_(random_values(samples, 5)) {
    source_.weights = weights_.data();
    for (std::size_t i = 0; i < samples * kFeatures; ++i) bytes_.push_back(static_cast<std::uint8_t>(i * 37 % 256));
    for (std::size_t i = 0; i < samples; ++i) labels_.push_back(static_cast<std::int32_t>(i % kOutputs));
    rows_.resize(samples);
    for (std::size_t i = 0; i < samples; ++i) rows_[i] = static_cast<std::uint32_t>(samples - 1 - i);
    source_.samples = samples;
    source_.rows = rows_;
    source_.features = kFeatures;
    source_.outputs = kOutputs;
    source_.input_shift = source_.target_shift = shift_.data();
    source_.input_scale = source_.target_scale = scale_.data();
    if (of_bytes) {
      source_.bytes = bytes_.data();
      source_.labels = labels_.data();
    } else {
      source_.floats = floats_.data();
      source_.targets = targets_.data();
    }
  }

  [[nodiscard]] const SampleSource& source() const { return source_; }

 private:
  std::vector<std::uint8_t> bytes_;
  std::vector<float> floats_;
  std::vector<std::int32_t> labels_;
  std::vector<float> targets_;
  std::vector<std::uint32_t> rows_;
  std::vector<float> shift_;
  std::vector<float> scale_;
  std::vector<float> weights_;
  SampleSource source_;
};

/// All minibatches of some epochs, one after the other.
std::vector<float> epochs(cuda::CudaBackend& backend, Samples& samples, std::size_t batch) {
  std::vector<float> all;
  Buffer x(backend, batch * kFeatures);
  Buffer t(backend, batch * kOutputs);
  Buffer w(backend, batch);
  for (std::uint32_t epoch = 0; epoch < 3; ++epoch) {
    if (epoch == 2)
      samples.in_order();
    else
      samples.shuffle({5, RandomPurpose::sample_order, epoch});
    // The second epoch ends early.
    for (std::size_t first = 0; first < (epoch == 1 ? kSamples / 2 : kSamples); first += batch) {
      const std::size_t count = std::min(batch, kSamples - first);
      samples.prepare(count);
      samples.gather({x.data(), count, kFeatures}, {Matrix{t.data(), count, kOutputs}, w.data()});
      // Out of the way of the next one, without waiting: the host runs ahead, as it does in training.
      if (first % 3 != 0) continue;
      std::vector<float> found(count * (kFeatures + kOutputs + 1));
      backend.download(x.data(), std::span(found).first(count * kFeatures));
      backend.download(t.data(), std::span(found).subspan(count * kFeatures, count * kOutputs));
      backend.download(w.data(), std::span(found).last(count));
      all.insert(all.end(), found.begin(), found.end());
    }
  }
  return all;
}

TEST(StreamedSamples, AreThoseThatAreHeld) {
  for (const bool of_bytes : {true, false}) {
    SCOPED_TRACE(of_bytes ? "bytes and labels" : "floats and targets");
    const Data data(of_bytes);
    cuda::CudaBackend backend(0, Precision::fp32, 32);
    for (const std::size_t batch : {std::size_t{1}, std::size_t{4}, std::size_t{10}}) {
      ResidentSamples held(backend.device(), data.source());
      const auto expected = epochs(backend, held, batch);
      for (const std::size_t half : {batch, batch + 1, 2 * batch + 3, kSamples - 1, kSamples, 2 * kSamples}) {
        SCOPED_TRACE(half);
        StreamedSamples streamed(backend.device(), data.source(), half);
        EXPECT_EQ(epochs(backend, streamed, batch), expected);
      }
    }
  }
}

TEST(StreamedSamples, TakeTheRoomOfTheirRingAlone) {
  const Data data(false);
  const cuda::CudaBackend backend(0, Precision::fp32, 32);
  const std::size_t before = cuda_emulation::live_objects()["device memory"];
  const StreamedSamples streamed(backend.device(), data.source(), 4);
  const std::size_t each = (kFeatures + kOutputs) * sizeof(float);
  const std::size_t order = kSamples * sizeof(std::uint32_t);
  EXPECT_LE(cuda_emulation::live_objects()["device memory"] - before, 8 * each + order + 4 * kFeatures * sizeof(float) + 64);
}

/// More at once than a half of the ring would overwrite what was not gathered yet.
TEST(StreamedSamples, RefuseMoreAtOnceThanWasAnnounced) {
  const Data data(false);
  const cuda::CudaBackend backend(0, Precision::fp32, 32);
  StreamedSamples streamed(backend.device(), data.source(), 4);
  EXPECT_THROW(streamed.prepare(5), UsageError);
}

TEST(StreamedSamples, AreChosenWhereMemoryIsShort) {
  constexpr std::size_t kMany = 4000;
  const Data data(false, kMany);
  cuda::CudaBackend backend(0, Precision::fp32, 32);
  const auto is_streamed = [&] { return dynamic_cast<StreamedSamples*>(backend.hold(data.source(), 4).get()) != nullptr; };
  EXPECT_FALSE(is_streamed());
  const std::size_t used = cuda_emulation::live_objects()["device memory"];
  {
    const WithMemory memory(used + kMany * (kFeatures + kOutputs) * sizeof(float));
    EXPECT_TRUE(is_streamed());
  }
  const WithMemory memory(used + 1000);
  EXPECT_THROW(static_cast<void>(is_streamed()), OutOfMemory) << "and not even a ring fits here";
}

TEST(StreamedSamples, SurviveEveryFailingCall) {
  const Data data(true);
  std::size_t calls = 0;  // without those of destructors, which cannot report errors
  const auto run = [&] {
    const std::size_t before = cuda_emulation::calls();
    cuda::CudaBackend backend(0, Precision::fp32, 32);
    StreamedSamples streamed(backend.device(), data.source(), 16);
    static_cast<void>(epochs(backend, streamed, 9));
    calls = cuda_emulation::calls() - before;
  };
  run();
  EXPECT_THAT(cuda_emulation::live_objects(), IsEmpty());
  const std::size_t all = calls;
  for (std::size_t call = 1; call <= all; ++call) {
    SCOPED_TRACE(call);
    cuda_emulation::fail_any_call(call);
    EXPECT_THROW(run(), Error);
    cuda_emulation::clear_faults();
    ASSERT_THAT(cuda_emulation::live_objects(), IsEmpty());
  }
}

TEST(PinnedMemory, ThatIsNotThereIsAnError) {
  const Data data(true);
  const cuda::CudaBackend backend(0, Precision::fp32, 32);
  cuda_emulation::fail_call("cudaMallocHost", 1, cudaErrorMemoryAllocation);
  try {
    const StreamedSamples streamed(backend.device(), data.source(), 16);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const OutOfMemory& error) {
    EXPECT_THAT(error.what(), HasSubstr("a buffer needs 80 bytes"));
  }
  cuda_emulation::clear_faults();
}

}  // namespace
}  // namespace gradus::internal
