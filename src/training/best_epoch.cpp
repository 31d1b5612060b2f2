#include "training/best_epoch.hpp"

#include <cmath>
#include <limits>

namespace gradus::internal {
bool BestEpoch::add(const Evaluation& evaluation) {
  ++epochs_;
  last_ = sign() * metric_->value(evaluation).value_or(std::numeric_limits<double>::quiet_NaN());
  if (std::isnan(last_) || (epoch_ && last_ >= best_)) return false;
  epoch_ = epochs_;
  best_ = last_;
  return true;
}

bool BestEpoch::reaches(double value) const {
  return epoch_ && best_ <= sign() * value;
}

}  // namespace gradus::internal
