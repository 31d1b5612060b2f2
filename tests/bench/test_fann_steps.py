"""bench/peers/fann_steps.c does the same training: its costs against sums in plain Python. Skipped where FANN is not installed."""

import math
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent / "bench" / "peers" / "fann_steps.c"
WIDTHS, BATCH, RATE, COSTS = [5, 4, 3, 2], 3, 0.5, 4


def write_npy(file, kind, form, rows):
    """`rows` of numbers, or numbers."""
    flat = [number for row in rows for number in (row if isinstance(row, list) else [row])]
    shape = (len(rows), len(rows[0])) if isinstance(rows[0], list) else (len(rows),)
    header = repr({"descr": kind, "fortran_order": False, "shape": shape}).encode().ljust(117) + b"\n"
    file.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + struct.pack(f"<{len(flat)}{form}", *flat))


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def step(weights, biases, inputs, labels):
    """One, in place; returns the cost before it."""
    cost = 0.0
    slopes = [[[0.0] * len(row) for row in layer] for layer in weights]
    bias_slopes = [[0.0] * len(layer) for layer in biases]
    for x, label in zip(inputs, labels):
        outputs = [x]
        for layer, bias in zip(weights, biases):
            outputs.append([sigmoid(sum(w * a for w, a in zip(row, outputs[-1])) + b) for row, b in zip(layer, bias)])
        off = [y - (k == label) for k, y in enumerate(outputs[-1])]
        cost += sum(d * d for d in off) / (2 * len(inputs))
        error = [d * y * (1 - y) for d, y in zip(off, outputs[-1])]
        for l in range(len(weights) - 1, -1, -1):
            for j, e in enumerate(error):
                bias_slopes[l][j] += e
                for i, a in enumerate(outputs[l]):
                    slopes[l][j][i] += e * a
            error = [sum(e * row[i] for e, row in zip(error, weights[l])) * a * (1 - a) for i, a in enumerate(outputs[l])]
    for l, layer in enumerate(weights):
        for j, row in enumerate(layer):
            biases[l][j] -= RATE / len(inputs) * bias_slopes[l][j]
            for i in range(len(row)):
                row[i] -= RATE / len(inputs) * slopes[l][j][i]
    return cost


class FannTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="gradus-test-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.program = self.folder / "fann_steps"
        subprocess.run(["cc", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-o", self.program, SOURCE, "-lfloatfann", "-lm"], check=True)
        numbers = random.Random(1)
        self.weights = [[[numbers.uniform(-1, 1) for _ in range(n)] for _ in range(m)] for n, m in zip(WIDTHS, WIDTHS[1:])]
        self.biases = [[numbers.uniform(-1, 1) for _ in range(m)] for m in WIDTHS[1:]]
        for l, (weights, biases) in enumerate(zip(self.weights, self.biases), 1):
            write_npy(self.folder / f"weights_{l}.npy", "<f4", "f", weights)
            write_npy(self.folder / f"biases_{l}.npy", "<f4", "f", biases)
        self.inputs = [[numbers.randrange(256) for _ in range(WIDTHS[0])] for _ in range(BATCH)]
        self.labels = [i % WIDTHS[-1] for i in range(BATCH)]
        write_npy(self.folder / "inputs.npy", "|u1", "B", self.inputs)
        write_npy(self.folder / "labels.npy", "<i4", "i", self.labels)

    def run_program(self, samples=0, widths=WIDTHS):
        words = [self.program, self.folder, COSTS, samples, 0.05, RATE, BATCH, *widths]
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60)
        return done.returncode, [line.split() for line in done.stdout.splitlines()], done.stderr

    def test_costs_are_those_of_plain_gradient_descent(self):
        code, lines, _ = self.run_program()
        self.assertEqual(code, 0)
        scaled = [[value / 255 for value in row] for row in self.inputs]
        expected = [step(self.weights, self.biases, scaled, self.labels) for _ in range(COSTS)]
        for (word, cost), exact in zip(lines, expected):
            self.assertEqual(word, "cost")
            self.assertAlmostEqual(float(cost), exact, delta=1e-6 * exact)
        self.assertEqual([word for word, *_ in lines], ["cost"] * COSTS + ["least_distance"])

    def test_blocks_are_timed(self):
        code, lines, _ = self.run_program(samples=10)
        self.assertEqual(code, 0)
        blocks = [line for line in lines if line[0] == "block"]
        self.assertGreaterEqual(len(blocks), 2)
        for _, steps, seconds in blocks:
            self.assertGreater(int(steps) * float(seconds), 0.001)

    def test_files_that_do_not_fit(self):
        code, _, err = self.run_program(widths=[5, 4, 3, 1])
        self.assertEqual((code, "weights_3.npy does not hold" in err), (1, True), err)
        (self.folder / "labels.npy").write_text("hello")
        code, _, err = self.run_program()
        self.assertEqual((code, "labels.npy is no NPY file" in err), (1, True), err)


if __name__ == "__main__":
    asks_for_fann = ["cc", "-include", "floatfann.h", "-E", "-x", "c", "/dev/null"]
    if not shutil.which("cc") or subprocess.run(asks_for_fann, capture_output=True).returncode:
        print("skipped: FANN is not installed (Debian: libfann-dev)")
        sys.exit(77)
    unittest.main()
