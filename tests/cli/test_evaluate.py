"""evaluate: figures that can be recomputed from the predictions."""

import csv
import io
import math

from product import ProductTest, flowers, main, prices

MODEL = "run/model.safetensors"


class Evaluate(ProductTest):
    def test_classification(self):
        self.write("flowers.csv", flowers())
        self.train("flowers.csv", "--epochs", "15")
        found = self.succeeds("evaluate", MODEL, "flowers.csv", "--json").json()
        actual = [row["kind"] for row in csv.DictReader(io.StringIO(flowers()))]
        predicted = [row["prediction"] for row in csv.DictReader(io.StringIO(self.succeeds("predict", MODEL, "flowers.csv").out))]
        correct = sum(a == p for a, p in zip(actual, predicted))
        self.assertEqual((found["samples"], found["correct"]), (90, correct))
        self.assertAlmostEqual(found["accuracy"], correct / 90)
        self.assertEqual(sorted(found["class_names"]), ["daisy, white", "rose", "tulip"])
        for i, of in enumerate(found["class_names"]):
            for j, taken_for in enumerate(found["class_names"]):
                count = sum(a == of and p == taken_for for a, p in zip(actual, predicted))
                self.assertEqual(found["confusion"][i][j], count)

    def test_figures_of_each_class(self):
        """Counted again from the predictions and their scores."""
        self.write("flowers.csv", flowers())
        self.train("flowers.csv", "--epochs", "2", "--loss", "cross-entropy", "--learning-rate", "0.1")
        found = self.succeeds("evaluate", MODEL, "flowers.csv", "--json").json()
        actual = [row["kind"] for row in csv.DictReader(io.StringIO(flowers()))]
        rows = list(csv.DictReader(io.StringIO(self.succeeds("predict", MODEL, "flowers.csv", "--scores").out)))
        names = found["class_names"]
        scores = [[float(row[f"score_{name}"]) for name in names] for row in rows]
        areas, f1s = [], []
        for k, name in enumerate(names):
            mine = [score[k] for score, kind in zip(scores, actual) if kind == name]
            others = [score[k] for score, kind in zip(scores, actual) if kind != name]
            areas.append(sum((m > o) + 0.5 * (m == o) for m in mine for o in others) / (len(mine) * len(others)))
            taken = sum(row["prediction"] == name for row in rows)
            right = sum(row["prediction"] == kind == name for row, kind in zip(rows, actual))
            f1s.append(2 * right / (taken + len(mine)))
            of_class = found["classes"][k]
            self.assertEqual((of_class["name"], of_class["samples"]), (name, len(mine)))
            self.assertAlmostEqual(of_class["recall"], right / len(mine))
            self.assertAlmostEqual(of_class["roc_auc"], areas[-1], places=4)  # scores are written with few digits
            self.assertAlmostEqual(of_class["f1"], f1s[-1])
            self.assertEqual(of_class["precision"], right / taken if taken else None)
        self.assertAlmostEqual(found["macro_f1"], sum(f1s) / len(f1s))
        self.assertAlmostEqual(found["roc_auc"], sum(areas) / len(areas), places=4)
        loss = -sum(math.log(score[names.index(kind)]) for score, kind in zip(scores, actual)) / len(actual)
        self.assertAlmostEqual(found["log_loss"], loss, places=5)
        self.assertAlmostEqual(found["log_loss"], found["cost"], places=5)
        self.assertIn("top_2_accuracy", found)
        self.assertNotIn("top_3_accuracy", found)
        self.assertTrue(0 <= found["calibration_error"] <= 1)
        text = self.succeeds("evaluate", MODEL, "flowers.csv").out
        self.assertRegex(text, r"(?m)^macro F1 +[01]\.\d{4}$")
        self.assertRegex(text, r"(?m)^rose +\S+ +[01]\.\d{4} +[01]\.\d{4} +[01]\.\d{4} +30$")

    def test_outputs_that_are_no_probabilities(self):
        self.write("flowers.csv", flowers())
        self.train("flowers.csv", "--epochs", "15", "--output-activation", "identity", "--learning-rate", "0.1")
        found = self.succeeds("evaluate", MODEL, "flowers.csv", "--json").json()
        self.assertIsNone(found["log_loss"])
        self.assertIsNone(found["calibration_error"])
        self.assertNotIn("log loss", self.succeeds("evaluate", MODEL, "flowers.csv").out)

    def test_cost_is_that_of_the_training(self):
        self.write("flowers.csv", flowers())
        trained = self.train("flowers.csv", "--epochs", "15")
        found = self.succeeds("evaluate", MODEL, "flowers.csv", "--json").json()
        self.assertEqual((found["cost"], found["accuracy"]), (trained["train_cost"], trained["train_accuracy"]))

    def test_classification_as_text(self):
        self.write("flowers.csv", flowers())
        self.train("flowers.csv", "--epochs", "300")
        text = self.succeeds("evaluate", MODEL, "flowers.csv").out
        self.assertRegex(text, r"accuracy +[\d.]+% \(\d+ correct\)")
        self.assertIn("confusion", text)
        self.assertIn("daisy, white", text)

    def test_many_classes_as_text(self):
        lines = ["x,y,kind"]
        lines += [f"{i % 30},{(i * 7) % 13},kind{i % 30}" for i in range(300)]
        self.write("many.csv", "\n".join(lines) + "\n")
        self.train("many.csv", "--epochs", "2")
        text = self.succeeds("evaluate", MODEL, "many.csv").out
        self.assertIn("most frequent confusions", text)
        self.assertRegex(text, r"(?m)^ +\d+  kind\d+ predicted as kind\d+$")
        self.assertLessEqual(text.count("predicted as"), 10)
        self.assertEqual(len(self.succeeds("evaluate", MODEL, "many.csv", "--json").json()["confusion"]), 30)

    def test_regression(self):
        self.write("prices.csv", prices())
        self.train("prices.csv", "--hidden", "8", "--activation", "tanh", "--epochs", "100")
        found = self.succeeds("evaluate", MODEL, "prices.csv", "--json").json()
        actual = [float(row["price"]) for row in csv.DictReader(io.StringIO(prices()))]
        table = self.succeeds("predict", MODEL, "prices.csv").out
        predicted = [float(row["prediction"]) for row in csv.DictReader(io.StringIO(table))]
        errors = [p - a for a, p in zip(actual, predicted)]
        mean = sum(actual) / len(actual)
        self.assertAlmostEqual(found["rmse"] / math.sqrt(sum(e * e for e in errors) / 120), 1, places=4)
        self.assertAlmostEqual(found["mae"] / (sum(map(abs, errors)) / 120), 1, places=4)
        self.assertAlmostEqual(found["r2"], 1 - sum(e * e for e in errors) / sum((a - mean) ** 2 for a in actual), places=4)
        text = self.succeeds("evaluate", MODEL, "prices.csv").out
        for word in ["RMSE", "MAE", "R²"]:
            self.assertIn(word, text)

    def test_r2_that_is_not_defined(self):
        self.write("prices.csv", prices())
        self.train("prices.csv", "--epochs", "2")
        self.write("same.csv", "size,age,price\n50,10,100000\n60,10,100000\n")
        self.assertIsNone(self.succeeds("evaluate", MODEL, "same.csv", "--json").json()["r2"])
        self.assertIn("not defined", self.succeeds("evaluate", MODEL, "same.csv").out)

    def test_classes_too_many_for_a_matrix(self):
        lines = ["x,y,kind"] + [f"{i % 50},{i // 50},kind{i}" for i in range(2001)]
        self.write("names.csv", "\n".join(lines) + "\n")
        self.train("names.csv", "--epochs", "1", "--hidden", "2")
        text = self.succeeds("evaluate", MODEL, "names.csv").out
        self.assertIn("2,001 classes are too many for a confusion matrix", text)
        found = self.succeeds("evaluate", MODEL, "names.csv", "--json").json()
        self.assertEqual((found["confusion"], len(found["class_names"]), found["samples"]), (None, 2001, 2001))

    def test_folder_of_a_run_stands_for_its_model(self):
        self.write("flowers.csv", flowers())
        self.train("flowers.csv", "--epochs", "2")
        self.assertEqual(self.succeeds("evaluate", "run", "flowers.csv").out, self.succeeds("evaluate", MODEL, "flowers.csv").out)
        self.assertEqual(self.succeeds("evaluate", "run", "flowers.csv", "--json").json()["model"], MODEL)

    def test_after_save_and_load_as_in_the_run(self):
        self.write("flowers.csv", flowers())
        self.write("test.csv", flowers(samples=33, seed=8))
        trained = self.train("flowers.csv", "--test", "test.csv", "--epochs", "15")
        found = self.succeeds("evaluate", MODEL, "test.csv", "--json", "--device", "cpu", "--threads", "1").json()
        self.assertEqual((found["cost"], found["accuracy"]), (trained["test_cost"], trained["test_accuracy"]))


if __name__ == "__main__":
    main()
