"""predict: CSV that any program reads back."""

import csv
import io
import struct
import subprocess

from product import COMMAND, TIMEOUT, ProductTest, flowers, main, prices, write_image_folder

MODEL = "run/model.safetensors"


def rows(text):
    return list(csv.reader(io.StringIO(text)))


def as_float32(number):
    return struct.unpack("<f", struct.pack("<f", number))[0]


class Predict(ProductTest):
    def train_flowers(self):
        self.write("flowers.csv", flowers())
        self.train("flowers.csv", "--epochs", "300")

    def test_classes(self):
        self.train_flowers()
        table = rows(self.succeeds("predict", MODEL, "flowers.csv").out)
        self.assertEqual(table[0], ["prediction"])
        self.assertEqual(len(table), 91)
        actual = [row[3] for row in rows(flowers())[1:]]
        self.assertGreater(sum(row[0] == kind for row, kind in zip(table[1:], actual)), 80)
        self.assertIn('"daisy, white"', self.succeeds("predict", MODEL, "flowers.csv").out)

    def test_scores(self):
        self.train_flowers()
        table = rows(self.succeeds("predict", MODEL, "flowers.csv", "--scores").out)
        names = self.succeeds("inspect", MODEL, "--json").json()["class_names"]
        self.assertEqual(table[0], ["prediction", *[f"score_{name}" for name in names]])
        for row in table[1:]:
            scores = [float(score) for score in row[1:]]
            self.assertEqual(row[0], names[scores.index(max(scores))])

    def test_quoting(self):
        self.write("odd.csv", 'a,kind\n1,"say ""hi"""\n2,"two\nlines"\n3,"a,b"\n4," led"\n' * 3)
        text = (self.folder / "odd.csv").read_text().replace("a,kind\n", "")
        self.write("odd.csv", "a,kind\n" + text)
        self.train("odd.csv", "--epochs", "400", "--hidden", "20")
        table = rows(self.succeeds("predict", MODEL, "odd.csv", "--scores").out)
        self.assertEqual(len(table), 13)
        self.assertTrue(all(len(row) == 5 for row in table))
        names = set(self.succeeds("inspect", MODEL, "--json").json()["class_names"])
        self.assertIn('say "hi"', names)
        self.assertIn("two\nlines", names)
        self.assertLessEqual({row[0] for row in table[1:]}, names)

    def test_numbers(self):
        self.write("prices.csv", prices())
        self.train("prices.csv", "--hidden", "8", "--activation", "tanh")
        table = rows(self.succeeds("predict", MODEL, "prices.csv").out)
        self.assertEqual(table[0], ["prediction"])
        actual = [float(row[2]) for row in rows(prices())[1:]]
        self.assertLess(max(abs(float(row[0]) - value) for row, value in zip(table[1:], actual)), 30000)
        for (text,) in table[1:]:
            # The shortest text that reads back as the same 32-bit float.
            self.assertLessEqual(len(text.lstrip("-").replace(".", "")), 9)
        as_json = self.succeeds("predict", MODEL, "prices.csv", "--json").json()
        self.assertEqual([as_float32(float(row[0])) for row in table[1:]], [as_float32(v) for v in as_json["predictions"]])
        self.fails(2, "predict", MODEL, "prices.csv", "--scores", says="--scores")

    def test_json(self):
        self.train_flowers()
        found = self.succeeds("predict", MODEL, "flowers.csv", "--json").json()
        self.assertEqual((found["task"], found["samples"], len(found["predictions"])), ("classification", 90, 90))
        self.assertNotIn("scores", found)
        self.assertEqual([[name] for name in found["predictions"]], rows(self.succeeds("predict", MODEL, "flowers.csv").out)[1:])
        found = self.succeeds("predict", MODEL, "flowers.csv", "--json", "--scores").json()
        self.assertEqual((len(found["scores"]), len(found["scores"][0]), len(found["class_names"])), (90, 3, 3))

    def test_output_file(self):
        self.train_flowers()
        expected = self.succeeds("predict", MODEL, "flowers.csv").out
        result = self.succeeds("predict", MODEL, "flowers.csv", "--output", "out.csv")
        self.assertEqual(result.out, "")
        self.assertIn("90 predictions written to out.csv", result.err)
        self.assertEqual((self.folder / "out.csv").read_text(), expected)
        self.assertEqual(self.succeeds("predict", MODEL, "flowers.csv", "--output", "-").out, expected)
        self.succeeds("predict", MODEL, "flowers.csv", "--output", "out.json", "--json", "--quiet")
        self.assert_no_remains()

    def test_output_file_stays_when_the_data_is_wrong(self):
        self.train_flowers()
        self.write("out.csv", "the old file")
        self.write("wrong.csv", flowers() + "1,2\n")
        self.fails(3, "predict", MODEL, "wrong.csv", "--output", "out.csv", says="wrong.csv:92")
        self.assertEqual((self.folder / "out.csv").read_text(), "the old file")
        self.assert_no_remains()

    def test_output_file_that_cannot_be_written(self):
        self.train_flowers()
        self.fails(3, "predict", MODEL, "flowers.csv", "--output", "no/such/folder/out.csv", says="no/such/folder/out.csv")
        self.fails(3, "predict", MODEL, "flowers.csv", "--output", "run", says="run")

    def test_output_over_its_own_input(self):
        self.train_flowers()
        model = self.model_bytes()
        (self.folder / "link.csv").symlink_to("flowers.csv")
        (self.folder / "hard.csv").hardlink_to(self.folder / "flowers.csv")
        for output in ["flowers.csv", "./run/../flowers.csv", "link.csv", "hard.csv"]:
            self.fails(2, "predict", MODEL, "flowers.csv", "--output", output, says=["--output", output, "the data itself"])
        for given in [MODEL, "run"]:
            self.fails(2, "predict", given, "flowers.csv", "--output", MODEL, says=["--output", "the model itself"])
        with open(self.folder / "flowers.csv", "rb") as data:
            completed = subprocess.run([COMMAND, "predict", MODEL, "-", "--output", "flowers.csv"], stdin=data, cwd=self.folder,
                                       capture_output=True, timeout=TIMEOUT, check=False)
        self.assertEqual(completed.returncode, 2, completed.stderr)
        self.assertEqual((self.folder / "flowers.csv").read_text(), flowers())
        self.assertEqual(self.model_bytes(), model)

    def test_output_over_its_own_input_of_several_files(self):
        write_image_folder(self.folder / "images")
        self.train("images", "--epochs", "2")
        pixels, labels = "images/t10k-images-idx3-ubyte", "images/t10k-labels-idx1-ubyte"
        before = [(self.folder / name).read_bytes() for name in [pixels, labels]]
        for data, output in [(f"{pixels},{labels}", pixels), (f"{pixels},{labels}", labels), (pixels, pixels), ("images", pixels)]:
            self.fails(2, "predict", MODEL, data, "--output", output, says=["--output", output, "the data itself"])
        self.assertEqual([(self.folder / name).read_bytes() for name in [pixels, labels]], before)
        self.succeeds("predict", MODEL, "images", "--output", "images/predictions.csv")

    def test_output_through_a_link(self):
        self.train_flowers()
        self.write("real.csv", "old")
        (self.folder / "link.csv").symlink_to("real.csv")
        self.succeeds("predict", MODEL, "flowers.csv", "--output", "link.csv")
        self.assertTrue((self.folder / "link.csv").is_symlink())
        self.assertTrue((self.folder / "real.csv").read_text().startswith("prediction\n"))

    def test_folder_of_a_run_stands_for_its_model(self):
        self.train_flowers()
        expected = self.succeeds("predict", MODEL, "flowers.csv").out
        for folder in ["run", "run/"]:
            self.assertEqual(self.succeeds("predict", folder, "flowers.csv").out, expected)
        (self.folder / "empty").mkdir()
        self.fails(3, "predict", "empty", "flowers.csv", says="empty")

    def test_one_sample(self):
        self.train_flowers()
        self.write("one.csv", "\n".join(flowers().splitlines()[:2]) + "\n")
        self.assertEqual(len(rows(self.succeeds("predict", MODEL, "one.csv").out)), 2)

    def test_the_same_for_any_number_of_threads(self):
        self.train_flowers()
        one = self.succeeds("predict", MODEL, "flowers.csv", "--scores", "--threads", "1").out
        self.assertEqual(len(rows(one)), 91)
        self.succeeds("predict", MODEL, "flowers.csv", "--device", "cpu", "--threads", "2")


if __name__ == "__main__":
    main()
