"""Tables as people have them: columns of names, missing values, columns that are no features."""

import csv
import io
import random

from product import ProductTest, main


def passengers(samples=200, seed=5, header=True):
    """Who survived: by sex and age. Ages and ports are missing here and there; ids and names tell nothing."""
    generator = random.Random(seed)
    rows = [["id", "class", "name", "sex", "age", "port", "survived"]] if header else []
    for index in range(samples):
        sex = generator.choice(["male", "female"])
        age = generator.randint(1, 80)
        survived = "yes" if (sex == "female") != (age < 12) else "no"
        rows.append(
            [index, generator.choice([1, 2, 3]), f"Doe, {index}", sex, "" if index % 9 == 4 else age, "NA" if index % 50 == 7 else generator.choice("SCQ"), survived]
        )
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


QUICK = ["--hidden", "16", "--activation", "relu", "--loss", "cross-entropy", "--optimizer", "adam", "--learning-rate", "0.01", "--batch-size", "16", "--epochs", "30"]


class Tables(ProductTest):
    def setUp(self):
        super().setUp()
        self.write("passengers.csv", passengers())

    def test_recipe_tabular_takes_a_table_as_it_is(self):
        found = self.train("passengers.csv", "--recipe", "tabular", "--ignore", "id,name", "--test-fraction", "0.2")
        self.assertEqual((found["features"], found["inputs"]), (4, 2 + 2 + 3 + 2))
        self.assertGreater(found["test_accuracy"], 0.85)

    def test_without_a_policy_missing_values_are_an_error_with_advice(self):
        self.fails(3, "train", "passengers.csv", says=["passengers.csv:6:5 ('age')", "a missing value", "--missing median"])

    def test_each_policy(self):
        inputs = {"mean": 7, "median": 7, "most-frequent": 7, "indicator": 9}
        for policy, width in inputs.items():
            found = self.train("passengers.csv", *QUICK, "--ignore", "id,name", "--missing", policy, output=f"run-{policy}")
            self.assertEqual(found["inputs"], width, policy)
            self.assertGreater(found["train_accuracy"], 0.85, policy)

    def test_names_that_look_like_numbers(self):
        options = [*QUICK, "--ignore", "1,3", "--missing", "mean"]
        self.assertEqual(self.train("passengers.csv", *options, output="a")["inputs"], 7)
        self.assertEqual(self.train("passengers.csv", *options, "--categorical", "class", output="b")["inputs"], 9)

    def test_more_names_than_inputs(self):
        result = self.succeeds("train", "passengers.csv", *QUICK, "--ignore", "id", "--missing", "mean", "--most-categories", "8", "--json")
        self.assertEqual(result.json()["inputs"], 2 + 8 + 2 + 3)
        self.assertIn("column 3 ('name') has more than 8 names", result.err)

    def test_dates(self):
        self.write("dated.csv", "day,a,y\n2026-11-25,1,0\n2026-11-26,2,1\n")
        self.fails(3, "train", "dated.csv", says=["dated.csv:2:1 ('day')", "date", "--ignore 1"])
        self.train("dated.csv", "--ignore", "day", "--epochs", "2")

    def test_the_model_remembers(self):
        self.train("passengers.csv", *QUICK, "--ignore", "id,name", "--categorical", "class", "--missing", "indicator")
        self.write("new.csv", "port,age,sex,class\nS,,male,3.0\nX,30,female,1\n")
        result = self.succeeds("predict", "run", "new.csv")
        self.assertEqual(len(result.out.splitlines()), 3)
        self.assertIn("1 name of column 1 ('port') is unknown to the model, such as 'X' in line 3", result.err)
        self.assertEqual(self.succeeds("evaluate", "run", "passengers.csv", "--json").json()["samples"], 200)
        found = self.succeeds("inspect", "run", "--json").json()
        self.assertEqual(found["categories"][0], {"feature": 1, "names": ["1", "2", "3"]})
        self.assertEqual(found["missing"], "indicator")
        self.assertIn("class 3, sex 2, port 3", self.succeeds("inspect", "run").out)

    def test_a_table_without_a_header(self):
        self.write("bare.csv", passengers(header=False))
        self.train("bare.csv", *QUICK, "--ignore", "1,3", "--missing", "median")
        self.assertEqual(self.succeeds("evaluate", "run", "bare.csv", "--json").json()["samples"], 200)
        without_target = "".join(line.rsplit(",", 1)[0] + "\n" for line in passengers(header=False).splitlines())
        self.write("new.csv", without_target)
        self.assertEqual(len(self.succeeds("predict", "run", "new.csv").out.splitlines()), 201)

    def test_a_model_without_missing_values_refuses_them(self):
        self.write("whole.csv", "a,b,y\n1,x,0\n2,z,1\n3,x,1\n")
        self.train("whole.csv", "--epochs", "2")
        self.write("new.csv", "a,b\n1,\n")
        self.fails(3, "predict", "run", "new.csv", says=["new.csv:2:2 ('b')", "trained without missing values"])

    def test_inspection_of_data(self):
        options = ["--missing", "indicator", "--ignore", "id"]
        text = self.succeeds("inspect", "passengers.csv", *options).out
        self.assertIn("more than 128 names", text)
        self.assertIn("missing", text)
        features = self.succeeds("inspect", "passengers.csv", *options, "--json").json()["features"]
        by_name = {feature["name"]: feature for feature in features}
        self.assertEqual(by_name["age"]["missing"], 22)
        self.assertEqual([name["name"] for name in by_name["sex"]["names"]], ["female", "male"])
        self.assertEqual(sum(name["samples"] for name in by_name["port"]["names"]), 200 - by_name["port"]["missing"])
        self.assertEqual(by_name["name"]["buckets"], 128)

    def test_options_that_make_no_sense(self):
        for options, says in [
            (["--missing", "mediam"], "did you mean 'median'?"),
            (["--ignore", ""], "--ignore: '' is not a list of columns"),
            (["--ignore", "id,"], "is not a list of columns"),
            (["--ignore", "identity"], "an ignored column cannot be 'identity'"),
            (["--ignore", "survived"], "it is the target"),
            (["--categorical", "99"], "a categorical column cannot be column 99"),
            (["--most-categories", "0"], "--most-categories"),
            (["--most-categories", "1000000"], "1 to 65,536"),
        ]:
            self.fails(2, "train", "passengers.csv", *options, says=says)

    def test_quantiles_tame_a_long_tail(self):
        generator = random.Random(3)
        lines = ["income,rich"]
        for _ in range(300):
            log = generator.gauss(0, 4)
            lines.append(f"{10 ** log:.6g},{int(log > 0)}")
        self.write("tail.csv", "\n".join(lines) + "\n")
        options = ["--hidden", "8", "--batch-size", "16", "--epochs", "20", "--test-fraction", "0.3"]
        plain = self.train("tail.csv", *options, output="a")["test_accuracy"]
        tamed = self.train("tail.csv", *options, "--normalize", "quantile", output="b")["test_accuracy"]
        self.assertGreater(tamed, 0.95)
        self.assertGreater(tamed, plain)
        self.assertEqual(self.succeeds("inspect", "b", "--json").json()["training"]["normalize"], "quantile")


if __name__ == "__main__":
    main()
