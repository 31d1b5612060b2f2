"""Data sets whose results are known: what a person gets who follows the documentation."""

import os

from product import DIGITS, SHARED_DATA, ProductTest, main


SANITIZED = bool(os.environ.get("GRADUS_SANITIZED"))


class KnownData(ProductTest):
    def shared(self, name):
        path = SHARED_DATA / name
        if not path.exists():
            self.skipTest(f"skipped: {name} is not at hand")
        return path

    def takes_long(self):
        """Sanitizers look into the same code in a minute that they would here in ten."""
        if SANITIZED:
            self.skipTest("skipped: takes long under sanitizers; other presets run it")

    def test_digits(self):
        self.assertGreaterEqual(self.train(DIGITS, "--test-fraction", "0.2")["test_accuracy"], 0.95)
        self.assertGreaterEqual(
            self.train(DIGITS, "--test-fraction", "0.2", "--batch-size", "10", "--seed", "7", output="small")["test_accuracy"], 0.95)

    def test_mnist_with_the_classic_method(self):
        epochs, accuracy = ("1", 0.89) if SANITIZED else ("30", 0.945)  # 0.904 seen after one
        found = self.train(self.shared("mnist"), "--hidden", "30", "--learning-rate", "3.0", "--batch-size", "10", "--epochs", epochs,
                           "--init", "normal", "--seed", "1")
        self.assertEqual((found["samples"], found["test_samples"], found["parameters"]), (60000, 10000, 23860))
        self.assertGreaterEqual(found["test_accuracy"], accuracy)
        evaluated = self.succeeds("evaluate", "run/model.safetensors", SHARED_DATA / "mnist", "--json").json()
        self.assertEqual(evaluated["accuracy"], found["test_accuracy"])
        self.assertEqual(evaluated["class_names"], list("0123456789"))

    def test_california_housing(self):
        epochs, r2 = ("5", 0.65) if SANITIZED else ("30", 0.7)  # 0.69 seen after five
        found = self.train(self.shared("california_housing.csv"), "--hidden", "64,64", "--activation", "tanh", "--batch-size", "32",
                           "--learning-rate", "0.02", "--test-fraction", "0.2", "--epochs", epochs)
        self.assertEqual((found["task"], found["inputs"]), ("regression", 8))
        self.assertGreater(found["test_r2"], r2)
        self.assertTrue(40000 < found["test_rmse"] < (70000 if SANITIZED else 65000))  # dollars

    def test_california_housing_by_the_recipe(self):
        self.takes_long()
        data = self.shared("california_housing.csv")
        found = self.train(data, "--recipe", "tabular", "--test-fraction", "0.2")
        self.assertLessEqual(found["test_rmse"], 53000)  # 0.515 seen, in units of 100,000 dollars
        self.assertIn("best_epoch", found)
        more = self.train(data, "--recipe", "tabular", "--test-fraction", "0.2", "--hidden", "256,128,64", "--activation", "gelu",
                          "--epochs", "100", output="more")
        self.assertLessEqual(more["test_rmse"], 51000)  # 0.502 seen

    def test_digits_by_the_recipe(self):
        self.assertGreaterEqual(self.train(DIGITS, "--recipe", "tabular", "--test-fraction", "0.2")["test_accuracy"], 0.96)

    def test_mnist_by_the_recipe(self):
        """Three of its twenty epochs; all of them give 99.3 % in 30 seconds on two cores."""
        self.takes_long()
        found = self.train(self.shared("mnist"), "--recipe", "image", "--epochs", "3")
        self.assertGreaterEqual(found["test_accuracy"], 0.983)

    def test_mnist_with_cross_entropy_and_l2(self):
        self.takes_long()
        found = self.train(self.shared("mnist"), "--hidden", "100", "--loss", "cross-entropy", "--learning-rate", "0.3", "--batch-size", "10",
                           "--epochs", "30", "--l2", "0.00008", "--schedule", "cosine")
        self.assertGreaterEqual(found["test_accuracy"], 0.978)  # 98.12 % seen


if __name__ == "__main__":
    main()
