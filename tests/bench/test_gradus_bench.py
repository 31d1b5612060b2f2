"""gradus-bench as a person and as compare.py use it."""

import json
import math
import os
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

BENCH = os.environ["GRADUS_BENCH"]


def run(*words):
    return subprocess.run([BENCH, *map(str, words)], capture_output=True, text=True, timeout=240)


def measured(*words):
    result = run(*words, "--json", "-")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def read_npy(path):
    """(type, shape, values) of a file of NumPy's format 1.0, as its specification has it."""
    content = path.read_bytes()
    assert content[:8] == b"\x93NUMPY\x01\x00"
    length = struct.unpack("<H", content[8:10])[0]
    assert (10 + length) % 64 == 0 and content[9 + length : 10 + length] == b"\n"
    header = eval(content[10 : 10 + length].decode("ascii"), {"__builtins__": {}})  # a literal, by the specification
    code = {"<f4": "f", "|u1": "B", "<i4": "i"}[header["descr"]]
    body = content[10 + length :]
    return header["descr"], header["shape"], struct.unpack(f"<{len(body) // struct.calcsize(code)}{code}", body)


def exact_costs(folder, steps):
    """The costs of full-batch steps in double, by the formulas alone."""
    start = json.loads((folder / "start.json").read_text())
    widths, batch, rate = start["widths"], start["batch"], start["learning_rate"]
    logistic = [True] * (len(widths) - 2) + [start["output_activation"] == "sigmoid"]
    values = read_npy(folder / "inputs.npy")[2]
    inputs = [[value / 255 for value in values[i * widths[0] : (i + 1) * widths[0]]] for i in range(batch)]
    labels = read_npy(folder / "labels.npy")[2]
    layers = []
    for l in range(1, len(widths)):
        flat = read_npy(folder / f"weights_{l}.npy")[2]
        rows = [list(flat[j * widths[l - 1] : (j + 1) * widths[l - 1]]) for j in range(widths[l])]
        layers.append((rows, list(read_npy(folder / f"biases_{l}.npy")[2])))
    costs = []
    for _ in range(steps + 1):
        gradients = [([[0.0] * len(row) for row in weights], [0.0] * len(biases)) for weights, biases in layers]
        squares = 0.0
        for sample, label in zip(inputs, labels):
            outputs = [sample]
            for (weights, biases), bends in zip(layers, logistic):
                sums = [sum(w * x for w, x in zip(row, outputs[-1])) + b for row, b in zip(weights, biases)]
                outputs.append([1 / (1 + math.exp(-z)) for z in sums] if bends else sums)
            error = [y - (1.0 if j == label else 0.0) for j, y in enumerate(outputs[-1])]
            squares += sum(e * e for e in error)
            if logistic[-1]:
                error = [e * y * (1 - y) for e, y in zip(error, outputs[-1])]
            for l in range(len(layers) - 1, -1, -1):
                for j, e in enumerate(error):
                    gradients[l][1][j] += e
                    for k, x in enumerate(outputs[l]):
                        gradients[l][0][j][k] += e * x
                error = [
                    sum(e * layers[l][0][j][k] for j, e in enumerate(error)) * x * (1 - x) for k, x in enumerate(outputs[l])
                ]
        costs.append(squares / (2 * batch))
        for (weights, biases), (by_weight, by_bias) in zip(layers, gradients):
            for j, row in enumerate(weights):
                biases[j] -= rate / batch * by_bias[j]
                for k in range(len(row)):
                    row[k] -= rate / batch * by_weight[j][k]
    return costs


