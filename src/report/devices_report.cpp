#include "report/devices_report.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/words.hpp"

namespace gradus::report {
namespace {

std::string describe(const DeviceInfo& info) {
  // Nothing else is known of what cannot be used at all.
  if (!info.usable && info.compute_capability.empty()) return fmt::format("not usable: {}", info.reason);
  std::string text = info.description;
  if (!info.compute_capability.empty()) text += fmt::format(", compute capability {}", info.compute_capability);
  if (info.cores > 0) text += fmt::format(", {}", counted(info.cores, "core"));
  if (info.memory_bytes > 0) text += fmt::format(", {} free", memory_size(info.memory_bytes));
  if (info.total_memory_bytes > 0) text += fmt::format(" of {}", memory_size(info.total_memory_bytes));
  if (!info.driver.empty()) text += fmt::format(", driver {}", info.driver);
  if (!info.usable) text += fmt::format(", not usable: {}", info.reason);
  if (!info.features.empty()) text += fmt::format(", {}", fmt::join(info.features, " "));
  return text;
}

Facts device_facts(const DeviceInfo& info) {
  Facts facts{hidden("name", info.device.to_string()), hidden("description", info.description),
              hidden("usable", info.usable)};
  if (!info.usable) facts.push_back(hidden("reason", info.reason));
  if (info.device.kind == Device::Kind::cpu) {
    facts.push_back(hidden("cores", info.cores));
    facts.push_back(hidden("features", texts(info.features)));
  } else {
    facts.push_back(hidden("compute_capability", info.compute_capability));
    facts.push_back(hidden("driver", info.driver));
    facts.push_back(hidden("memory_bytes", info.total_memory_bytes));
  }
  facts.push_back(hidden("free_memory_bytes", info.memory_bytes));
  return facts;
}

}  // namespace

Report devices_report(const std::vector<DeviceInfo>& found, const Device& automatic) {
  Report report;
  report.title_width = 0;
  Facts& facts = report.sections.front();
  facts.push_back(hidden("auto", automatic.to_string()));
  std::vector<Value> list;
  for (const DeviceInfo& info : found) {
    const std::string device = info.device.to_string();
    report.title_width = std::max(report.title_width, device.size() + 2);
    list.emplace_back(device_facts(info));
    facts.push_back(line(device, printable(describe(info)) + (info.device == automatic ? "  (auto takes this one)" : "")));
  }
  facts.push_back(hidden("devices", std::move(list)));
  return report;
}

}  // namespace gradus::report
