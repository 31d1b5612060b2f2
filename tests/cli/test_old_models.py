"""Models, options and TOML files of earlier versions are still read, and still mean the same.

tests/models/README.md says what lies there. Where GRADUS_OLD_COMMAND names the program that wrote the folder GRADUS_OLD_SET
(0.1-0dcab24), both programs are compared bit for bit.
"""

import csv
import io
import json
import os
import shutil
import struct
import subprocess
import sys
import unittest
from unittest import mock

import product
from product import SOURCE_DIR, ProductTest, main

MODELS = SOURCE_DIR / "tests/models"
CASES = sorted(path.parent for path in MODELS.glob("*/*/case.json"))
OLD_COMMAND = os.environ.get("GRADUS_OLD_COMMAND")
OLD_CASES = [case for case in CASES if case.parent.name == os.environ.get("GRADUS_OLD_SET", "0.1-0dcab24")]

# CPUs round sums differently: a little in one prediction, more after some steps of training.
PREDICTING = 1e-5
TRAINING = 1e-3


def number(text):
    """The number that a cell is, or None."""
    try:
        return float(text)
    except ValueError:
        return None


def tensors(path):
    """What a model file's header says of its tensors, and their bytes."""
    content = path.read_bytes()
    size = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8 : 8 + size])
    header.pop("__metadata__")
    return header, content[8 + size :]


class CaseTest(ProductTest):
    """A test of all cases, each in a copy of its folder."""

    def for_each(self, cases, check):
        """Calls check(commands), with the words of each command, in the folder of each case."""
        self.assertGreater(len(cases), 30)
        root = self.folder
        for case in cases:
            self.folder = root / case.parent.name / case.name
            shutil.copytree(case, self.folder)
            with self.subTest(case=f"{case.parent.name}/{case.name}"):
                check(json.loads(self.read("case.json")))

    def read(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def configs(self):
        """The files of options that this program reads."""
        names = [name for name in ["options.json", "config.toml"] if (self.folder / name).exists()]
        if "config.toml" in names:
            self.write("probe.toml", "")
            if "without toml++" in self.gradus("train", "--config", "probe.toml").err:
                names.remove("config.toml")
        return names

    def train_from(self, config, commands, output):
        """Trains as the file asks, and gives the words that predict with that model."""
        result = self.gradus("train", "--config", config, "--device", "cpu", "--output", output, "--quiet")
        self.assertEqual(result.code, commands["exit_code"], result)
        return [f"{output}/{word}" if word == "model.safetensors" else word for word in commands["predict"]]


class OldModels(CaseTest):
    def assert_near(self, found, stored, tolerance, place):
        self.assertIsInstance(found, (int, float), place)
        self.assertLessEqual(abs(found - stored), tolerance * max(1.0, abs(stored)), f"{place}: {found} instead of {stored}")

    def assert_says(self, found, stored, tolerance, place=""):
        """All of the stored JSON is in the found one, which may say more."""
        if isinstance(stored, dict):
            for key, value in stored.items():
                self.assertIn(key, found, place)
                self.assert_says(found[key], value, tolerance, f"{place}.{key}")
        elif isinstance(stored, list):
            self.assertEqual(len(found), len(stored), place)
            for index, value in enumerate(stored):
                self.assert_says(found[index], value, tolerance, f"{place}[{index}]")
        elif isinstance(stored, float):
            self.assert_near(found, stored, tolerance, place)
        else:
            self.assertEqual(found, stored, place)

    def assert_predicts(self, words, tolerance, of_class=True):
        """The stored predictions: the same header and classes (if asked), nearly the same numbers."""
        found, stored = (list(csv.reader(io.StringIO(text))) for text in (self.succeeds(*words).out, self.read("predictions.csv")))
        self.assertEqual(found[0], stored[0])
        self.assertEqual(len(found), len(stored))
        first_score = sum(not name.startswith("score_") for name in stored[0]) if "--scores" in words else 0
        for row, (found_row, stored_row) in enumerate(zip(found, stored)):
            self.assertEqual(len(found_row), len(stored_row))
            if of_class:
                self.assertEqual(found_row[:first_score], stored_row[:first_score])
            for cell, wanted in zip(found_row[first_score:], stored_row[first_score:]):
                if row > 0:
                    self.assert_near(number(cell), float(wanted), tolerance, f"row {row}")

    def test_predictions(self):
        self.for_each(CASES, lambda commands: self.assert_predicts(commands["predict"], PREDICTING))

    def test_evaluations(self):
        def check(commands):
            self.assert_says(self.succeeds(*commands["evaluate"]).json(), json.loads(self.read("evaluate.json")), PREDICTING)

        self.for_each(CASES, check)

    def test_inspections(self):
        def check(commands):
            self.assert_says(self.succeeds(*commands["inspect"]).json(), json.loads(self.read("inspect.json")), 0)
            self.succeeds("inspect", "model.safetensors")

        self.for_each(CASES, check)

    def test_options(self):
        def check(commands):
            for config in self.configs():
                words = self.train_from(config, commands, f"from-{config}")
                # Where two scores are nearly the same, another class may be the greater one.
                self.assert_predicts(words, TRAINING, of_class=False)

        self.for_each(CASES, check)

    def test_how_a_folder_is_made(self):
        stored = next(case for case in CASES if case.name == "number-minmax")
        made = self.folder / "made"
        made.mkdir()
        shutil.copy(stored.parent / "cases.py", made)
        words = [sys.executable, "-B", MODELS / "make.py", product.COMMAND, made, stored.name]
        subprocess.run(words, check=True, capture_output=True, timeout=product.TIMEOUT)
        self.assertEqual(*(sorted(path.name for path in (folder / stored.name).iterdir()) for folder in (made, stored.parent)))


@unittest.skipIf(OLD_COMMAND is None, "skipped: GRADUS_OLD_COMMAND names no program of an old commit")
class OldProgram(CaseTest):
    """The old program and this one, on this machine."""

    def old(self, *words):
        with mock.patch.object(product, "COMMAND", OLD_COMMAND):
            return self.succeeds(*words)

    def test_predictions(self):
        def check(commands):
            self.assertEqual(self.succeeds(*commands["predict"]).out, self.old(*commands["predict"]).out)

        self.for_each(OLD_CASES, check)

    def test_evaluations(self):
        def check(commands):
            found, old = self.succeeds(*commands["evaluate"]).json(), self.old(*commands["evaluate"]).json()
            self.assertEqual({key: found.get(key) for key in old}, old)

        self.for_each(OLD_CASES, check)

    def test_training(self):
        def check(commands):
            for config in self.configs():
                words = self.train_from(config, commands, f"new-{config}")
                with mock.patch.object(product, "COMMAND", OLD_COMMAND):
                    self.train_from(config, commands, f"old-{config}")
                new, old = (tensors(self.folder / f"{which}-{config}/model.safetensors") for which in ("new", "old"))
                self.assertTrue(new == old, f"the tensors trained from {config} differ")
                # What uses nothing new is written so that the old program reads it.
                self.assertEqual(self.succeeds(*words).out, self.old(*words).out)

        self.for_each(OLD_CASES, check)


if __name__ == "__main__":
    main()
