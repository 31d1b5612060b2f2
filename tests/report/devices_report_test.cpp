#include "report/devices_report.hpp"

#include <gtest/gtest.h>

#include "report/render.hpp"

namespace gradus::report {
namespace {

TEST(DevicesReport, SaysWhatEachIsAndWhichOneAutoTakes) {
  DeviceInfo cpu;
  cpu.device = Device::parse("cpu");
  cpu.description = "a processor";
  cpu.usable = true;
  cpu.cores = 2;
  cpu.features = {"avx2", "sse4"};
  cpu.memory_bytes = std::size_t{1} << 30U;
  DeviceInfo gpu;
  gpu.device = Device::parse("cuda:0");
  gpu.reason = "no driver";
  const Report report = devices_report({cpu, gpu}, cpu.device);
  EXPECT_EQ(as_text(report), "cpu     a processor, 2 cores, 1.0 GiB free, avx2 sse4  (auto takes this one)\n" +
                                 gpu.device.to_string() + "  not usable: no driver\n");
  EXPECT_EQ(to_text(as_json(report)),
            R"({"auto":"cpu","devices":[{"name":"cpu","description":"a processor","usable":true,"cores":2,)"
            R"("features":["avx2","sse4"],"free_memory_bytes":1073741824},{"name":")" +
                gpu.device.to_string() +
                R"(","description":"","usable":false,"reason":"no driver","compute_capability":"","driver":"",)"
                R"("memory_bytes":0,"free_memory_bytes":0}]})");
}

}  // namespace
}  // namespace gradus::report
