"""Cross-validation."""

import statistics

from product import ProductTest, flowers, main, prices, write_image_folder


class Folds(ProductTest):
    def setUp(self):
        super().setUp()
        self.write("flowers.csv", flowers())
        self.write("prices.csv", prices())

    def test_mean_and_deviation_of_a_classification(self):
        found = self.succeeds("train", "flowers.csv", "--folds", "5", "--epochs", "50", "--json", "--quiet").json()
        self.assertEqual([fold["test_samples"] for fold in found["folds"]], [18] * 5)
        accuracies = [fold["test_accuracy"] for fold in found["folds"]]
        self.assertAlmostEqual(found["test_accuracy_mean"], statistics.mean(accuracies))
        self.assertAlmostEqual(found["test_accuracy_deviation"], statistics.stdev(accuracies))
        self.assertGreater(found["test_accuracy_mean"], 0.9)

    def test_figures_of_a_regression(self):
        found = self.succeeds("train", "prices.csv", "--recipe", "tabular", "--folds", "3", "--epochs", "20", "--json", "--quiet").json()
        for figure in ["cost", "rmse", "mae", "r2"]:
            values = [fold[f"test_{figure}"] for fold in found["folds"]]
            self.assertAlmostEqual(found[f"test_{figure}_mean"], statistics.mean(values))
        text = self.succeeds("train", "prices.csv", "--folds", "3", "--epochs", "20", "--quiet").out
        self.assertIn("RMSE", text)
        self.assertIn("±", text)

    def test_it_repeats_and_goes_by_the_seed(self):
        words = ["train", "flowers.csv", "--folds", "4", "--epochs", "5", "--json", "--quiet"]
        self.assertEqual(self.succeeds(*words).out, self.succeeds(*words).out)
        self.assertNotEqual(self.succeeds(*words).out, self.succeeds(*words, "--seed", "1").out)

    def test_it_writes_nothing(self):
        self.succeeds("train", "flowers.csv", "--folds", "2", "--epochs", "2")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["flowers.csv", "prices.csv"])

    def test_progress_tells_each_fold(self):
        result = self.succeeds("train", "flowers.csv", "--folds", "3", "--epochs", "2")
        self.assertIn("fold 3/3  cost", result.err)
        self.assertIn("folds     3, each once the test part of 30 samples", result.err)

    def test_a_test_part_of_the_data_is_not_used(self):
        write_image_folder(self.folder / "images")
        result = self.succeeds("train", "images", "--folds", "2", "--epochs", "2", "--json")
        self.assertEqual(result.json()["samples"], 60)
        self.assertIn("because of --folds", result.err)

    def test_options_of_a_run_can_be_validated_with(self):
        self.succeeds("train", "flowers.csv", "--test-fraction", "0.2", "--epochs", "5", "--output", "run")
        self.assertEqual(len(self.succeeds("train", "--config", "run/options.json", "--folds", "3", "--json").json()["folds"]), 3)

    def test_divergence(self):
        self.fails(4, "train", "prices.csv", "--folds", "2", "--learning-rate", "1e30", "--normalize", "none", says="fold 1")

    def test_mistakes(self):
        for words, says in [
            (["--folds", "1"], "whole number of at least 2"),
            (["--folds", "many"], "--folds: 'many'"),
            (["--folds", "91"], "91 folds of 90 samples"),
            (["--folds", "3", "--test", "flowers.csv"], "--folds and --test exclude each other"),
            (["--folds", "3", "--test-fraction", "0.2"], "--folds and --test-fraction exclude each other"),
            (["--folds", "3", "--output", "run"], "so --output has no use"),
            (["--folds", "3", "--overwrite"], "so --overwrite has no use"),
        ]:
            self.fails(2, "train", "flowers.csv", *words, says=says)


if __name__ == "__main__":
    main()
