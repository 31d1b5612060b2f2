"""The model file, read without Gradus: by these lines alone, and by the safetensors package."""

import csv
import io
import json
import math
import struct

from product import ProductTest, flowers, main, prices, write_image_folder

MODEL = "run/model.safetensors"
FUNCTIONS = {"sigmoid": lambda x: 1 / (1 + math.exp(-x)), "tanh": math.tanh, "relu": lambda x: max(x, 0.0), "identity": lambda x: x}


def packages():
    """numpy and safetensors, where they are installed."""
    try:
        import numpy
        import safetensors
    except ImportError:
        return None
    return numpy, safetensors


def read(path):
    """Metadata and tensors, as (shape, numbers)."""
    content = path.read_bytes()
    size = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8 : 8 + size])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        assert entry["dtype"] == "F32"
        tensors[name] = (entry["shape"], struct.unpack(f"<{(end - begin) // 4}f", content[8 + size + begin : 8 + size + end]))
    return metadata, tensors


class ModelFile(ProductTest):
    def samples(self, text):
        return [[float(value) for value in row[:-1]] for row in list(csv.reader(io.StringIO(text)))[1:]]

    def predicted(self, data, *options):
        return list(csv.reader(io.StringIO(self.succeeds("predict", MODEL, data, *options).out)))[1:]

    def forward(self, sample):
        """What the metadata says: scale, then layer by layer, then back to the user's units."""
        metadata, tensors = read(self.folder / MODEL)
        network = json.loads(metadata["network"])
        preprocessing = json.loads(metadata["preprocessing"])
        values = [(x - shift) * scale for x, shift, scale in zip(sample, preprocessing["input_shift"], preprocessing["input_scale"])]
        layers = len(tensors) // 2
        for layer in range(layers):
            (outputs, inputs), weights = tensors[f"layers.{layer}.weight"]
            biases = tensors[f"layers.{layer}.bias"][1]
            function = FUNCTIONS[network["activation" if layer + 1 < layers else "output_activation"]]
            values = [function(sum(weights[j * inputs + i] * values[i] for i in range(inputs)) + biases[j]) for j in range(outputs)]
        if network["outputs"] == len(preprocessing["target_scale"]):
            values = [v / scale + shift for v, scale, shift in zip(values, preprocessing["target_scale"], preprocessing["target_shift"])]
        return values

    def assert_near(self, first, second, tolerance):
        self.assertEqual(len(first), len(second))
        for a, b in zip(first, second):
            self.assertLessEqual(abs(a - b), tolerance * max(1.0, abs(b)))

    def test_layout(self):
        self.write("flowers.csv", flowers())
        self.train("flowers.csv", "--hidden", "7,5", "--epochs", "3")
        metadata, tensors = read(self.folder / MODEL)
        self.assertEqual({name: shape for name, (shape, _) in tensors.items()},
                         {"layers.0.weight": [7, 3], "layers.0.bias": [7], "layers.1.weight": [5, 7], "layers.1.bias": [5],
                          "layers.2.weight": [3, 5], "layers.2.bias": [3]})
        self.assertEqual(metadata["format"], "gradus")
        self.assertTrue(metadata["format_version"].isdigit())
        self.assertTrue(all(isinstance(value, str) for value in metadata.values()))
        self.assertEqual(json.loads(metadata["feature_names"]), ["length", "width", "height"])
        self.assertEqual(sorted(json.loads(metadata["class_names"])), ["daisy, white", "rose", "tulip"])
        self.assertEqual(json.loads(metadata["training"])["epochs"], 3)

    def test_scores_from_the_file_alone(self):
        self.write("flowers.csv", flowers())
        for function in FUNCTIONS:
            self.train("flowers.csv", "--hidden", "6,4", "--activation", function, "--epochs", "40", "--learning-rate", "0.3",
                       "--overwrite")
            for sample, row in zip(self.samples(flowers()), self.predicted("flowers.csv", "--scores")):
                self.assert_near(self.forward(sample), [float(score) for score in row[1:]], 1e-5)

    def test_numbers_from_the_file_alone(self):
        self.write("prices.csv", prices())
        for normalize in ["auto", "none", "minmax", "standard"]:
            rate = "1e-12" if normalize == "none" else "0.1"
            self.train("prices.csv", "--hidden", "6", "--activation", "tanh", "--epochs", "40", "--normalize", normalize,
                       "--learning-rate", rate, "--overwrite")
            for sample, row in zip(self.samples(prices()), self.predicted("prices.csv")):
                self.assert_near(self.forward(sample), [float(row[0])], 1e-5)

    def test_bytes_from_the_file_alone(self):
        images = write_image_folder(self.folder / "images")
        self.train("images", "--epochs", "30")
        pixels = (images / "t10k-images-idx3-ubyte").read_bytes()[16:]
        for index, row in enumerate(self.predicted("images", "--scores")):
            sample = list(pixels[16 * index : 16 * index + 16])
            self.assert_near(self.forward(sample), [float(score) for score in row[1:]], 1e-5)

    def test_with_the_safetensors_package(self):
        found = packages()
        if found is None:
            self.skipTest("skipped: Python's numpy and safetensors are not installed")
        numpy, safetensors = found
        self.write("flowers.csv", flowers())
        self.train("flowers.csv", "--hidden", "7,5", "--epochs", "60")
        with safetensors.safe_open(str(self.folder / MODEL), framework="numpy") as model:
            metadata = model.metadata()
            tensors = {name: model.get_tensor(name) for name in model.keys()}
        self.assertEqual(metadata["format"], "gradus")
        self.assertEqual(tensors["layers.0.weight"].shape, (7, 3))
        self.assertTrue(all(tensor.dtype == numpy.float32 for tensor in tensors.values()))
        preprocessing = json.loads(metadata["preprocessing"])
        values = numpy.array(self.samples(flowers()))
        values = (values - preprocessing["input_shift"]) * preprocessing["input_scale"]
        for layer in range(3):
            values = 1 / (1 + numpy.exp(-(values @ tensors[f"layers.{layer}.weight"].T + tensors[f"layers.{layer}.bias"])))
        scores = numpy.array([[float(score) for score in row[1:]] for row in self.predicted("flowers.csv", "--scores")])
        self.assertLess(numpy.abs(values - scores).max(), 1e-5)


if __name__ == "__main__":
    main()
