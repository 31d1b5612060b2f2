#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/exit_codes.hpp"
#include "cli/print.hpp"
#include "gradus/device.hpp"
#include "report/devices_report.hpp"

namespace gradus::cli {

int devices(const Invocation& invocation) {
  const bool json = parse_request(Command::devices, {}, invocation.words).command.json;
  print(report::devices_report(list_devices(), resolve(Device::automatic())), json);
  return kSuccess;
}

}  // namespace gradus::cli
