#pragma once

#include <string>

#include "gradus/trainer.hpp"
#include "report/facts.hpp"

namespace gradus::report {

// One epoch of a run. As JSON (as_json_line) it is a line of metrics.jsonl; as text (as_line) a line of the log, followed by
// describe_pace. It is made for every epoch, and small networks finish many thousands a second, so words are left to the
// renderer.

/// The epoch, its cost, and the metrics on held-out data: `epoch   34/1000  cost 0.2275  test cost 0.2280 …`.
[[nodiscard]] Facts epoch_facts(const Progress& progress);
/// The same without held-out data.
[[nodiscard]] Facts epoch_state(const Progress& progress);

/// `556k samples/s  3 s left`.
[[nodiscard]] std::string describe_pace(const Progress& progress);

}  // namespace gradus::report
