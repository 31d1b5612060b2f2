"""Rows and classes that count differently."""

import random

from product import ProductTest, main, prices


def rare(samples=400, seed=4):
    """One in ten is of the class `yes`, which is hard to tell from `no`."""
    generator = random.Random(seed)
    lines = ["x,weight,y"]
    for index in range(samples):
        is_rare = index % 10 == 0
        lines.append(f"{generator.gauss(1.5 if is_rare else 0, 1):.4f},{9 if is_rare else 1},{'yes' if is_rare else 'no'}")
    return "\n".join(lines) + "\n"


class Weights(ProductTest):
    def setUp(self):
        super().setUp()
        self.write("rare.csv", rare())

    def run_with(self, *words, output="run"):
        """The fraction of the rare samples that are found."""
        self.train("rare.csv", "--loss", "cross-entropy", "--hidden", "none", "--learning-rate", "0.5", "--epochs", "200", *words, output=output)
        found = self.succeeds("evaluate", output, "rare.csv", "--json", "--quiet").json()
        return next(each["recall"] for each in found["classes"] if each["name"] == "yes")

    def test_balanced_classes(self):
        plain = self.run_with("--ignore", "weight", output="a")
        balanced = self.run_with("--ignore", "weight", "--class-weights", "balanced", output="b")
        self.assertLess(plain, 0.3)
        self.assertGreater(balanced, 0.6)

    def test_a_file_of_class_weights(self):
        self.write("weights.csv", 'no, 1\n\n"yes",9\n')
        self.run_with("--ignore", "weight", "--class-weights", "balanced", output="a")
        self.run_with("--ignore", "weight", "--class-weights", "weights.csv", output="b")
        self.assertEqual(self.tensor_bytes("a"), self.tensor_bytes("b"))

    def test_a_column_of_weights(self):
        self.assertGreater(self.run_with("--weights", "weight", output="b"), 0.6)
        # The column is no feature, so it may be absent later.
        self.write("new.csv", "x\n1\n2\n")
        self.assertEqual(len(self.succeeds("predict", "b", "new.csv").out.splitlines()), 3)

    def test_options_of_a_weighted_run_can_be_given_back(self):
        self.run_with("--weights", "weight", "--class-weights", "balanced", output="a")
        self.succeeds("train", "--config", "a/options.json", "--output", "b")
        self.assertEqual(self.model_bytes("a"), self.model_bytes("b"))

    def test_mistakes(self):
        self.write("prices.csv", prices())
        for text, says in [
            ("no,1\n", "weights.csv: no weight for the class 'yes'"),
            ("no,1\nyse,2\n", "weights.csv:2: 'yse' is not one of the classes (did you mean 'yes'?)"),
            ("no,1\nno,2\n", "weights.csv:2: a second weight for the class 'no'"),
            ("no,1\nyes,much\n", "weights.csv:2: 'much' is not a number of at least 0"),
            ("no,1\nyes,-1\n", "weights.csv:2: '-1' is not a number of at least 0"),
            ("no 1\n", "weights.csv:1: 'no 1' is not CLASS,WEIGHT"),
            ("no,0\nyes,0\n", "add up to 0"),
        ]:
            self.write("weights.csv", text)
            self.fails(3, "train", "rare.csv", "--class-weights", "weights.csv", says=says)
        self.fails(3, "train", "rare.csv", "--class-weights", "absent.csv", says="absent.csv: cannot read this file of class weights")
        self.fails(2, "train", "prices.csv", "--class-weights", "balanced", says="--class-weights are for samples that have one class each")
        self.fails(2, "train", "rare.csv", "--weights", "wieght", says="did you mean 'weight'?")
        self.write("negative.csv", "x,w,y\n1,-1,0\n2,1,1\n")
        self.fails(3, "train", "negative.csv", "--weights", "w", says="negative.csv:2:2 ('w'): the weight is -1")


if __name__ == "__main__":
    main()
