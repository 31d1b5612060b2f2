"""inspect: what a model or data file holds."""

import shutil

import json

from product import DIGITS, ProductTest, flowers, main, prices, write_image_folder

MODEL = "run/model.safetensors"


class Inspect(ProductTest):
    def test_model(self):
        self.write("flowers.csv", flowers())
        self.train("flowers.csv", "--epochs", "7", "--batch-size", "30", "--hidden", "6,4", "--activation", "tanh",
                   "--learning-rate", "0.5", "--seed", "3")
        text = self.succeeds("inspect", MODEL).out
        for part in ["3-6-4-3, tanh, sigmoid output, 67 parameters", "length, width, height", "rose", "tulip", "90 samples",
                     "7 epochs", "21 steps", "batches of 30", "learning rate 0.5", "seed 3", "gradus 0."]:
            self.assertIn(part, text)
        found = self.succeeds("inspect", MODEL, "--json").json()
        expected = {"kind": "model", "task": "classification", "widths": [3, 6, 4, 3], "parameters": 67, "inputs": 3, "outputs": 3,
                    "feature_names": ["length", "width", "height"], "activation": "tanh", "output_activation": "sigmoid"}
        self.assertEqual({key: found[key] for key in expected}, expected)
        self.assertEqual((found["training"]["epochs"], found["training"]["seed"]), (7, 3))

    def test_model_under_another_name(self):
        self.write("flowers.csv", flowers())
        self.train("flowers.csv", "--epochs", "2")
        shutil.copy(self.folder / MODEL, self.folder / "model.backup")
        self.assertEqual(self.succeeds("inspect", "model.backup", "--json").json()["kind"], "model")

    def test_folder_of_a_run_stands_for_its_model(self):
        self.write("flowers.csv", flowers())
        self.train("flowers.csv", "--epochs", "2")
        self.assertEqual(self.succeeds("inspect", "run", "--json").json(), self.succeeds("inspect", MODEL, "--json").json())

    def test_many_names_are_shortened(self):
        self.train(DIGITS, "--epochs", "2")
        text = self.succeeds("inspect", MODEL).out
        self.assertIn("pixel_0_0, pixel_0_1", text)
        self.assertIn("… pixel_7_7", text)
        self.assertLess(max(map(len, text.splitlines())), 125)

    def test_classification_data(self):
        self.write("flowers.csv", flowers())
        text = self.succeeds("inspect", "flowers.csv").out
        for part in ["classification", "samples   90", "features  3", "floats", "length", "min", "mean", "max", "rose", "33.33%"]:
            self.assertIn(part, text)
        found = self.succeeds("inspect", "flowers.csv", "--json").json()
        self.assertEqual((found["kind"], found["samples"], found["inputs"], found["outputs"]), ("data", 90, 3, 3))
        self.assertEqual(sorted((entry["name"], entry["samples"]) for entry in found["classes"]),
                         [("daisy, white", 30), ("rose", 30), ("tulip", 30)])
        heights = [float(line.split(",")[2]) for line in flowers().splitlines()[1:]]
        height = found["features"][2]
        self.assertEqual(height["name"], "height")
        self.assertAlmostEqual(height["min"], min(heights), places=5)
        self.assertAlmostEqual(height["mean"], sum(heights) / 90, places=5)
        self.assertAlmostEqual(height["max"], max(heights), places=5)

    def test_regression_data(self):
        self.write("prices.csv", prices())
        text = self.succeeds("inspect", "prices.csv").out
        self.assertIn("regression", text)
        self.assertIn("price", text)
        found = self.succeeds("inspect", "prices.csv", "--json").json()
        values = [float(line.split(",")[2]) for line in prices().splitlines()[1:]]
        mean = sum(values) / len(values)
        deviation = (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5
        self.assertAlmostEqual(found["targets"][0]["standard_deviation"] / deviation, 1, places=5)

    def test_reading_options(self):
        self.write("prices.csv", prices())
        self.assertEqual(self.succeeds("inspect", "prices.csv", "--target", "age", "--json").json()["targets"][0]["name"], "age")
        self.write("bare.csv", "1;2;0\n3;4;1\n5;7;0\n")
        found = self.succeeds("inspect", "bare.csv", "--header", "no", "--delimiter", ";", "--task", "regression", "--json").json()
        self.assertEqual((found["task"], found["samples"], found["inputs"]), ("regression", 3, 2))

    def test_image_folder(self):
        write_image_folder(self.folder / "images")
        text = self.succeeds("inspect", "images").out
        self.assertIn("bytes", text)
        self.assertIn("20 in the test set", text)
        found = self.succeeds("inspect", "images", "--json").json()
        self.assertEqual((found["values"], found["samples"], found["test_samples"], len(found["features"])), ("bytes", 60, 20, 16))

    def test_many_columns_are_cut(self):
        self.assertIn("44 more", self.succeeds("inspect", DIGITS).out)

    def test_names_cannot_move_the_cursor(self):
        self.write("odd.csv", flowers().replace("rose", "ro\x1b[2Jse").replace("length", "len\x1b[1Agth"))
        self.assertNotIn("\x1b", self.succeeds("inspect", "odd.csv").out)
        self.train("odd.csv", "--epochs", "2")
        self.assertNotIn("\x1b", self.succeeds("inspect", MODEL).out)
        self.assertNotIn("\x1b", self.succeeds("evaluate", MODEL, "odd.csv").out)

    def test_a_model_tells_every_option_that_made_it(self):
        self.write("flowers.csv", flowers())
        words = ["--optimizer", "adam", "--beta1", "0.8", "--schedule", "cosine", "--warmup", "2", "--dropout", "0.1", "--mixup", "0.2",
                 "--input-noise", "0.1", "--weight-decay", "0.01", "--clip-norm", "1", "--validation-fraction", "0.2", "--patience", "4",
                 "--hidden", "7,5", "--loss", "cross-entropy", "--label-smoothing", "0.05", "--batch-size", "16", "--threads", "1"]
        self.train("flowers.csv", *words, "--epochs", "5", output="run")
        kept = self.succeeds("inspect", "run", "--json").json()["training"]["options"]
        given = json.loads((self.folder / "run" / "options.json").read_text())
        for key in ["optimizer", "beta1", "schedule", "warmup", "dropout", "mixup", "input_noise", "weight_decay", "clip_norm", "patience", "monitor",
                    "hidden", "loss", "label_smoothing", "batch_size", "epochs", "learning_rate", "l1", "elastic", "normalize", "seed"]:
            self.assertEqual(kept[key], given[key], key)
        # What cannot change the result, or does not count, is not there: the same training gives the same bytes.
        self.assertEqual({"threads", "output", "report_every", "test", "momentum", "huber_delta"} & set(kept), set())
        shown = self.succeeds("inspect", "run").out
        for text in ["cross-entropy, adam", "schedule cosine", "warmup 2", "dropout 0.1", "mixup 0.2", "patience 4", "batches of 16"]:
            self.assertIn(text, shown)


if __name__ == "__main__":
    main()
