"""Every option of train does something."""

import json
import signal
import subprocess

from product import COMMAND, TIMEOUT, ProductTest, flowers, main, prices, write_image_folder


class TrainOptions(ProductTest):
    def setUp(self):
        super().setUp()
        self.write("flowers.csv", flowers())
        self.write("prices.csv", prices())
        self.runs = 0

    def run_with(self, *words, data="flowers.csv", epochs="4"):
        """Trains into a folder of its own; returns the result, options.json and the model's bytes."""
        self.runs += 1
        output = f"run-{self.runs}"
        result = self.train(data, "--epochs", epochs, *words, output=output)
        options = json.loads((self.folder / output / "options.json").read_text())
        return result, options, self.model_bytes(output)

    def assert_changes_the_model(self, *words, **options):
        self.assertNotEqual(self.run_with(**options)[2], self.run_with(*words, **options)[2])

    def test_defaults(self):
        result, options, _ = self.run_with()
        expected = {"hidden": [30], "activation": "sigmoid", "output_activation": "sigmoid", "loss": "mse", "optimizer": "sgd",
                    "learning_rate": 3.0, "batch_size": "full", "init": "xavier", "seed": 0, "device": "cpu",
                    "precision": "fp32", "test": None, "test_fraction": None}
        self.assertEqual({key: options[key] for key in expected}, expected)
        self.assertEqual(result["parameters"], 3 * 30 + 30 + 30 * 3 + 3)
        _, options, _ = self.run_with(data="prices.csv")
        self.assertEqual((options["output_activation"], options["learning_rate"]), ("identity", 0.1))

    def test_default_epochs(self):
        self.assertEqual(self.train("flowers.csv")["epochs"], 1000)
        self.assertEqual(self.train("flowers.csv", "--batch-size", "10", output="small")["epochs"], 30)
        self.assertEqual(self.train("flowers.csv", "--batch-size", "full", output="full")["epochs"], 1000)

    def test_hidden(self):
        for value, widths, parameters in [("5", [5], 38), ("6,4", [6, 4], 67), ("none", [], 12)]:
            result, options, _ = self.run_with("--hidden", value)
            self.assertEqual((options["hidden"], result["parameters"]), (widths, parameters))

    def test_many_layers(self):
        result = self.succeeds("train", "flowers.csv", "--hidden", ",".join(["2"] * 40), "--epochs", "2")
        self.assertRegex(result.err, r"network +3(-2){15}-…-3 \(41 layers\), sigmoid")

    def test_activation(self):
        for value in ["identity", "tanh", "relu", "scaled-tanh", "leaky-relu", "elu", "gelu", "silu", "softplus"]:
            self.assert_changes_the_model("--activation", value, "--learning-rate", "0.1")
            self.assert_changes_the_model("--output-activation", value, "--learning-rate", "0.1")

    def test_loss(self):
        for value, output in [("cross-entropy", "softmax"), ("binary-cross-entropy", "sigmoid"), ("huber", "sigmoid"), ("mae", "sigmoid")]:
            _, options, _ = self.run_with("--loss", value)
            self.assertEqual((options["loss"], options["output_activation"]), (value, output))
            self.assert_changes_the_model("--loss", value, "--learning-rate", "0.1")
        for value in ["huber", "mae"]:
            self.assert_changes_the_model("--loss", value, data="prices.csv")
        self.assertEqual(self.run_with("--loss", "cross-entropy", "--label-smoothing", "0.1")[1]["label_smoothing"], 0.1)
        self.assertEqual(self.run_with("--loss", "huber", "--huber-delta", "0.5", data="prices.csv")[1]["huber_delta"], 0.5)
        self.assertNotEqual(self.run_with("--loss", "cross-entropy")[2], self.run_with("--loss", "cross-entropy", "--label-smoothing", "0.1")[2])
        self.assertNotEqual(self.run_with("--loss", "huber", data="prices.csv")[2],
                            self.run_with("--loss", "huber", "--huber-delta", "0.1", data="prices.csv")[2])

    def test_a_loss_is_learnt_by(self):
        """And its model says the same when it is read again."""
        for loss in ["cross-entropy", "binary-cross-entropy"]:
            result = self.train("flowers.csv", "--loss", loss, "--optimizer", "adam", "--learning-rate", "0.01", "--epochs", "300", output=loss)
            self.assertGreater(result["train_accuracy"], 0.95)
            again = self.succeeds("evaluate", f"{loss}/model.safetensors", "flowers.csv", "--json").json()
            self.assertEqual(again["accuracy"], result["train_accuracy"])
            self.assertAlmostEqual(again["cost"], result["train_cost"], delta=1e-6 * result["train_cost"])
        scores = self.succeeds("predict", "cross-entropy/model.safetensors", "flowers.csv", "--scores", "--json").json()
        self.assertTrue(scores)

    def test_losses_that_do_not_fit(self):
        for words, says in [(["--loss", "cross-entropy", "--output-activation", "sigmoid"], ["softmax", "sigmoid"]),
                            (["--loss", "binary-cross-entropy", "--output-activation", "tanh"], ["sigmoid", "tanh"]),
                            (["--output-activation", "softmax"], ["cross-entropy"]),
                            (["--activation", "softmax"], ["output layer"]),
                            (["--label-smoothing", "0.1"], ["--label-smoothing", "cross-entropy"]),
                            (["--huber-delta", "0.1"], ["--huber-delta", "huber"])]:
            self.fails(2, "train", "flowers.csv", *words, says=says)
        self.fails(2, "train", "prices.csv", "--loss", "cross-entropy", says=["for classification", "huber"])
        self.assertFalse((self.folder / "gradus-run").exists())

    def test_optimizer(self):
        expected = {"sgd": 3.0, "momentum": 0.02, "nesterov": 0.02, "rmsprop": 0.001, "adam": 0.001, "adamw": 0.001, "lamb": 0.01}
        models = set()
        for value, rate in expected.items():
            _, options, model = self.run_with("--optimizer", value)
            self.assertEqual((options["optimizer"], options["learning_rate"]), (value, rate))
            self.assertEqual(options["weight_decay"], 0.01 if value == "adamw" else 0.0)
            models.add(model)
        self.assertEqual(len(models), len(expected))
        self.assertEqual(self.run_with("--loss", "cross-entropy")[1]["learning_rate"], 0.5)

    def test_numbers_of_optimizers(self):
        for optimizer, words, key in [("momentum", ["--momentum", "0.5"], "momentum"), ("nesterov", ["--momentum", "0.5"], "momentum"),
                                      ("adam", ["--beta1", "0.5"], "beta1"), ("adamw", ["--beta2", "0.5"], "beta2"),
                                      ("rmsprop", ["--beta2", "0.5"], "beta2"), ("lamb", ["--epsilon", "0.5"], "epsilon")]:
            before = self.run_with("--optimizer", optimizer)
            after = self.run_with("--optimizer", optimizer, *words)
            self.assertEqual(after[1][key], 0.5)
            self.assertNotEqual(after[2], before[2])
        for words, says in [(["--momentum", "0.5"], ["--momentum", "nesterov", "sgd"]),
                            (["--optimizer", "momentum", "--beta1", "0.5"], ["--beta1", "adam", "momentum"]),
                            (["--optimizer", "rmsprop", "--beta1", "0.5"], ["--beta1", "rmsprop"]),
                            (["--optimizer", "sgd", "--epsilon", "0.5"], ["--epsilon", "sgd"])]:
            self.fails(2, "train", "flowers.csv", *words, says=says)

    def test_regularisation(self):
        for words, key in [(["--weight-decay", "0.1"], "weight_decay"), (["--l1", "0.1"], "l1"), (["--l2", "0.1"], "l2"),
                           (["--clip-norm", "0.1"], "clip_norm"), (["--dropout", "0.1"], "dropout")]:
            self.assertEqual(self.run_with(*words)[1][key], 0.1)
            self.assert_changes_the_model(*words)
            self.assert_changes_the_model(*words, "--optimizer", "adam")
        # By plain descent the two are the same.
        decayed = self.run_with("--weight-decay", "0.01", "--learning-rate", "0.5")[0]["train_cost"]
        penalised = self.run_with("--l2", "0.01", "--learning-rate", "0.5")[0]["train_cost"]
        self.assertAlmostEqual(decayed, penalised, delta=1e-5 * penalised)

    def test_augmentation(self):
        for words, key, value in [(["--input-noise", "0.1"], "input_noise", 0.1), (["--mixup", "0.2"], "mixup", 0.2)]:
            self.assertEqual(self.run_with(*words)[1][key], value)
            self.assert_changes_the_model(*words)
            self.assert_changes_the_model(*words, "--batch-size", "16", data="prices.csv")
            self.assertEqual(self.run_with(*words)[2], self.run_with(*words)[2])
        write_image_folder(self.folder / "images")
        for words, key, value in [(["--shift", "1"], "shift", 1.0), (["--rotate", "20"], "rotate", 20.0), (["--scale", "0.2"], "scale", 0.2),
                                  (["--elastic", "8"], "elastic", "8:4"), (["--elastic", "8:1.5"], "elastic", "8:1.5")]:
            options = self.run_with(*words, data="images")[1]
            self.assertEqual((options[key], options["image_size"]), (value, "4x4"))
            self.assert_changes_the_model(*words, data="images")
            self.assert_changes_the_model(*words, "--image-size", "1x3")
        self.assertIsNone(self.run_with("--shift", "0", data="images")[1]["image_size"])
        options = self.run_with("--recipe", "image", data="images")[1]
        self.assertEqual((options["shift"], options["image_size"]), (4 / 28, "4x4"))
        for words in [["--normalize", "quantile"], ["--shift", "0", "--elastic", "0"]]:
            self.assertIsNone(self.run_with("--recipe", "image", *words, data="images")[1]["image_size"])
        self.assertIn("image_size", self.run_with("--recipe", "image", "--image-size", "1x3")[1])
        self.assertIn("shift 1, rotate 20, image size 4x4", self.succeeds("train", "images", "--epochs", "2", "--shift", "1", "--rotate", "20").err)

    def test_augmentation_that_cannot_be(self):
        for words, says in [(["--shift", "1"], ["flowers.csv", "--image-size HEIGHTxWIDTH"]), (["--shift", "-1"], ["--shift", "from 0 to 65536"]),
                            (["--shift", "1", "--image-size", "2x2"], ["2 x 2 pixels", "3 features"]),
                            (["--shift", "1", "--image-size", "28"], ["--image-size", "28x28"]),
                            (["--shift", "1", "--image-size", "0x3"], ["--image-size", "28x28"]),
                            (["--shift", "1", "--image-size", "99999999999999999999x3"], ["--image-size"]),
                            (["--image-size", "1x3"], ["--image-size is for images that are distorted"]),
                            (["--elastic", "34:"], ["--elastic", "34:4"]), (["--elastic", "34:0"], ["--elastic", "34:4"]),
                            (["--elastic", ":4"], ["--elastic"]), (["--elastic", "1:1e9", "--image-size", "1x3"], ["at most 1024"]),
                            (["--rotate", "181", "--image-size", "1x3"], ["--rotate", "180"]), (["--scale", "1"], ["--scale"]),
                            (["--mixup", "x"], ["--mixup"]), (["--mixup", "1e6"], ["mixup", "1000"]), (["--input-noise", "nan"], ["--input-noise"]),
                            (["--shift", "1", "--image-size", "1x3", "--normalize", "quantile"], ["before they are scaled"])]:
            self.fails(2, "train", "flowers.csv", *words, says=says)

    def test_recipe(self):
        _, options, _ = self.run_with("--recipe", "tabular")
        expected = {"recipe": "tabular", "hidden": [128, 64], "activation": "relu", "loss": "cross-entropy", "optimizer": "adamw",
                    "schedule": "one-cycle", "init": "xavier", "batch_size": 16}
        self.assertEqual({key: options[key] for key in expected}, expected)
        _, options, _ = self.run_with("--recipe", "tabular", data="prices.csv")
        self.assertEqual((options["loss"], options["output_activation"]), ("mse", "identity"))
        self.assertEqual(self.run_with()[1]["recipe"], "classic")
        # What is given wins.
        _, options, _ = self.run_with("--recipe", "image", "--hidden", "7", "--optimizer", "momentum", "--learning-rate", "0.01",
                                      "--batch-size", "full", "--schedule", "constant")
        self.assertEqual((options["hidden"], options["optimizer"], options["batch_size"], options["schedule"]), ([7], "momentum", "full", "constant"))
        self.assertEqual(self.run_with("--recipe", "classic")[2], self.run_with()[2])
        for recipe in ["tabular", "image"]:  # whose smoothing is for their own loss
            self.assertEqual(self.run_with("--recipe", recipe, "--loss", "mse")[1]["loss"], "mse")
        self.assertEqual(self.run_with("--recipe", "tabular", "--hidden", "none")[1]["dropout"], 0.0)
        self.fails(2, "train", "flowers.csv", "--recipe", "tabular", "--hidden", "none", "--dropout", "0.1", says="there is no hidden layer")
        self.fails(2, "train", "flowers.csv", "--recipe", "tabulra", says=["--recipe", "did you mean 'tabular'", "image"])

    def test_the_validation_part_of_a_recipe(self):
        samples = 270
        self.write("many.csv", prices(samples=samples))
        result, options, _ = self.run_with("--recipe", "tabular", data="many.csv")
        self.assertEqual((options["validation_fraction"], result["validation_samples"]), (0.1, round(0.1 * samples)))
        result, options, _ = self.run_with("--recipe", "tabular", "--validation-fraction", "none", data="many.csv")
        self.assertEqual(options["validation_fraction"], "none")
        self.assertEqual(result["samples"], samples)
        result, _, _ = self.run_with("--recipe", "tabular", "--patience", "1", "--learning-rate", "1e-30", data="many.csv", epochs="50")
        self.assertEqual(result["end"], "patience")

    def test_validation(self):
        result, options, _ = self.run_with("--validation-fraction", "0.2", "--test-fraction", "0.2", epochs="40")
        self.assertEqual(options["validation_fraction"], 0.2)
        self.assertEqual(options["monitor"], "cost")
        total = result["samples"] + result["validation_samples"] + result["test_samples"]
        self.assertEqual(total, len(flowers().strip().splitlines()) - 1)
        self.assertGreaterEqual(result["best_epoch"], 1)
        for part in ["train", "validation", "test"]:
            self.assertIn(f"{part}_accuracy", result)
        lines = [json.loads(line) for line in (self.folder / f"run-{self.runs}" / "metrics.jsonl").read_text().splitlines()]
        costs = [line["validation_cost"] for line in lines]
        self.assertEqual(len(costs), 40)
        self.assertEqual(result["best_epoch"], 1 + costs.index(min(costs)))
        self.assertEqual(result["validation_cost"], min(costs))
        self.assertTrue(lines[result["best_epoch"] - 1]["best"])
        again = self.run_with("--validation-fraction", "0.2", "--test-fraction", "0.2", epochs="40")
        self.assertEqual(again[0]["validation_cost"], result["validation_cost"])

    def test_validation_data_of_their_own(self):
        self.write("more.csv", flowers())
        result, options, _ = self.run_with("--validation", "more.csv")
        self.assertEqual((options["validation"], result["validation_samples"]), ("more.csv", result["samples"]))
        shown = self.succeeds("train", "flowers.csv", "--validation", "more.csv", "--epochs", "3", "--output", "shown")
        self.assertRegex(shown.err, r"validate +\d+ samples from more.csv")
        self.assertRegex(shown.err, r"epoch 3/3 .* validation cost \S+  validation accuracy")
        self.assertRegex(shown.out, r"(?m)^best +epoch \d, whose model is kept$")
        self.assertRegex(shown.out, r"(?m)^validated +cost")
        self.fails(3, "train", "flowers.csv", "--validation", "prices.csv", "--output", "none", says="prices.csv")

    def test_ends(self):
        part = ["--validation-fraction", "0.3"]
        result, options, _ = self.run_with(*part, "--patience", "3", "--learning-rate", "1e-30", epochs="100")
        self.assertEqual((result["end"], result["epochs"], options["patience"]), ("patience", 5, 3))
        result, options, _ = self.run_with(*part, "--monitor", "accuracy", "--stop-at", "0.3", epochs="5000")
        self.assertEqual((result["end"], options["monitor"], options["stop_at"]), ("reached", "accuracy", 0.3))
        self.assertGreaterEqual(result["validation_accuracy"], 0.3)
        result, options, _ = self.run_with("--time-limit", "0.05s", epochs="1000000000")
        self.assertEqual((result["end"], options["time_limit"]), ("time-limit", 0.05))
        shown = self.succeeds("train", "flowers.csv", *part, "--patience", "1", "--learning-rate", "1e-30", "--output", "shown").out
        self.assertRegex(shown, r"(?m)^no more progress  3 epochs")
        self.assertEqual(self.run_with("--time-limit", "2h")[1]["time_limit"], 7200.0)
        for option, value in [("--patience", "1"), ("--stop-at", "1"), ("--monitor", "accuracy")]:
            self.fails(2, "train", "flowers.csv", option, value, says=[option, "validation"])
        self.fails(2, "train", "flowers.csv", *part, "--monitor", "rmse", says=["rmse", "classification"])
        self.fails(2, "train", "prices.csv", *part, "--monitor", "accuracy", says=["accuracy", "regression"])
        self.fails(2, "train", "flowers.csv", *part, "--validation", "flowers.csv", says=["--validation", "exclude"])

    def test_schedule(self):
        for value, written in [("step:2:0.5", "step:2:0.5"), ("step:1", "step:1:0.1"), ("exponential:0.5", "exponential:0.5"),
                               ("cosine", "cosine"), ("one-cycle", "one-cycle"), ("plateau:1:0.5", "plateau:1:0.5")]:
            self.assertEqual(self.run_with("--schedule", value)[1]["schedule"], written)
            if not value.startswith("plateau"):
                self.assert_changes_the_model("--schedule", value)
                self.assert_changes_the_model("--schedule", value, "--batch-size", "10")
        self.assert_changes_the_model("--schedule", "plateau:1:0.5", "--learning-rate", "80", epochs="40")
        self.assertEqual(self.run_with("--warmup", "2")[1]["warmup"], 2)
        self.assert_changes_the_model("--warmup", "2")
        self.fails(2, "train", "flowers.csv", "--warmup", "4", "--epochs", "4", says=["--warmup (4 epochs) must be shorter", "4"])

    def test_learning_rate(self):
        _, options, _ = self.run_with("--learning-rate", "1e-1")
        self.assertEqual(options["learning_rate"], 0.1)
        self.assert_changes_the_model("--learning-rate", "0.5")

    def test_batch_size(self):
        self.assertEqual(self.run_with("--batch-size", "40")[0]["steps"], 4 * 3)
        self.assertEqual(self.run_with("--batch-size", "full")[0]["steps"], 4)
        self.assertEqual(self.run_with("--batch-size", "1000")[0]["steps"], 4)  # more than there are

    def test_epochs(self):
        self.assertEqual(self.run_with(epochs="7")[0]["epochs"], 7)

    def test_init(self):
        for value in ["normal", "he", "uniform:0.3"]:
            _, options, _ = self.run_with("--init", value)
            self.assertEqual(options["init"], value)
            self.assert_changes_the_model("--init", value)

    def test_seed(self):
        self.assert_changes_the_model("--seed", "1")
        self.assertEqual(self.run_with("--seed", "18446744073709551615")[0]["seed"], 2**64 - 1)

    def test_test_data(self):
        self.write("test.csv", flowers(samples=30, seed=9))
        result, options, model = self.run_with("--test", "test.csv")
        self.assertEqual(options["test"], "test.csv")
        self.assertEqual((result["samples"], result["test_samples"]), (90, 30))
        self.assertIn("test_accuracy", result)
        # It is measured only.
        self.assertEqual(model, self.run_with()[2])

    def test_test_fraction(self):
        result, options, _ = self.run_with("--test-fraction", "0.3")
        self.assertEqual((result["samples"], result["test_samples"]), (63, 27))
        self.assertEqual(options["test_fraction"], 0.3)
        self.fails(3, "train", "flowers.csv", "--test-fraction", "0.000001", "--output", "empty")
        self.assertFalse((self.folder / "empty").exists())

    def test_folder_brings_its_test_part(self):
        write_image_folder(self.folder / "images")
        self.assertEqual(self.run_with(data="images")[0]["test_samples"], 20)
        write_image_folder(self.folder / "other", test=8)
        self.assertEqual(self.run_with("--test", "other", data="images")[0]["test_samples"], 8)
        result = self.run_with("--test-fraction", "0.5", data="images")[0]
        self.assertEqual((result["samples"], result["test_samples"]), (30, 30))

    def test_normalize(self):
        models = {self.run_with("--normalize", kind)[2] for kind in ["none", "minmax", "standard"]}
        self.assertEqual(len(models), 3)
        for kind in ["none", "minmax", "standard"]:
            self.assertEqual(self.run_with("--normalize", kind)[1]["normalize"], kind)
        # What `auto` came to is told of the model; the run's options are those that were asked for.
        self.assertEqual(self.run_with("--normalize", "auto")[1]["normalize"], "auto")

    def test_device_and_precision(self):
        result, options, _ = self.run_with("--device", "cpu", "--precision", "fp32")
        self.assertEqual((result["device"], options["device"], options["precision"]), ("cpu", "cpu", "fp32"))
        self.assertIn(self.run_with("--device", "auto")[0]["device"], ["cpu", "cuda:0"])

    def test_threads(self):
        self.assertEqual(self.run_with("--device", "cpu", "--threads", "1")[0]["threads"], 1)

    def test_target(self):
        by_name = self.run_with("--target", "age", data="prices.csv")[2]
        self.assertEqual(by_name, self.run_with("--target", "2", data="prices.csv")[2])
        self.assertNotEqual(by_name, self.run_with(data="prices.csv")[2])
        # options.json names the column however it was asked for.
        self.assertEqual(self.run_with("--target", "2", data="prices.csv")[1]["target"], "age")
        self.assertEqual(self.run_with(data="prices.csv")[1]["target"], "price")
        self.write("bare.csv", flowers(names=False))
        self.assertEqual(self.run_with(data="bare.csv")[1]["target"], "4")
        self.fails(2, "train", "prices.csv", "--target", "prize", "--output", "no", says=["prize", "price"])
        self.fails(2, "train", "prices.csv", "--target", "9", "--output", "no", says="9")

    def test_task(self):
        self.write("counts.csv", "a,b,n\n" + "".join(f"{i % 7},{i % 5},{i % 3}\n" for i in range(60)))
        self.assertEqual(self.run_with(data="counts.csv")[0]["task"], "classification")
        self.assertEqual(self.run_with("--task", "regression", data="counts.csv")[0]["task"], "regression")
        self.fails(3, "train", "flowers.csv", "--task", "regression", "--output", "no", says="flowers.csv")

    def test_header(self):
        self.write("bare.csv", flowers(names=False))
        self.assertEqual(self.run_with("--header", "no", data="bare.csv")[0]["samples"], 90)
        self.assertEqual(self.run_with("--header", "yes", data="bare.csv")[0]["samples"], 89)

    def test_delimiter(self):
        self.write("semicolons.csv", prices().replace(",", ";"))
        self.assertEqual(self.run_with("--delimiter", ";", data="semicolons.csv")[0]["inputs"], 2)
        self.write("tabs.csv", prices().replace(",", "\t"))
        for word in ["tab", "\\t", "\t"]:
            self.assertEqual(self.run_with("--delimiter", word, data="tabs.csv")[0]["inputs"], 2)

    def test_output_makes_folders(self):
        self.train("flowers.csv", "--epochs", "2", output="deep/er/run")
        self.assertTrue((self.folder / "deep/er/run/model.safetensors").is_file())
        self.succeeds("train", "flowers.csv", "--epochs", "2", "--quiet")
        self.assertTrue((self.folder / "gradus-run/model.safetensors").is_file())

    def test_overwrite(self):
        self.train("flowers.csv", "--epochs", "2")
        before = self.model_bytes()
        # Refused before the data is read, and whatever file is left of the run.
        self.fails(2, "train", "no-such-file.csv", "--output", "run", says=["run", "already holds a run", "--overwrite"])
        self.assertEqual(self.model_bytes(), before)
        self.train("flowers.csv", "--epochs", "3", "--overwrite")
        self.assertNotEqual(self.model_bytes(), before)
        for name in ["model.safetensors", "metrics.jsonl"]:
            (self.folder / "run" / name).unlink()
        self.fails(2, "train", "flowers.csv", "--output", "run", says="options.json")

    def test_one_run_at_a_time_in_a_folder(self):
        long = ["--epochs", "1000000000000", "--report-every", "1", "--batch-size", "10"]
        first = subprocess.Popen([COMMAND, "train", "flowers.csv", *long, "--output", "run"], cwd=self.folder,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(first.stderr.close)
        self.addCleanup(first.kill)
        while not first.stderr.readline().startswith(b"epoch"):
            self.assertIsNone(first.poll())
        for words in [[], ["--overwrite"]]:
            self.fails(2, "train", "flowers.csv", "--output", "run", *words, says=["run: another run is writing into this folder",
                                                                                  "another --output"])
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=TIMEOUT)
        self.assertEqual(first.returncode, 130)
        self.train("flowers.csv", "--epochs", "2", "--overwrite")

    def test_of_many_runs_into_a_folder_one_succeeds(self):
        runs = [subprocess.Popen([COMMAND, "train", "flowers.csv", "--epochs", "20", "--quiet", "--output", "new/run"], cwd=self.folder,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(8)]
        self.assertEqual(sorted(run.wait(timeout=TIMEOUT) for run in runs), [0] + [2] * 7)
        self.succeeds("evaluate", "new/run", "flowers.csv")
        self.assert_no_remains()

    def test_output_into_a_folder_with_other_files(self):
        self.write("mine/notes.txt", "keep me")
        self.train("flowers.csv", "--epochs", "2", output="mine")
        self.assertEqual((self.folder / "mine/notes.txt").read_text(), "keep me")

    def test_report_every(self):
        result = self.succeeds("train", "flowers.csv", "--epochs", "12", "--report-every", "4")
        self.assertEqual([line.split()[1] for line in result.err.splitlines() if line.startswith("epoch")],
                         ["4/12", "8/12", "12/12"])
        result = self.succeeds("train", "flowers.csv", "--overwrite")
        reports = [line for line in result.err.splitlines() if line.startswith("epoch")]
        self.assertTrue(25 <= len(reports) <= 35, len(reports))

    def test_quiet(self):
        result = self.succeeds("train", "flowers.csv", "--epochs", "2", "--quiet")
        self.assertEqual(result.err, "")
        self.assertIn("accuracy", result.out)


if __name__ == "__main__":
    main()
