"""Several targets: labels that a sample has or not, and several numbers."""

import csv
import io
import json
import random

from product import ProductTest, main, npy


def weather(samples=200, seed=6):
    """Whether it is hot, and whether it is wet: each by its own column."""
    generator = random.Random(seed)
    lines = ["warmth,hot,damp,wet"]
    for _ in range(samples):
        warmth, damp = generator.uniform(-10, 40), generator.uniform(0, 100)
        lines.append(f"{warmth:.3f},{int(warmth > 25)},{damp:.3f},{int(damp > 60)}")
    return "\n".join(lines) + "\n"


QUICK = ["--hidden", "16", "--activation", "relu", "--optimizer", "adam", "--learning-rate", "0.02", "--batch-size", "16", "--epochs", "40"]


def table(text):
    return list(csv.reader(io.StringIO(text)))


class Labels(ProductTest):
    def setUp(self):
        super().setUp()
        self.write("weather.csv", weather())
        self.write("later.csv", weather(seed=7))

    def test_training_and_evaluation(self):
        found = self.train("weather.csv", "--target", "wet,hot", *QUICK, "--loss", "binary-cross-entropy", "--test", "later.csv")
        self.assertEqual((found["task"], found["features"], found["outputs"]), ("multi-label", 2, 2))
        self.assertGreater(found["test_label_accuracy"], 0.93)
        self.assertLessEqual(found["test_accuracy"], found["test_label_accuracy"])
        again = self.succeeds("evaluate", "run", "later.csv", "--json").json()
        self.assertEqual((again["accuracy"], again["label_accuracy"]), (found["test_accuracy"], found["test_label_accuracy"]))
        self.assertEqual([label["name"] for label in again["labels"]], ["wet", "hot"])
        for label in again["labels"]:
            self.assertGreater(label["f1"], 0.9)
            self.assertGreater(label["roc_auc"], 0.98)
        self.assertNotIn("confusion", again)
        self.assertIn("log_loss", again)
        report = self.succeeds("evaluate", "run", "later.csv").out
        for text in ["accuracy ", "labels ", "macro F1", "label  precision"]:
            self.assertIn(text, report)

    def test_predictions_are_what_is_evaluated(self):
        self.train("weather.csv", "--target", "wet,hot", *QUICK)
        rows = table(self.succeeds("predict", "run", "later.csv").out)
        self.assertEqual(rows[0], ["wet", "hot"])
        later = csv.DictReader(io.StringIO(weather(seed=7)))
        right = [row == [truth["wet"], truth["hot"]] for row, truth in zip(rows[1:], later)]
        self.assertEqual(sum(right), self.succeeds("evaluate", "run", "later.csv", "--json").json()["correct"])
        scored = table(self.succeeds("predict", "run", "later.csv", "--scores").out)
        self.assertEqual(scored[0], ["wet", "hot", "score_wet", "score_hot"])
        for row in scored[1:]:
            self.assertEqual([int(float(score) > 0.5) for score in row[2:]], [int(label) for label in row[:2]])
        as_json = self.succeeds("predict", "run", "later.csv", "--scores", "--json").json()
        self.assertEqual(as_json["label_names"], ["wet", "hot"])
        self.assertEqual([list(map(str, labels)) for labels in as_json["predictions"]], rows[1:])

    def test_what_is_told_of_labels(self):
        words = ["weather.csv", "--target", "hot,wet"]
        result = self.succeeds("train", *words, *QUICK, "--test-fraction", "0.2")
        self.assertRegex(result.err, r"baseline +test labels \d+\.\d+% right")
        self.assertRegex(result.out, r"test +cost .*, accuracy .* samples\), \d+\.\d+% of the labels")
        lines = [json.loads(line) for line in (self.folder / "gradus-run" / "metrics.jsonl").read_text().splitlines()]
        self.assertIn("test_label_accuracy", lines[-1])
        inspected = self.succeeds("inspect", *words, "--json").json()
        self.assertEqual((inspected["task"], [label["name"] for label in inspected["labels"]]), ("multi-label", ["hot", "wet"]))
        self.assertRegex(self.succeeds("inspect", *words).out, r"label +samples +share\n +hot")
        self.assertRegex(self.succeeds("inspect", "gradus-run").out, r"labels +hot, wet")
        folds = self.succeeds("train", *words, *QUICK, "--folds", "3", "--json").json()
        self.assertGreater(folds["test_label_accuracy_mean"], 0.9)
        self.assertRegex(self.succeeds("train", *words, *QUICK, "--folds", "3").out, r"accuracy \d.*%, labels \d")

    def test_recipe_and_options_given_back(self):
        self.train("weather.csv", "--target", "hot,wet", "--recipe", "tabular", "--epochs", "4", output="first")
        options = json.loads((self.folder / "first" / "options.json").read_text())
        self.assertEqual((options["loss"], options["target"], options["task"]), ("binary-cross-entropy", "hot,wet", "multi-label"))
        self.succeeds("train", "--config", "first/options.json", "--output", "second")
        self.assertEqual(self.model_bytes("first"), self.model_bytes("second"))

    def test_arrays(self):
        generator = random.Random(3)
        inputs = [generator.uniform(-1, 1) for _ in range(200)]
        self.write("x.npy", npy(inputs, (100, 2), "<f4"))
        self.write("y.npy", npy([int(value > 0) for value in inputs], (100, 2), "|u1"))
        found = self.train("x.npy,y.npy", *QUICK)
        self.assertEqual((found["task"], found["outputs"]), ("multi-label", 2))
        self.assertEqual(table(self.succeeds("predict", "run", "x.npy").out)[0], ["prediction_1", "prediction_2"])
        self.assertEqual([label["name"] for label in self.succeeds("evaluate", "run", "x.npy,y.npy", "--json").json()["labels"]], ["1", "2"])

    def test_arrays_that_lack_values(self):
        inputs = [float("nan") if i % 7 == 3 else float(i % 10) for i in range(120)]
        self.write("x.npy", npy(inputs, (60, 2), "<f4"))
        self.write("y.npy", npy([i % 2 for i in range(60)], (60,), "|u1"))
        self.fails(3, "train", "x.npy,y.npy", says=["x.npy", "row 2, column 2", "nan"])
        result = self.succeeds("train", "x.npy,y.npy", "--missing", "indicator", "--epochs", "3", "--json")
        self.assertEqual(result.json()["inputs"], 4)
        self.assertIn("missing values: ", result.err)
        self.assertEqual(len(table(self.succeeds("predict", "gradus-run", "x.npy").out)), 61)

    def test_several_numbers(self):
        lines = ["x,double,far"] + [f"{i},{2 * i},{1000000 - 3000 * i}" for i in range(60)]
        self.write("lines.csv", "\n".join(lines) + "\n")
        found = self.train("lines.csv", "--target", "far,double", "--hidden", "none", "--epochs", "300")
        self.assertEqual((found["task"], found["outputs"]), ("regression", 2))
        self.assertGreater(found["train_r2"], 0.999)
        rows = table(self.succeeds("predict", "run", "lines.csv").out)
        self.assertEqual(rows[0], ["far", "double"])
        self.assertAlmostEqual(float(rows[11][0]), 970000, delta=2000)
        self.assertAlmostEqual(float(rows[11][1]), 20, delta=1)
        again = self.succeeds("evaluate", "run", "lines.csv", "--json").json()
        self.assertEqual(again["r2"], found["train_r2"])
        self.assertEqual([target["name"] for target in again["targets"]], ["far", "double"])
        self.assertGreater(again["targets"][0]["rmse"], 100 * again["targets"][1]["rmse"])
        self.assertAlmostEqual(sum(target["r2"] for target in again["targets"]) / 2, again["r2"])
        self.assertRegex(self.succeeds("evaluate", "run", "lines.csv").out, r"target +RMSE +MAE +R²\nfar ")
        # The model's own names are those of its targets in any order.
        self.assertEqual(self.succeeds("evaluate", "run", "lines.csv", "--target", "double, far", "--json").json()["r2"], again["r2"])

    def test_what_cannot_be(self):
        for code, words, says in [(2, ["--target", "hot,hot"], "twice"), (2, ["--target", "hot,cold"], "'cold'"),
                                  (2, ["--target", "hot,wet", "--task", "classification"], "a classification has one"),
                                  (3, ["--target", "hot,damp", "--task", "multi-label"], ["weather.csv:2:3 ('damp')", "not a label"]),
                                  (2, ["--target", "hot,wet", "--loss", "cross-entropy"], "binary-cross-entropy"),
                                  (2, ["--target", "hot,wet", "--output-activation", "softmax"], "use sigmoid"),
                                  (2, ["--target", "hot,wet", "--class-weights", "balanced"], "one class each"),
                                  (2, ["--target", "hot,wet", "--validation-fraction", "0.1", "--monitor", "rmse"], "cost or accuracy")]:
            self.fails(code, "train", "weather.csv", *words, says=says)
        self.train("weather.csv", "--target", "hot,wet", *QUICK)
        self.write("part.csv", "warmth,hot,damp\n1,0,2\n")
        self.fails(3, "evaluate", "run", "part.csv", says=["part.csv", "'wet'"])
        self.succeeds("predict", "run", "part.csv")


if __name__ == "__main__":
    main()
