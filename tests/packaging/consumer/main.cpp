// A program of someone who uses the library: learns the digits, keeps the model, and predicts with what was kept.
#include <cstdio>
#include <exception>
#include <gradus/gradus.hpp>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: stranger DATA MODEL\n");
    return 2;
  }
  try {
    const auto [train, test] = gradus::Dataset::load(argv[1]).split(0.2, 1);
    gradus::Trainer trainer({.hidden = {30}}, train, {.batch_size = 10, .epochs = 10, .seed = 1});
    trainer.fit();
    trainer.model().save(argv[2]);

    const gradus::Model model = gradus::Model::load(argv[2]);
    const gradus::Predictions predictions = model.predict(test);
    std::size_t correct = 0;
    for (std::size_t i = 0; i < test.samples(); ++i)
      if (predictions.classes[i] == test.class_index(i)) ++correct;
    const double accuracy = static_cast<double>(correct) / static_cast<double>(test.samples());

    const auto version = gradus::version();
    std::printf("gradus %.*s: %zu of %zu right (%.1f %%)\n", static_cast<int>(version.size()), version.data(), correct,
                test.samples(), 100 * accuracy);
    if (accuracy != model.evaluate(test).accuracy) {
      std::fprintf(stderr, "evaluate() counts otherwise\n");
      return 1;
    }
    return accuracy > 0.9 ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
