#include "gradus/schedule.hpp"

#include <charconv>
#include <string>
#include <vector>

#include <fast_float/fast_float.h>
#include <fmt/format.h>

#include "base/wording.hpp"
#include "gradus/error.hpp"
#include "options/resolve.hpp"

namespace gradus {
namespace {

using Kind = Schedule::Kind;

std::vector<std::string_view> at_colons(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':')) {
    parts.push_back(text.substr(0, colon));
    text.remove_prefix(colon + 1);
  }
  parts.push_back(text);
  return parts;
}

std::size_t epochs_of(std::string_view text, std::string_view whole) {
  std::size_t epochs = 0;
  const char* const end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, epochs);
  if (error != std::errc() || after != end || epochs == 0)
    throw UsageError(fmt::format("'{}' in the schedule '{}' is not a number of epochs of at least 1", text, whole));
  return epochs;
}

double factor_of(std::string_view text, std::string_view whole) {
  double factor = 0.0;
  const char* const end = text.data() + text.size();
  const auto [after, error] = fast_float::from_chars(text.data(), end, factor);
  if (error != std::errc() || after != end || !(factor > 0.0 && factor < 1.0))
    throw UsageError(fmt::format("'{}' in the schedule '{}' is not a factor between 0 and 1, such as 0.5", text, whole));
  return factor;
}

}  // namespace

void internal::check_schedule(const Schedule& schedule) {
  if (schedule.epochs == 0) throw UsageError("a schedule's number of epochs must be at least 1");
  if (!(schedule.factor > 0.0 && schedule.factor < 1.0))
    throw UsageError(fmt::format("a schedule's factor is {}, and must be between 0 and 1", schedule.factor));
}

Schedule Schedule::parse(std::string_view text) {
  const auto parts = at_colons(text);
  const auto kind = from_name<Kind>(parts.front());
  if (!kind)
    throw UsageError(fmt::format("no schedule is named '{}'; give {}, of N epochs and a factor F", parts.front(),
                                 internal::alternatives(kForms<Kind>)));
  Schedule schedule;
  schedule.kind = *kind;
  std::size_t taken = 1;
  if (kind == Kind::step && parts.size() < 2)
    throw UsageError("the schedule 'step' needs a number of epochs: step:N, or step:N:F with a factor F");
  if (kind == Kind::exponential && parts.size() < 2)
    throw UsageError("the schedule 'exponential' needs a factor: exponential:F, such as exponential:0.95");
  if ((kind == Kind::step || kind == Kind::plateau) && parts.size() > taken)
    schedule.epochs = epochs_of(parts[taken++], text);
  if ((kind == Kind::step || kind == Kind::plateau || kind == Kind::exponential) && parts.size() > taken)
    schedule.factor = factor_of(parts[taken++], text);
  if (parts.size() > taken)
    throw UsageError(fmt::format("the schedule '{}' has more numbers than {} takes", text, parts.front()));
  return schedule;
}

std::string Schedule::to_string() const {
  switch (kind) {
    case Kind::step:
    case Kind::plateau:
      return fmt::format("{}:{}:{}", name(kind), epochs, factor);
    case Kind::exponential:
      return fmt::format("{}:{}", name(kind), factor);
    case Kind::constant:
    case Kind::cosine:
    case Kind::one_cycle:
      break;
  }
  return std::string(name(kind));
}

}  // namespace gradus
