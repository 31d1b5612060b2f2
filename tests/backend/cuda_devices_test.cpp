// The CUDA module's report on its devices, where it is linked into the program.

#include <gmock/gmock.h>

#include <gtest/gtest.h>

#include "backend/device_module.hpp"
#include "backend/module_loader.hpp"
#include "cuda_emulation/control.hpp"
#include "gradus/device.hpp"
#include "gradus/error.hpp"

namespace gradus {
namespace {

using testing::HasSubstr;

/// A failing call for the length of a test.
class CudaDevices : public testing::Test {
 protected:
  ~CudaDevices() override { cuda_emulation::clear_faults(); }
};

TEST_F(CudaDevices, AreListedWithWhatThereIsToKnow) {
  const auto found = list_devices();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].device, Device::cpu());
  const DeviceInfo& gpu = found[1];
  EXPECT_EQ(gpu.device, Device::cuda(0));
  EXPECT_TRUE(gpu.usable);
  EXPECT_EQ(gpu.description, "CUDA emulation");
  EXPECT_EQ(gpu.compute_capability, "9.0");
  EXPECT_THAT(gpu.driver, HasSubstr("CUDA 13."));
  EXPECT_EQ(gpu.total_memory_bytes, std::size_t{1} << 30);
  EXPECT_LE(gpu.memory_bytes, gpu.total_memory_bytes);
}

TEST_F(CudaDevices, AreTakenByAuto) {
  EXPECT_EQ(resolve(Device::automatic()), Device::cuda(0));
  EXPECT_EQ(resolve(Device::cuda()), Device::cuda(0));
  EXPECT_EQ(resolve(Device::cpu()), Device::cpu());
}

TEST_F(CudaDevices, OfANumberThatIsNotThere) {
  try {
    static_cast<void>(resolve(Device::cuda(3)));
    FAIL() << "nothing was thrown";
  } catch (const DeviceError& error) {
    EXPECT_THAT(error.what(), HasSubstr("the device cuda:3 cannot be used: there is 1 GPU, counted from 0"));
  }
}

/// The reasons on a machine that has the libraries, and lacks something else.
TEST_F(CudaDevices, ThatCannotBeUsedSayWhy) {
  const auto problem_when = [](const char* function, cudaError_t code) {
    cuda_emulation::fail_call(function, 1, code);
    const std::string problem = internal::cuda_module().module->problem();
    cuda_emulation::clear_faults();
    return problem;
  };
  EXPECT_EQ(internal::cuda_module().module->problem(), "");
  EXPECT_THAT(problem_when("cudaGetDeviceCount", cudaErrorNoDevice), HasSubstr("finds no GPU"));
  EXPECT_THAT(problem_when("cudaGetDeviceCount", cudaErrorInsufficientDriver), HasSubstr("install a newer driver"));
  EXPECT_THAT(problem_when("cudaGetDeviceCount", cudaErrorSystemNotReady), HasSubstr("cudaGetDeviceCount"));

  cuda_emulation::fail_call("cudaGetDeviceCount", 1, cudaErrorNoDevice);
  EXPECT_EQ(resolve(Device::automatic()), Device::cpu()) << "auto goes on without it";
}

/// Another program may have the GPU for itself: it is listed, and not usable.
TEST_F(CudaDevices, ThatAreTakenByOthers) {
  cuda_emulation::fail_call("cudaMemGetInfo", 2, cudaErrorDevicesUnavailable);  // the first is asked for the whole memory
  const auto found = list_devices();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_FALSE(found[1].usable);
  EXPECT_NE(found[1].reason, "");
  EXPECT_EQ(found[1].description, "CUDA emulation");
}

/// Every failing call is a DeviceError or a reason, and never the end of the program.
TEST_F(CudaDevices, SurviveEveryFailingCall) {
  const std::size_t before = cuda_emulation::calls();
  static_cast<void>(list_devices());
  const std::size_t calls = cuda_emulation::calls() - before;
  ASSERT_GT(calls, 4U);
  for (std::size_t call = 1; call <= calls; ++call) {
    SCOPED_TRACE(call);
    cuda_emulation::fail_any_call(call);
    try {
      static_cast<void>(list_devices());
    } catch (const DeviceError& error) {
      EXPECT_THAT(error.what(), HasSubstr("the GPU: "));
    }
    cuda_emulation::clear_faults();
  }
}

}  // namespace
}  // namespace gradus
