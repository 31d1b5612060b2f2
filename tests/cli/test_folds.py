"""Cross-validation."""

import json
import signal
import statistics
import subprocess

from product import COMMAND, TIMEOUT, ProductTest, flowers, main, prices, write_image_folder


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
        self.assertEqual([fold["fold"] for fold in found["folds"]], [1, 2, 3, 4, 5])
        self.assertEqual(found["end"], "finished")

    def test_metrics_of_a_regression(self):
        found = self.succeeds("train", "prices.csv", "--recipe", "tabular", "--folds", "3", "--epochs", "20", "--json", "--quiet").json()
        for metric in ["cost", "rmse", "mae", "r2"]:
            values = [fold[f"test_{metric}"] for fold in found["folds"]]
            self.assertAlmostEqual(found[f"test_{metric}_mean"], statistics.mean(values))
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
        self.assertIn("folds     3, each once the test set of 30 samples", result.err)

    def test_a_test_part_of_the_data_is_not_used(self):
        write_image_folder(self.folder / "images")
        result = self.succeeds("train", "images", "--folds", "2", "--epochs", "2", "--json")
        self.assertEqual(result.json()["samples"], 60)
        self.assertIn("because of --folds", result.err)

    def test_options_of_a_run_can_be_validated_with(self):
        self.succeeds("train", "flowers.csv", "--test-fraction", "0.2", "--epochs", "5", "--output", "run")
        self.assertEqual(len(self.succeeds("train", "--config", "run/options.json", "--folds", "3", "--json").json()["folds"]), 3)

    def test_divergence(self):
        words = ["train", "prices.csv", "--folds", "2", "--learning-rate", "1e30", "--normalize", "none"]
        self.fails(4, *words, says=["fold 1", "fold 2"])
        found = self.gradus(*words, "--json", "--quiet")
        self.assertEqual(found.code, 4)
        self.assertEqual(found.json()["folds"], [])
        self.assertEqual(found.json()["diverged_folds"], [1, 2])
        self.assertEqual(found.json()["end"], "diverged")

    def test_a_fold_that_diverges_costs_the_others_nothing(self):
        # One value is too large for the square of its error: only the fold that holds it out has a finite training cost.
        lines = prices(samples=40).splitlines()
        size, age, _ = lines[7].split(",")
        lines[7] = f"{size},{age},1e30"
        self.write("spike.csv", "\n".join(lines) + "\n")
        words = ["train", "spike.csv", "--folds", "4", "--epochs", "3", "--normalize", "none", "--learning-rate", "0.001"]
        result = self.gradus(*words, "--json")
        self.assertEqual(result.code, 4, result)
        found = result.json()
        self.assertEqual(found["end"], "diverged")
        self.assertEqual(len(found["diverged_folds"]), 3)
        for fold in found["diverged_folds"]:
            self.assertIn(f"the cost of fold {fold} became NaN or infinite", result.err)
        finished = found["folds"][0]["fold"]
        self.assertNotIn(finished, found["diverged_folds"])
        self.assertNotIn("test_cost_mean", found)
        self.assertRegex(self.gradus(*words, "--quiet").out, rf"\Afold {finished}/4  cost .*\n\Z")

    def start(self, *words):
        """Starts a cross-validation and waits for its first fold; the others take long."""
        process = subprocess.Popen([COMMAND, "train", "flowers.csv", *words], cwd=self.folder, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def interrupt(self, process, after, number=signal.SIGINT):
        """Sends the signal when this fold is finished; 0: when the summary is printed. Returns exit code, output and messages."""
        awaited = f"fold {after}/" if after > 0 else "baseline"
        for line in process.stderr:
            if line.strip().replace("fold  ", "fold ").startswith(awaited):
                break
        process.send_signal(number)
        out, err = process.communicate(timeout=TIMEOUT)
        return process.returncode, out, err

    # A fold takes about a tenth of a second, so that two are finished long before the last.
    LONG = ["--folds", "90", "--epochs", "2000", "--batch-size", "10", "--report-every", "2000"]

    def test_ctrl_c_tells_the_finished_folds(self):
        code, out, err = self.interrupt(self.start(*self.LONG, "--json"), after=2)
        self.assertEqual(code, 130, err)
        found = json.loads(out)
        self.assertEqual(found["end"], "stopped")
        count = len(found["folds"])
        self.assertGreaterEqual(count, 2)
        self.assertLess(count, 90)
        self.assertAlmostEqual(found["test_cost_mean"], statistics.mean(fold["test_cost"] for fold in found["folds"]))
        self.assertIn("stopping after this step; a second Ctrl-C ends at once", err)
        self.assertIn(f"gradus: interrupted; {count} of 90 folds are finished", err)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["flowers.csv", "prices.csv"])

    def test_ctrl_c_in_text(self):
        code, out, err = self.interrupt(self.start(*self.LONG), after=2)
        self.assertEqual(code, 130, err)
        self.assertRegex(out, r"\Afold  1/90  cost .*\nfold  2/90  cost .*\n")
        self.assertRegex(out, r"\nfolds     \d+ of 90: mean and deviation of cost .* ± .*, accuracy .* ± .*%\n\Z")

    def test_ctrl_c_in_the_first_fold(self):
        process = self.start("--folds", "2", "--epochs", "1000000000", "--batch-size", "10")
        code, out, err = self.interrupt(process, after=0)
        self.assertEqual((code, out), (130, ""), err)
        self.assertIn("gradus: interrupted; 0 of 2 folds are finished", err)

    def test_other_signals_do_the_same(self):
        for number, expected in [(signal.SIGTERM, 143), (signal.SIGHUP, 129)]:
            code, out, err = self.interrupt(self.start(*self.LONG, "--json"), after=1, number=number)
            self.assertEqual(code, expected, err)
            self.assertEqual(json.loads(out)["end"], "stopped")

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
