#include "cli/exit_codes.hpp"

#include <exception>
#include <new>
#include <string>

#include "cli/flags.hpp"
#include "cli/messages.hpp"
#include "cli/output.hpp"
#include "gradus/error.hpp"

namespace gradus::cli {

int report_current_exception() {
  const auto ends = [](int code, const std::string& message) {
    print_error(with_flags(message));
    return code;
  };
  try {
    throw;
  } catch (const ClosedPipe&) {
    return kSuccess;  // the reader of standard output, such as `head`, has all it wants
  } catch (const UsageError& error) {
    return ends(kUsageError, error.what());
  } catch (const DeviceError& error) {
    return ends(kUsageError, error.what());
  } catch (const FileError& error) {
    return ends(kDataError, error.what());
  } catch (const DataError& error) {
    return ends(kDataError, error.what());
  } catch (const FormatError& error) {
    return ends(kDataError, error.what());
  } catch (const OutOfMemory& error) {
    return ends(kOutOfMemory, error.what());
  } catch (const std::bad_alloc&) {
    return ends(kOutOfMemory, "not enough memory: the system refused to give more");
  } catch (const std::exception& error) {
    return ends(kInternalError, std::string("internal error: ") + error.what());
  }
}

}  // namespace gradus::cli
