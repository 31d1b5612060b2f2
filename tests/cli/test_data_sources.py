"""Every kind of data, from training to prediction."""

import gzip

from product import ProductTest, flowers, idx, images, main, npy, prices, write_image_folder

MODEL = "run/model.safetensors"


class DataSources(ProductTest):
    def trains_alike(self, *words, **options):
        """Data that is the same in another form gives the same network."""
        result = self.succeeds("train", *words, "--epochs", "3", "--output", "other", "--overwrite", "--quiet", **options)
        self.assertEqual(result.code, 0)
        first = self.succeeds("predict", MODEL, "flowers.csv", "--scores").out
        second = self.succeeds("predict", "other/model.safetensors", "flowers.csv", "--scores").out
        self.assertEqual(first, second)

    def test_forms_of_a_table(self):
        text = flowers()
        self.write("flowers.csv", text)
        self.train("flowers.csv", "--epochs", "3")
        self.write("flowers.csv.gz", gzip.compress(text.encode()))
        self.trains_alike("flowers.csv.gz")
        self.trains_alike("-", stdin=text.encode())
        self.trains_alike("-", stdin=gzip.compress(text.encode()))
        self.write("crlf.csv", text.replace("\n", "\r\n"))
        self.trains_alike("crlf.csv")
        self.write("mark.csv", "\ufeff" + text)
        self.trains_alike("mark.csv")
        self.write("flowers.tsv", text.replace("daisy, white", "daisy; white").replace(",", "\t").replace("daisy; white", "daisy, white"))
        self.trains_alike("flowers.tsv")

    def test_standard_input_for_a_model(self):
        self.write("flowers.csv", flowers())
        self.train("flowers.csv", "--epochs", "3")
        data = flowers().encode()
        self.assertEqual(self.succeeds("predict", MODEL, "-", stdin=data).out, self.succeeds("predict", MODEL, "flowers.csv").out)
        self.assertEqual(self.succeeds("evaluate", MODEL, "-", "--json", stdin=data).json()["samples"], 90)
        self.assertEqual(self.succeeds("inspect", "-", "--json", stdin=data).json()["samples"], 90)
        result = self.succeeds("train", "-", "--epochs", "3", stdin=data)
        self.assertIn("predict gradus-run/model.safetensors DATA.csv", result.err)

    def test_image_folder(self):
        for compressed in [False, True]:
            write_image_folder(self.folder / "images", compressed=compressed)
            found = self.train("images", "--epochs", "200", "--overwrite")
            expected = {"samples": 60, "test_samples": 20, "inputs": 16, "outputs": 2, "test_accuracy": 1.0}
            self.assertEqual({key: found[key] for key in expected}, expected)
            result = self.succeeds("evaluate", MODEL, "images")
            self.assertRegex(result.out, r"samples +20\n")
            self.assertIn("test set", result.err)
            self.assertEqual(len(self.succeeds("predict", MODEL, "images").out.splitlines()), 21)

    def test_image_files(self):
        pixels, labels = images(40, seed=5)
        self.write("pictures.idx", idx(pixels, (40, 4, 4)))
        self.write("kinds.idx", idx(labels, (40,)))
        found = self.train("pictures.idx,kinds.idx", "--epochs", "5")
        self.assertEqual((found["samples"], found["inputs"], found["outputs"]), (40, 16, 2))
        with_labels = self.succeeds("predict", MODEL, "pictures.idx,kinds.idx").out
        self.assertEqual(self.succeeds("predict", MODEL, "pictures.idx").out, with_labels)

    def test_numpy_arrays(self):
        values = [float((7 * i) % 11) for i in range(60)]
        for kind in ["<f4", "<f8", "<i4", "<i8", "|u1"]:
            converted = values if kind in ["<f4", "<f8"] else [int(value) for value in values]
            self.write("x.npy", npy(converted, (30, 2), kind))
            self.write("y.npy", npy([i % 3 for i in range(30)], (30,), "<i8"))
            found = self.train("x.npy,y.npy", "--epochs", "2", "--overwrite")
            self.assertEqual((found["task"], found["samples"], found["inputs"], found["outputs"]), ("classification", 30, 2, 3))
            self.assertEqual(len(self.succeeds("predict", MODEL, "x.npy").out.splitlines()), 31)

    def test_several_targets(self):
        generator = [(i % 7, i % 5) for i in range(70)]
        self.write("x.npy", npy([float(v) for pair in generator for v in pair], (70, 2), "<f4"))
        self.write("y.npy", npy([float(v) for a, b in generator for v in (a + b, a - b, 3.0 * a)], (70, 3), "<f8"))
        found = self.train("x.npy,y.npy", "--hidden", "none", "--epochs", "300")
        self.assertEqual((found["task"], found["outputs"]), ("regression", 3))
        self.assertGreater(found["train_r2"], 0.99)
        lines = self.succeeds("predict", MODEL, "x.npy").out.splitlines()
        self.assertEqual(lines[0], "prediction_1,prediction_2,prediction_3")
        self.assertEqual(len(lines[1].split(",")), 3)

    def test_columns_are_matched_by_name(self):
        self.write("flowers.csv", flowers())
        self.train("flowers.csv", "--epochs", "20")
        expected = self.succeeds("predict", MODEL, "flowers.csv", "--scores").out
        rows = [line.split(",", 3) for line in flowers().splitlines()]
        # Another order, columns that nobody asked for, and no target.
        lines = [f"{row[2]},{'note' if i == 0 else f'text {i}'},{row[0]},{'id' if i == 0 else i},{row[1]}"
                 for i, row in enumerate(rows)]
        self.write("other.csv", "\n".join(lines) + "\n")
        result = self.succeeds("predict", MODEL, "other.csv", "--scores")
        self.assertEqual(result.out, expected)
        self.assertIn("note: ", result.err)
        self.assertEqual(result.err.split("note: ")[1].splitlines()[0].count(".csv"), 1, result.err)  # the file, once
        self.assertIn("'id'", result.err)
        self.assertEqual(self.succeeds("predict", MODEL, "other.csv", "--quiet").err, "")

    def test_a_table_without_names(self):
        self.write("flowers.csv", flowers())
        self.write("bare.csv", flowers(names=False))
        self.train("flowers.csv", "--epochs", "20")
        self.assertEqual(self.succeeds("predict", MODEL, "bare.csv").out, self.succeeds("predict", MODEL, "flowers.csv").out)

    def test_target_that_is_not_last(self):
        rows = [line.split(",") for line in prices().splitlines()]
        self.write("first.csv", "\n".join(",".join([row[2], row[0], row[1]]) for row in rows) + "\n")
        self.write("last.csv", prices())
        self.train("first.csv", "--target", "price", "--epochs", "50")
        # The target's place is the model's to know.
        found = self.succeeds("evaluate", MODEL, "first.csv", "--json").json()
        self.assertEqual(found["rmse"], self.succeeds("evaluate", MODEL, "last.csv", "--json").json()["rmse"])
        self.assertEqual(self.succeeds("predict", MODEL, "first.csv").out, self.succeeds("predict", MODEL, "last.csv").out)
        self.write("renamed.csv", prices().replace("price", "cost"))
        self.fails(3, "evaluate", MODEL, "renamed.csv", says="price")
        renamed = self.succeeds("evaluate", MODEL, "renamed.csv", "--target", "cost", "--json").json()
        self.assertEqual(renamed["rmse"], found["rmse"])


if __name__ == "__main__":
    main()
