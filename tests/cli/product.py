"""What the tests of the command have in common: they run it as a user does, in a folder of their own."""

import contextlib
import gzip
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

COMMAND = os.environ["GRADUS_COMMAND"]
SOURCE_DIR = Path(os.environ["GRADUS_SOURCE_DIR"])
# Data that the project does not ship: MNIST and the housing table. Tests that need it are skipped where it is not.
SHARED_DATA = Path(os.environ.get("GRADUS_TEST_DATA", SOURCE_DIR.parent / "shared" / "data"))
DIGITS = SOURCE_DIR / "data" / "digits.csv"
RUN_FILES = ["metrics.jsonl", "model.safetensors", "options.json"]

# Room for sanitizers and busy machines; what hangs is killed.
TIMEOUT = 240


class Result:
    """How a command ended."""

    def __init__(self, completed):
        self.code = completed.returncode
        self.out = (completed.stdout or b"").decode("utf-8")
        self.err = completed.stderr.decode("utf-8")

    def json(self):
        """The one JSON object that standard output must be."""
        return json.loads(self.out, parse_constant=lambda word: (_ for _ in ()).throw(ValueError(word)))

    def __str__(self):
        return f"exit {self.code}\n--- standard output\n{self.out}\n--- standard error\n{self.err}"


class ProductTest(unittest.TestCase):
    """A test with an empty current folder."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="gradus-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def gradus(self, *words, stdin=b"", stdout=subprocess.PIPE, environment=None, **options):
        """Runs the command. Standard error is no terminal."""
        return Result(
            subprocess.run(
                [COMMAND, *map(str, words)],
                input=stdin,
                stdout=stdout,
                stderr=subprocess.PIPE,
                cwd=self.folder,
                env={**os.environ, **(environment or {})},
                timeout=TIMEOUT,
                check=False,
                **options,
            )
        )

    def succeeds(self, *words, **options):
        result = self.gradus(*words, **options)
        self.assertEqual(result.code, 0, f"{words}: {result}")
        return result

    def fails(self, code, *words, says=(), **options):
        """The command ends with this code, prints one error that holds all these words, and no result."""
        result = self.gradus(*words, **options)
        self.assertEqual(result.code, code, f"{words}: {result}")
        self.assertIn("gradus: error: ", result.err)
        self.assertNotIn("internal error", result.err)
        self.assertEqual(result.out, "")
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, result.err, f"{words}: {result}")
        return result

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8")
        return path

    def train(self, *words, output="run"):
        """Trains quickly, and returns the JSON result."""
        return self.succeeds("train", *words, "--output", output, "--json", "--quiet").json()

    def model_bytes(self, output="run"):
        return (self.folder / output / "model.safetensors").read_bytes()

    def tensor_bytes(self, output="run"):
        """The model's numbers, without its description."""
        content = self.model_bytes(output)
        return content[8 + int.from_bytes(content[:8], "little"):]

    def assert_no_remains(self, folder="."):
        """Nothing half-written lies about."""
        partial = [str(path) for path in (self.folder / folder).rglob("*") if "partial" in path.name]
        self.assertEqual(partial, [])


def flowers(samples=90, seed=1, names=True):
    """Three classes that a small network tells apart; text targets."""
    generator = random.Random(seed)
    centres = {"rose": (0.0, 0.0, 5.0), "tulip": (4.0, 0.0, 0.0), "daisy, white": (0.0, 4.0, 1.0)}
    lines = ["length,width,height,kind"] if names else []
    for index in range(samples):
        kind = list(centres)[index % 3]
        values = [f"{centre + generator.gauss(0, 0.7):.4f}" for centre in centres[kind]]
        lines.append(",".join([*values, f'"{kind}"' if "," in kind else kind]))
    return "\n".join(lines) + "\n"


def prices(samples=120, seed=2):
    """A number that depends on two columns, far from 0 and from 1."""
    generator = random.Random(seed)
    lines = ["size,age,price"]
    for _ in range(samples):
        size = generator.uniform(20, 200)
        age = generator.uniform(0, 80)
        lines.append(f"{size:.3f},{age:.3f},{50000 + 900 * size - 400 * age + generator.gauss(0, 2000):.2f}")
    return "\n".join(lines) + "\n"


def idx(values, shape):
    """An IDX file of bytes."""
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape) + bytes(values)


def npy(values, shape, kind):
    """A NumPy file, version 1.0; kind such as '<f4'."""
    shape_text = "(" + "".join(f"{extent}, " for extent in shape).rstrip() + ")"
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape_text}, }}"
    header += " " * ((64 - (10 + len(header) + 1) % 64) % 64) + "\n"
    letters = {"<f4": "f", "<f8": "d", "|u1": "B", "<i4": "i", "<i8": "q"}
    body = struct.pack(f"<{len(values)}{letters[kind]}", *values)
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode("ascii") + body


def images(samples, seed):
    """Bright top or bright bottom: 4 × 4 grey values and their classes."""
    generator = random.Random(seed)
    pixels, labels = [], []
    for index in range(samples):
        label = index % 2
        rows = [(row < 2) == (label == 0) for row in range(4)]
        pixels += [generator.randrange(150, 256) if bright else generator.randrange(0, 100) for bright in rows for _ in range(4)]
        labels.append(label)
    return pixels, labels


def write_image_folder(folder, train=60, test=20, compressed=False):
    """A folder in MNIST's layout."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, samples, seed in [("train", train, 3), ("t10k", test, 4)]:
        pixels, labels = images(samples, seed)
        for kind, content in [("images-idx3", idx(pixels, (samples, 4, 4))), ("labels-idx1", idx(labels, (samples,)))]:
            name = f"{part}-{kind}-ubyte"
            if compressed:
                (folder / f"{name}.gz").write_bytes(gzip.compress(content))
            else:
                (folder / name).write_bytes(content)
    return folder


@contextlib.contextmanager
def full_device():
    """A file that takes nothing."""
    if not os.path.exists("/dev/full"):
        raise unittest.SkipTest("skipped: there is no /dev/full here")
    with open("/dev/full", "wb", buffering=0) as device:
        yield device


def main():
    """Runs the tests of the calling file. A file whose every test is skipped says so to CTest by its exit code."""
    program = unittest.main(exit=False, verbosity=2)
    result = program.result
    if result.testsRun > 0 and len(result.skipped) == result.testsRun:
        sys.exit(77)
    sys.exit(not result.wasSuccessful())
