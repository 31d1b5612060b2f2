"""What a run says and leaves behind."""

import json
import math
import shlex
import subprocess

from product import DIGITS, RUN_FILES, ProductTest, flowers, main, prices


class TrainResults(ProductTest):
    def setUp(self):
        super().setUp()
        self.write("flowers.csv", flowers())
        self.write("prices.csv", prices())

    def test_summary_and_reports(self):
        result = self.succeeds("train", "flowers.csv", "--test-fraction", "0.2", "--epochs", "60", "--batch-size", "8")
        summary = result.err
        for text in ["flowers.csv: 72 samples, 3 features, 3 classes", "18 samples", "3-30-3, sigmoid, 213 parameters",
                     "sgd, learning rate 3, batches of 8, 60 epochs", "seed 0", "cpu, ", "33.33%", "most frequent class"]:
            self.assertIn(text, summary)
        self.assertRegex(summary, r"epoch 30/60  cost [\d.e-]+  test cost [\d.e-]+  test accuracy [\d.]+%  [\d.]+[kMG]? samples/s"
                                  r"  [\d.]+ s left\n")
        self.assertRegex(summary, r"epoch 60/60  .* samples/s\n")
        self.assertNotIn("\x1b", summary)
        self.assertNotIn("\r", summary)
        self.assertRegex(result.out, r"finished +60 epochs, 540 steps in ")
        self.assertRegex(result.out, r"test +cost [\d.e-]+, accuracy [\d.]+%")
        self.assertIn("gradus-run/model.safetensors", result.out)

    def test_regression_reports_rmse(self):
        result = self.succeeds("train", "prices.csv", "--test-fraction", "0.2", "--hidden", "8", "--activation", "tanh")
        self.assertRegex(result.err, r"epoch .*  test RMSE [\d.]+  ")
        self.assertRegex(result.err, r"baseline +test RMSE [\d.]+ \(always the mean\)")
        self.assertIn("R²", result.out)

    def test_proposed_commands_work(self):
        name = "my flowers' \"list\".csv"
        self.write(name, flowers())
        result = self.succeeds("train", name, "--test", name, "--epochs", "3", "--output", "my run", "--header", "yes")
        proposed = [line.strip() for line in result.err.split("Use the model:")[1].splitlines() if line.strip()]
        self.assertEqual([shlex.split(line)[1] for line in proposed], ["evaluate", "predict"])
        for line in proposed:
            completed = subprocess.run(["sh", "-c", line], cwd=self.folder, capture_output=True, check=False)
            self.assertEqual(completed.returncode, 0, f"{line}\n{completed.stderr}")

    def test_json_of_a_classification(self):
        result = self.succeeds("train", "flowers.csv", "--test-fraction", "0.2", "--json", "--epochs", "200")
        self.assertEqual(result.out.count("\n"), 1)
        found = result.json()
        expected = {"task": "classification", "samples": 72, "test_samples": 18, "inputs": 3, "outputs": 3, "parameters": 213,
                    "epochs": 200, "steps": 200, "device": "cpu", "seed": 0, "model": "gradus-run/model.safetensors",
                    "end": "finished"}
        self.assertEqual({key: found[key] for key in expected}, expected)
        for key in ["train_cost", "test_cost", "train_accuracy", "test_accuracy", "train_seconds", "samples_per_second", "threads"]:
            self.assertGreaterEqual(found[key], 0)
        self.assertTrue(0.9 <= found["test_accuracy"] <= 1.0)
        self.assertIn("epoch", result.err)

    def test_json_of_a_regression(self):
        found = self.train("prices.csv", "--test-fraction", "0.2", "--hidden", "8", "--activation", "tanh")
        self.assertEqual((found["task"], found["outputs"]), ("regression", 1))
        for part in ["train", "test"]:
            self.assertGreater(found[f"{part}_r2"], 0.9)
            self.assertTrue(0 < found[f"{part}_mae"] <= found[f"{part}_rmse"])
        self.assertTrue(1000 < found["test_rmse"] < 30000)  # in the units of the data
        self.assertNotIn("test_accuracy", found)

    def test_json_without_a_test_part(self):
        found = self.train("flowers.csv", "--epochs", "2")
        self.assertEqual([key for key in found if key.startswith("test")], [])

    def test_files_of_a_run(self):
        result = self.train("flowers.csv", "--epochs", "10", "--report-every", "5", "--test-fraction", "0.2", "--batch-size", "24")
        self.assertEqual(sorted(path.name for path in (self.folder / "run").iterdir()), RUN_FILES)
        lines = [json.loads(line) for line in (self.folder / "run/metrics.jsonl").read_text().splitlines()]
        self.assertEqual([line["epoch"] for line in lines], list(range(1, 11)))
        self.assertEqual([line["steps"] for line in lines], list(range(3, 31, 3)))
        self.assertTrue(all(math.isfinite(line["train_cost"]) for line in lines))
        self.assertEqual([line["epoch"] for line in lines if "test_accuracy" in line], [5, 10])
        self.assertEqual(lines[-1]["test_cost"], result["test_cost"])
        options = json.loads((self.folder / "run/options.json").read_text())
        self.assertEqual(options["version"], self.succeeds("--version").out.split()[1])
        self.assertEqual(options["device"], result["device"])
        for key in ["data", "target", "task", "test", "test_fraction", "hidden", "activation",
                    "output_activation", "loss", "optimizer", "learning_rate", "batch_size", "epochs", "init", "seed", "normalize",
                    "threads", "precision", "output", "report_every"]:
            self.assertIn(key, options)
        self.assertEqual((options["epochs"], options["batch_size"], options["report_every"]), (10, 24, 5))
        self.assertEqual((options["target"], options["normalize"]), ("kind", "auto"))
        for key in ["header", "delimiter"]:  # were not given
            self.assertIsNone(options[key])

    def test_the_same_command_twice_gives_the_same_bytes(self):
        for words in [["flowers.csv"], ["flowers.csv", "--batch-size", "7", "--epochs", "5", "--test-fraction", "0.1"],
                      ["prices.csv", "--hidden", "16,8", "--activation", "tanh", "--epochs", "50"]]:
            self.train(*words, "--overwrite", output="first")
            self.train(*words, "--overwrite", output="second")
            self.assertEqual(self.model_bytes("first"), self.model_bytes("second"))

    def test_digits_with_the_defaults(self):
        found = self.train(DIGITS, "--test-fraction", "0.2")
        self.assertGreaterEqual(found["test_accuracy"], 0.95)
        self.assertEqual((found["samples"], found["test_samples"], found["parameters"]), (1438, 359, 2260))

    def test_a_network_that_learnt_nothing_is_said_to(self):
        """A wide sigmoid layer saturates under the default rate: the same answer for every sample, at a finite cost."""
        result = self.succeeds("train", DIGITS, "--hidden", "300", "--epochs", "60")
        self.assertIn("no better than always the most frequent class", result.err)
        self.assertIn("smaller --learning-rate, e.g. 0.3", result.err)
        learnt = self.succeeds("train", DIGITS, "--epochs", "60", "--output", "other")
        self.assertNotIn("no better", learnt.err)

    def test_divergence(self):
        result = self.gradus("train", "prices.csv", "--learning-rate", "1e30", "--hidden", "8", "--activation", "identity", "--json",
                             "--quiet")
        self.assertEqual(result.code, 4, str(result))
        self.assertRegex(result.err, r"gradus: error: the cost became NaN or infinite in epoch \d+; .*last model whose cost was finite"
                                     r".*smaller --learning-rate, e\.g\. 1e\+29")
        self.assertEqual(result.json()["end"], "diverged")
        model = "gradus-run/model.safetensors"
        self.succeeds("evaluate", model, "prices.csv")
        self.assertNotIn("nan", self.succeeds("predict", model, "prices.csv").out)
        self.assert_no_remains()

    def test_divergence_from_the_beginning(self):
        words = ["train", "prices.csv", "--init", "uniform:1e38", "--activation", "relu"]
        for output in ["gradus-run", "empty"]:
            if output == "empty":
                (self.folder / output).mkdir()
            result = self.gradus(*words, "--output", output)
            self.assertEqual(result.code, 4, str(result))
            self.assertIn("gradus: error: the cost is NaN or infinite from the beginning; try smaller initial values (--init) or "
                          "another --normalize", result.err)
            self.assertNotIn("model.safetensors", result.out + result.err)
        self.assertFalse((self.folder / "gradus-run").exists())
        self.assertEqual(list((self.folder / "empty").iterdir()), [])
        # An earlier run stays as it is.
        self.train("prices.csv", "--epochs", "2")
        before = {name: (self.folder / "run" / name).read_bytes() for name in RUN_FILES}
        result = self.gradus(*words, "--output", "run", "--overwrite", "--json", "--quiet")
        self.assertEqual(result.code, 4, str(result))
        self.assertEqual((result.json()["end"], result.json()["model"]), ("diverged", None))
        self.assertEqual({path.name: path.read_bytes() for path in (self.folder / "run").iterdir()}, before)

    def test_targets_that_are_all_the_same(self):
        self.write("same.csv", "x,y\n" + "".join(f"{i},7\n" for i in range(20)))
        result = self.succeeds("train", "same.csv", "--task", "regression", "--epochs", "3")
        self.assertIn("R² not defined (every target is the same)", result.out)
        self.assertNotIn("nan", result.out)

    def test_names_cannot_move_the_cursor(self):
        name = "flow\x1b[2Jers' \\.csv"
        self.write(name, flowers())
        result = self.succeeds("train", name, "--test", name, "--epochs", "3", "--output", "r\x1b[1Aun")
        self.assertNotIn("\x1b", result.out + result.err)
        proposed = [line.strip() for line in result.err.split("Use the model:\n")[1].splitlines()]
        self.assertIn("$'flow\\x1b[2Jers\\' \\\\.csv'", proposed[-1])
        for line in proposed:
            completed = subprocess.run(["bash", "-c", line], cwd=self.folder, capture_output=True, check=False)
            self.assertEqual(completed.returncode, 0, f"{line}: {completed.stderr}")

    def test_divergence_of_several_epochs(self):
        result = self.gradus("train", "prices.csv", "--learning-rate", "50", "--hidden", "8", "--activation", "identity")
        self.assertEqual(result.code, 4, str(result))
        self.assertIn("diverged", result.out)
        for line in (self.folder / "gradus-run/metrics.jsonl").read_text().splitlines():
            json.loads(line)

    def test_no_output_folder_remains_of_a_failure(self):
        self.fails(3, "train", "no-such-file.csv", "--output", "new/run")
        self.assertFalse((self.folder / "new").exists())


if __name__ == "__main__":
    main()
