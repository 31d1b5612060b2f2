#include "training/best_epoch.hpp"

#include <cmath>

namespace gradus::internal {
namespace {

double metric_of(Monitor monitor, const Evaluation& evaluation) {
  switch (monitor) {
    case Monitor::cost:
      return evaluation.cost;
    case Monitor::accuracy:
      return evaluation.accuracy;
    case Monitor::rmse:
      return evaluation.rmse;
    case Monitor::mae:
      return evaluation.mae;
  }
  return evaluation.cost;
}

}  // namespace

bool BestEpoch::add(const Evaluation& evaluation) {
  ++epochs_;
  last_ = sign() * metric_of(monitor_, evaluation);
  if (std::isnan(last_) || (epoch_ && last_ >= best_)) return false;
  epoch_ = epochs_;
  best_ = last_;
  return true;
}

bool BestEpoch::reaches(double value) const {
  return epoch_ && best_ <= sign() * value;
}

}  // namespace gradus::internal
