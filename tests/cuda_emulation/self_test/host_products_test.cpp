// Host code that has cuBLASLt multiply, right unless a fault is planted.

#include <cstddef>
#include <vector>

#include "fixture.hpp"
#include "lt_product.hpp"
#include "planted.hpp"

namespace gradus::self_test {
namespace {

using Floats = std::vector<float>;

/// A layer: x (rows, inputs), w (outputs, inputs), errors (rows, outputs), all row-major. To cuBLASLt they are the
/// transposed matrices in column-major order. As many inputs as outputs, so that no size tells a matrix from its transposed
/// one.
class HostProducts : public testing::Test {
 protected:
  static constexpr int kRows = 24;
  static constexpr int kWidth = 16;
  static constexpr std::size_t kWorkspace = std::size_t{1} << 16;
  static constexpr auto kWeights = static_cast<std::size_t>(kWidth * kWidth);
  static constexpr auto kActivations = static_cast<std::size_t>(kRows * kWidth);

  HostProducts() { check_status(cublasLtCreate(&handle_), "cublasLtCreate"); }
  ~HostProducts() override { static_cast<void>(cublasLtDestroy(handle_)); }

  void upload(const DeviceArray<float>& factor, const float& value, const Stream& stream) const {
    kernels::check(cudaMemcpyAsync(factor.data(), &value, sizeof value, cudaMemcpyHostToDevice, stream), "upload");
  }

  cublasLtHandle_t handle_ = nullptr;
  const Stream stream_;
  const Floats x_ = short_numbers(kActivations, 21);
  const Floats w_ = short_numbers(kWeights, 22);
  const Floats errors_ = short_numbers(kActivations, 23);
  const DeviceArray<float> device_x_{x_, stream_};
  const DeviceArray<float> device_w_{w_, stream_};
  const DeviceArray<float> device_errors_{errors_, stream_};
  const DeviceArray<unsigned char> workspace_{kWorkspace};
  const DeviceArray<float> one_{Floats{1.0F}, stream_};
  const DeviceArray<float> zero_{Floats{0.0F}, stream_};
};

/// y (rows, outputs) = x wᵀ.
TEST_F(HostProducts, Forward) {
  const bool swapped = is_planted("transposition flags swapped");
  const int leading = is_planted("wrong leading dimension") ? kWidth + 4 : kWidth;
  LtProduct product(handle_, {.rows = kWidth, .columns = kWidth, .leading = kWidth, .transposed = !swapped},
                    {.rows = kWidth, .columns = kRows, .leading = leading},
                    {.rows = kWidth, .columns = kRows, .leading = kWidth}, kWorkspace);
  const DeviceArray<float> y(kActivations);
  const std::size_t workspace_bytes = is_planted("workspace too small") ? 256 : kWorkspace;
  if (is_planted("algorithm asked for during capture")) {
    kernels::check(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeThreadLocal), "cudaStreamBeginCapture");
    product.ask_for_algorithm(kWorkspace);
  }
  product.run(one_.data(), device_w_.data(), device_x_.data(), zero_.data(), y.data(), workspace_.data(), workspace_bytes,
              stream_);
  Floats expected(kActivations);
  for (std::size_t row = 0; row < kRows; ++row)
    for (std::size_t out = 0; out < kWidth; ++out)
      for (std::size_t in = 0; in < kWidth; ++in)
        expected[row * kWidth + out] += x_[row * kWidth + in] * w_[out * kWidth + in];
  EXPECT_EQ(y.values(stream_), expected);
}

/// w (outputs, inputs) = w + rate · errorsᵀ x, with a rate that changes from step to step.
TEST_F(HostProducts, Update) {
  const Matrix x{.rows = kWidth, .columns = kRows, .leading = kWidth};
  const Matrix transposed{.rows = kWidth, .columns = kRows, .leading = kWidth, .transposed = true};
  const LtProduct product(handle_, x, transposed, {.rows = kWidth, .columns = kWidth, .leading = kWidth}, kWorkspace);
  const bool is_transposed = is_planted("gradient transposed");
  const Stream copies;
  const Event copied;
  const Event consumed;
  const DeviceArray<float> rate(1);
  Floats expected = w_;
  for (const float next_rate : {-0.5F, -0.25F}) {
    consumed.make_wait(copies);
    upload(rate, next_rate, copies);
    copied.record(copies);
    if (!is_planted("rate on the device not waited for")) copied.make_wait(stream_);
    product.run(rate.data(), is_transposed ? device_errors_.data() : device_x_.data(),
                is_transposed ? device_x_.data() : device_errors_.data(), one_.data(), device_w_.data(), workspace_.data(),
                kWorkspace, stream_);
    consumed.record(stream_);
    for (std::size_t out = 0; out < kWidth; ++out)
      for (std::size_t in = 0; in < kWidth; ++in)
        for (std::size_t row = 0; row < kRows; ++row)
          expected[out * kWidth + in] += next_rate * errors_[row * kWidth + out] * x_[row * kWidth + in];
  }
  EXPECT_EQ(device_w_.values(stream_), expected);
}

/// Two products that may run at the same time.
TEST_F(HostProducts, SideBySide) {
  const Matrix w{.rows = kWidth, .columns = kWidth, .leading = kWidth, .transposed = true};
  const Matrix x{.rows = kWidth, .columns = kRows, .leading = kWidth};
  const LtProduct product(handle_, w, x, x, kWorkspace);
#if defined(GRADUS_CUDA_EMULATION)
  ASSERT_GT(product.workspace_bytes(), 0U);  // there, so that it can be shared; a GPU needs none for so small a product
#endif
  const Stream other;
  const DeviceArray<unsigned char> other_workspace(kWorkspace);
  const DeviceArray<float> y(kActivations);
  const DeviceArray<float> other_y(kActivations);
  stream_.wait();
  unsigned char* const second = is_planted("workspace shared by two streams") ? workspace_.data() : other_workspace.data();
  product.run(one_.data(), device_w_.data(), device_x_.data(), zero_.data(), y.data(), workspace_.data(), kWorkspace,
              stream_);
  product.run(one_.data(), device_w_.data(), device_x_.data(), zero_.data(), other_y.data(), second, kWorkspace, other);
  EXPECT_EQ(y.values(stream_), other_y.values(other));
}

}  // namespace
}  // namespace gradus::self_test
