#include "report/model_report.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "gradus/trainer.hpp"
#include "report/render.hpp"

namespace gradus::report {
namespace {

Model trained() {
  const std::vector<float> inputs{0.0F, 1.0F, 2.0F, 3.0F};
  const Dataset data = Dataset::classification(inputs, 1, std::vector<std::int32_t>{0, 1, 0, 1}, {"no", "yes"});
  Trainer trainer({.hidden = {3}}, data, {.epochs = 2, .execution = {.device = Device::cpu(), .threads = 1}});
  trainer.fit();
  return trainer.model();
}

TEST(ModelReport, SaysWhatTheModelIsAndHowItWasTrained) {
  const Model model = trained();
  const Report report = model_report("m.safetensors", model);
  const std::string text = as_text(report);
  EXPECT_EQ(text.substr(0, text.find("preprocessing")), "m.safetensors: a model of gradus " + model.training().version +
                                                            "\n"
                                                            "task           classification\n"
                                                            "network        1-3-2, sigmoid, 14 parameters\n"
                                                            "features       1, without names\n"
                                                            "classes        2: no, yes\n");
  EXPECT_NE(text.find("trained on     4 samples, 2 epochs, 2 steps, full batch\n"), std::string::npos) << text;
  const Json json = as_json(report);
  EXPECT_EQ(json["kind"], "model");
  EXPECT_EQ(to_text(json["widths"]), "[1,3,2]");
  EXPECT_EQ(json["training"]["options"]["epochs"], 2);
}

}  // namespace
}  // namespace gradus::report
