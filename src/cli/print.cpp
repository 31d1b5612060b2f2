#include "cli/print.hpp"

#include "cli/output.hpp"
#include "report/render.hpp"

namespace gradus::cli {

void print(const report::Report& report, bool json) {
  Output output = Output::standard();
  output.write(json ? report::to_text(report::as_json(report)) + "\n" : report::as_text(report));
  output.commit();
}

}  // namespace gradus::cli
