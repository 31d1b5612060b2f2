"""Options from a file: TOML, or the options.json of a run."""

import json
import os
import unittest

from product import ProductTest, flowers, main, prices, write_image_folder


class Config(ProductTest):
    def setUp(self):
        super().setUp()
        self.write("flowers.csv", flowers())

    def options(self, output="run"):
        return json.loads((self.folder / output / "options.json").read_text())

    def write_toml(self, text):
        """A TOML file; skips the test where the command does not read them."""
        self.write("probe.toml", "")
        if "without toml++" in self.gradus("train", "--config", "probe.toml").err:
            raise unittest.SkipTest("skipped: gradus was built without toml++")
        return self.write("run.toml", text)

    def test_toml_holds_any_option(self):
        config = self.write_toml(
            """
# A comment.
data = "flowers.csv"
hidden = [8, 4]          # a list
activation = 'tanh'
learning-rate = 0.5
batch_size = 10          # _ is as good as -
epochs = 3
header = true
json = true
quiet = true
"""
        )
        found = self.succeeds("train", "--config", config, "--output", "run").json()
        self.assertEqual((found["epochs"], found["parameters"]), (3, 3 * 8 + 8 + 8 * 4 + 4 + 4 * 3 + 3))
        options = self.options()
        self.assertEqual((options["hidden"], options["activation"], options["learning_rate"], options["batch_size"]), ([8, 4], "tanh", 0.5, 10))

    def test_the_command_line_wins(self):
        config = self.write_toml('data = "absent.csv"\nepochs = 3\nhidden = [7]\ntest-fraction = 0.2\noptimizer = "adam"\nbeta1 = 0.8\n')
        self.write("test.csv", flowers(seed=9))
        words = ["train", "flowers.csv", "--config", config, "--epochs", "4", "--test", "test.csv", "--optimizer", "sgd", "--output", "run", "--json"]
        self.assertEqual(self.succeeds(*words).json()["epochs"], 4)
        options = self.options()
        self.assertEqual((options["hidden"], options["test"], options["test_fraction"], options["optimizer"]), ([7], "test.csv", None, "sgd"))
        self.assertEqual(options["data"], "flowers.csv")

    def test_a_flag_can_be_taken_back(self):
        config = self.write_toml("json = true\nepochs = 2\n")
        self.assertTrue(self.succeeds("train", "flowers.csv", "--config", config, "--output", "a").out.startswith("{"))
        self.assertTrue(self.succeeds("train", "flowers.csv", "--config", config, "--json=false", "--output", "b").out.startswith("finished"))

    def test_a_list_may_be_empty(self):
        config = self.write_toml("hidden = []\nepochs = 2\n")
        self.succeeds("train", "flowers.csv", "--config", config, "--output", "run")
        self.assertEqual(self.options()["hidden"], [])

    def test_mistakes_in_toml(self):
        self.write_toml("")
        for text, says in [
            ("epochs = 3\nhiden = [3]\n", "run.toml:2: unknown key 'hiden' (did you mean 'hidden'?)"),
            ("epochs = \n", "run.toml:1: "),
            ('epochs = "many"\n', "--epochs: 'many' is not"),
            ("[train]\nepochs = 3\n", "run.toml:1: train must be"),
            ("epochs = {a = 1}\n", "run.toml:1: epochs must be"),
            ("epochs = [[1]]\n", "run.toml:1: epochs must be"),
            ("quiet = 3\n", "run.toml:1: quiet must be true or false"),
            ("epochs = 1\nepochs = 2\n", "run.toml:2: "),
            ('config = "other.toml"\n', "run.toml:1: unknown key 'config'"),
            ("seed = 2026-01-01\n", "run.toml:1: seed must be"),
            ("learning-rate = nan\n", "--learning-rate: 'nan'"),
            ('test = ""\n', "run.toml:1: the value of test is empty"),
            ('data = ""\n', "run.toml:1: the value of data is empty"),
            ("batch-size = 3\nbatch_size = 4\n", "batch_size is given twice"),
            ('ignore = ["a,b"]\n', "run.toml:1: ignore: 'a,b' cannot be in a list"),
        ]:
            self.write("run.toml", text)
            self.fails(2, "train", "flowers.csv", "--config", "run.toml", says=says)
        self.fails(2, "train", "--config", "probe.toml", says="DATA is missing")

    def test_files_that_cannot_be_read(self):
        self.fails(3, "train", "flowers.csv", "--config", "absent.toml", says="absent.toml: cannot read this config file")
        self.fails(3, "train", "flowers.csv", "--config", ".", says="cannot read this config file")
        self.write("broken.json", '{"epochs": ')
        self.fails(2, "train", "flowers.csv", "--config", "broken.json", says="broken.json: this is not JSON")
        self.write("list.json", "[1]")
        self.fails(2, "train", "flowers.csv", "--config", "list.json", says="not an object with options")
        self.write("deep.json", "[" * 100000)
        self.fails(2, "train", "flowers.csv", "--config", "deep.json", says="deep.json")
        self.write("huge.json", " " * 2000000)
        self.fails(2, "train", "flowers.csv", "--config", "huge.json", says="more than 1 MB")
        self.fails(2, "train", "flowers.csv", "--config", says="--config needs a value")

    def repeats(self, *words):
        """The options of a run give the same run again, bit for bit."""
        self.succeeds("train", *words, "--output", "first")
        self.succeeds("train", "--config", "first/options.json", "--output", "second")
        self.assertEqual(self.model_bytes("first"), self.model_bytes("second"), words)
        first, second = self.options("first"), self.options("second")
        first.pop("output"), second.pop("output")
        self.assertEqual(first, second)
        for folder in ["first", "second"]:
            for file in os.listdir(self.folder / folder):
                os.remove(self.folder / folder / file)

    def test_the_options_of_a_run_can_be_given_back(self):
        self.write("prices.csv", prices())
        self.write("test.csv", flowers(seed=3))
        self.write("mixed.csv", "id,a,b,y\n" + "".join(f"{i},{i * i % 7},{'uvw'[i % 3]},{i % 2}\n" for i in range(40)))
        write_image_folder(self.folder / "images")
        self.repeats("flowers.csv", "--epochs", "5")
        self.repeats("flowers.csv", "--epochs", "5", "--test", "test.csv", "--validation-fraction", "0.2", "--patience", "3")
        self.repeats("flowers.csv", "--recipe", "tabular", "--epochs", "4", "--dropout", "0.2")
        self.repeats("prices.csv", "--recipe", "tabular", "--epochs", "4", "--validation-fraction", "none", "--test-fraction", "0.1")
        self.repeats("prices.csv", "--loss", "huber", "--huber-delta", "0.5", "--optimizer", "momentum", "--schedule", "plateau:3:0.5", "--epochs", "9", "--l1", "1e-5")
        self.repeats("images", "--recipe", "image", "--epochs", "3", "--warmup", "1")
        self.repeats("images", "--epochs", "3", "--input-noise", "0.1", "--mixup", "0.3", "--shift", "1", "--rotate", "5", "--scale", "0.1", "--elastic", "8:2", "--batch-size", "16")
        self.repeats("mixed.csv", "--target", "b", "--ignore", "1", "--categorical", "y", "--missing", "median", "--normalize", "quantile", "--epochs", "3", "--hidden", "none")
        self.repeats("flowers.csv", "--optimizer", "rmsprop", "--clip-norm", "1", "--init", "uniform:0.3", "--batch-size", "7", "--epochs", "3", "--seed", "18446744073709551615")

    def test_what_a_file_asks_for_can_be_taken_back(self):
        self.write("weighted.csv", "id,w,a,y\n" + "".join(f"{i},1,{i % 5},{i % 2}\n" for i in range(20)))
        self.succeeds("train", "weighted.csv", "--ignore", "id", "--weights", "w", "--class-weights", "balanced", "--test-fraction", "0.2", "--epochs", "2", "--output", "run")
        words = ["train", "--config", "run/options.json", "--output", "b", "--json"]
        for option in ["--ignore", "--weights", "--class-weights", "--test-fraction", "--categorical"]:
            words += [option, "none"]
        found = self.succeeds(*words).json()
        self.assertEqual((found["features"], found["samples"]), (3, 20))

    def test_options_of_a_run_do_not_overwrite_it(self):
        self.succeeds("train", "flowers.csv", "--epochs", "2", "--output", "run")
        self.fails(2, "train", "--config", "run/options.json", says="already holds a run")


if __name__ == "__main__":
    main()
