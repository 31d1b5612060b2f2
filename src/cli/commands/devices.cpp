#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/exit_codes.hpp"
#include "cli/json_output.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "gradus/device.hpp"

namespace gradus::cli {
namespace {

Json to_json(const std::vector<DeviceInfo>& found, const Device& automatic) {
  Json json;
  json["auto"] = automatic.to_string();
  json["devices"] = Json::array();
  for (const DeviceInfo& info : found) {
    Json entry;
    entry["name"] = info.device.to_string();
    entry["description"] = info.description;
    entry["usable"] = info.usable;
    if (!info.usable) entry["reason"] = info.reason;
    if (info.device.kind == Device::Kind::cpu) {
      entry["cores"] = info.cores;
      entry["features"] = info.features;
    } else {
      entry["compute_capability"] = info.compute_capability;
      entry["driver"] = info.driver;
      entry["memory_bytes"] = info.total_memory_bytes;
    }
    entry["free_memory_bytes"] = info.memory_bytes;
    json["devices"].push_back(entry);
  }
  return json;
}

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

std::string to_report(const std::vector<DeviceInfo>& found, const Device& automatic) {
  std::size_t width = 0;
  for (const DeviceInfo& info : found) width = std::max(width, info.device.to_string().size());
  std::string text;
  for (const DeviceInfo& info : found) {
    const std::string device = info.device.to_string();
    text += fmt::format("{}  {}{}\n", aligned_left(device, width), printable(describe(info)),
                        info.device == automatic ? "  (auto takes this one)" : "");
  }
  return text;
}

}  // namespace

int devices(const Invocation& invocation) {
  const bool json = parse_request(Command::devices, {}, invocation.words).command.json;

  const std::vector<DeviceInfo> found = list_devices();
  const Device automatic = resolve(Device::automatic());
  if (json) {
    print_json(to_json(found, automatic));
  } else {
    Output output = Output::standard();
    output.write(to_report(found, automatic));
    output.commit();
  }
  return kSuccess;
}

}  // namespace gradus::cli