class GradusBench(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gradus-bench-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def refused(self, *words, says):
        result = run(*words)
        self.assertEqual(result.returncode, 2, result.stdout)
        self.assertIn(says, result.stderr)
        self.assertEqual(result.stdout, "")

    def test_lists_the_workloads(self):
        workloads = {entry["name"]: entry for entry in measured("--list")}
        self.assertEqual(workloads["classic"]["widths"], [784, 30, 10])
        self.assertEqual(workloads["classic"]["batch"], 10)
        self.assertTrue(workloads["square"]["for_gpus"])
        table = run("--list").stdout.splitlines()
        self.assertEqual(len(table), len(workloads))

    def test_measures_a_workload(self):
        record = measured("--only", "digits", "--seconds", 0.01, "--threads", 1)
        self.assertEqual(record["machine"]["cores"] >= 1, True)
        self.assertGreater(record["ceilings"][0]["operations_per_second"], 0)
        (step,) = record["steps"]
        self.assertEqual((step["workload"], step["threads"], step["batch"]), ("digits", 1, 1437))
        self.assertEqual(step["operations"], 2 * 1437 * (3 * (64 * 30 + 30 * 10) - 64 * 30))
        self.assertTrue(math.isfinite(step["cost"]))
        self.assertGreaterEqual(step["blocks"], 5)
        for key in ("step_microseconds", "products_microseconds", "share_of_products"):
            spread = step[key]
            self.assertTrue(
                0 < spread["least"] <= spread["lower_quartile"] <= spread["median"] <= spread["upper_quartile"] <= spread["greatest"],
                spread,
            )
        self.assertAlmostEqual(
            step["samples_per_second"] * step["step_microseconds"]["median"], 1437e6, delta=1e-6 * 1437e6
        )

    def test_measures_any_network(self):
        for words in (["--widths", "1,1", "--batch", 1], ["--widths", "5,4,3", "--batch", 2, "--samples", 7]):
            (step,) = measured(*words, "--seconds", 0)["steps"]
            self.assertEqual(step["workload"], "custom")

    def test_several_workloads_to_a_file(self):
        file = self.folder / "steps.json"
        result = run("--only", "digits,classic", "--seconds", 0, "--threads", 1, "--json", file)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([step["workload"] for step in json.loads(file.read_text())["steps"]], ["digits", "classic"])
        self.assertEqual(len(result.stdout.splitlines()), 3)

    def test_steps_alone(self):
        result = run("--widths", "6,4,3", "--batch", 5, "--steps", 3)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"^custom with .+, .+, oneDNN .+: 3 steps, mean cost 0\.\d+\n$")

    def test_start_values_and_the_costs_that_follow(self):
        for activation in ("sigmoid", "identity"):
            with self.subTest(activation):
                folder = self.folder / "new" / activation
                words = ["--widths", "6,4,3", "--batch", 5, "--output-activation", activation]
                result = run(*words, "--write-start", folder, "--check-steps", 4)
                self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)
                self.assertEqual(read_npy(folder / "weights_1.npy")[:2], ("<f4", (4, 6)))
                self.assertEqual(read_npy(folder / "biases_2.npy")[:2], ("<f4", (3,)))
                costs = json.loads((folder / "start.json").read_text())["costs"]
                self.assertEqual(len(costs), 5)
                self.assertLess(costs[-1], costs[0])
                for found, exact in zip(costs, exact_costs(folder, 4)):
                    self.assertAlmostEqual(found, exact, delta=1e-5 * exact)

    def test_refuses_what_it_does_not_know(self):
        self.refused("--only", "nothing", says="no workload is named 'nothing'")
        self.refused("--precision", "fp16", says="no precision is named 'fp16'")
        self.refused("--precision", "tf32", says="needs --device cuda")
        self.refused("--device", "auto", says="give cpu, cuda or cuda:N")
        self.refused("--device", "gpu", says="gpu")
        self.refused("--widths", "784", "--batch", 1, says="--widths needs")
        self.refused("--widths", "3,0,1", "--batch", 1, says="--widths needs")
        self.refused("--widths", "3,2", says="needs --batch")
        self.refused("--widths", "3,2", "--batch", 5, "--samples", 4, says="less than --batch")
        self.refused("--only", "classic", "--widths", "3,2", "--batch", 5, says="exclude each other")
        self.refused("--output-activation", "swish", says="no activation is named 'swish'")
        self.refused("--output-activation", "softmax", says="cross-entropy")
        self.refused("--seconds", -1, says="must not be negative")
        self.refused("--write-start", self.folder, says="needs one workload")
        for option in ("--steps", "--check-steps", "--batch", "--samples", "--threads"):
            self.refused(option, -1, says="must not be negative")
        self.refused("--widths", "3,-2", "--batch", 1, says="must not be negative")
        self.refused("--device", "cuda:99", "--only", "digits", "--write-start", self.folder / "start", says="error: ")
        self.refused("--unknown", says="--unknown")
        self.refused("--only", "digits", "--json", self.folder / "none" / "steps.json", says="cannot be written")
        (self.folder / "file").write_text("")
        self.refused("--only", "digits", "--write-start", self.folder / "file", says="cannot be")

    @unittest.skipUnless(os.path.exists("/dev/full"), "there is no /dev/full")
    def test_says_when_nobody_can_read_what_it_prints(self):
        for words in (["--list"], ["--list", "--json", "-"], ["--only", "digits", "--seconds", "0"]):
            with open("/dev/full", "w", encoding="utf-8") as full:
                result = subprocess.run([BENCH, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=240)
            self.assertEqual(result.returncode, 2)
            self.assertIn("cannot be written", result.stderr)


if __name__ == "__main__":
    unittest.main()
