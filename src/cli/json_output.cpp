#include "cli/json_output.hpp"

namespace gradus::cli {

std::string to_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void print_json(const Json& value) {
  Output output = Output::standard();
  output.write(to_text(value));
  output.write("\n");
  output.commit();
}

void add_evaluation(Json& object, const std::string& prefix, const Evaluation& evaluation) {
  object[prefix + "cost"] = evaluation.cost;
  if (evaluation.task != Task::regression) {
    object[prefix + "accuracy"] = evaluation.accuracy;
    if (evaluation.task == Task::multi_label) object[prefix + "label_accuracy"] = evaluation.label_accuracy;
  } else {
    object[prefix + "rmse"] = evaluation.rmse;
    object[prefix + "mae"] = evaluation.mae;
    object[prefix + "r2"] = evaluation.r2;
  }
}

}  // namespace gradus::cli
