#!/usr/bin/env python3
"""How good: the recipe `tabular` beside scikit-learn's and PyTorch's networks on five tables that scikit-learn includes.

Each table is cut into five folds, of every class alike, once for each seed; every program learns from the same rows, and is measured
on the same others. The peers have layers of the same widths and inputs that are standardised, and otherwise what their users begin
with. The figure is the accuracy, or R² where the target is a number.
"""

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
from sklearn import datasets
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HIDDEN = (128, 64)
FOLDS = 5
TABLES = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "breast cancer": datasets.load_breast_cancer,
    "digits": datasets.load_digits,
    "diabetes": datasets.load_diabetes,
}


def splits(inputs, targets, seed):
    """Pairs of rows to learn from and rows to be measured on."""
    kind = KFold if targets.dtype.kind == "f" else StratifiedKFold
    return list(kind(FOLDS, shuffle=True, random_state=seed).split(inputs, targets))


def figure(targets, answers):
    """The accuracy, or R²."""
    if targets.dtype.kind == "f":
        return 1.0 - float(((targets - answers) ** 2).sum() / ((targets - targets.mean()) ** 2).sum())
    return float((targets == answers).mean())


def write_table(path, inputs, targets):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([f"x{column}" for column in range(inputs.shape[1])] + ["y"])
        # Classes as text, so that none is read as a number.
        is_number = targets.dtype.kind == "f"
        writer.writerows([*row, target if is_number else f"class {target}"] for row, target in zip(inputs.tolist(), targets.tolist()))


class Gradus:
    def __init__(self, command):
        self.command = command

    def measure(self, inputs, targets, train, test, seed):
        with tempfile.TemporaryDirectory() as folder:
            write_table(Path(folder) / "train.csv", inputs[train], targets[train])
            write_table(Path(folder) / "test.csv", inputs[test], targets[test])
            words = ["train", "train.csv", "--test", "test.csv", "--recipe", "tabular", "--seed", str(seed), "--json", "--quiet"]
            found = json.loads(subprocess.run([self.command, *words], cwd=folder, check=True, capture_output=True).stdout)
        return found["test_r2" if targets.dtype.kind == "f" else "test_accuracy"]


class ScikitLearn:
    def measure(self, inputs, targets, train, test, seed):
        kind = MLPRegressor if targets.dtype.kind == "f" else MLPClassifier
        model = make_pipeline(StandardScaler(), kind(hidden_layer_sizes=HIDDEN, max_iter=1000, random_state=seed))
        return figure(targets[test], model.fit(inputs[train], targets[train]).predict(inputs[test]))


class PyTorch:
    """Two layers of ReLU and AdamW with its defaults, as tutorials have it: 200 epochs of batches of 32."""

    def __init__(self):
        import torch  # a peer that may be absent

        self.torch = torch
        torch.set_num_threads(1)  # the networks are small

    def measure(self, inputs, targets, train, test, seed):
        torch = self.torch
        torch.manual_seed(seed)
        scaler = StandardScaler().fit(inputs[train])
        x = torch.tensor(scaler.transform(inputs), dtype=torch.float32)
        is_number = targets.dtype.kind == "f"
        mean, deviation = (targets[train].mean(), targets[train].std()) if is_number else (0, 1)
        t = torch.tensor((targets - mean) / deviation, dtype=torch.float32)[:, None] if is_number else torch.tensor(targets)
        outputs = 1 if is_number else int(targets.max()) + 1
        widths = [x.shape[1], *HIDDEN]
        layers = [layer for before, width in zip(widths, widths[1:]) for layer in (torch.nn.Linear(before, width), torch.nn.ReLU())]
        network = torch.nn.Sequential(*layers, torch.nn.Linear(widths[-1], outputs))
        optimizer = torch.optim.AdamW(network.parameters())
        loss = torch.nn.MSELoss() if is_number else torch.nn.CrossEntropyLoss()
        for _ in range(200):
            for rows in torch.tensor(train)[torch.randperm(len(train))].split(32):
                optimizer.zero_grad()
                loss(network(x[rows]), t[rows]).backward()
                optimizer.step()
        with torch.no_grad():
            answers = network(x[test])
        return figure(targets[test], (answers[:, 0] * deviation + mean).numpy() if is_number else answers.argmax(1).numpy())


def peers(command):
    programs = {"Gradus": Gradus(command), "scikit-learn": ScikitLearn()}
    try:
        programs["PyTorch"] = PyTorch()
    except ImportError as error:
        print(f"without PyTorch: {error}", file=sys.stderr)
    return programs


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gradus", default="build/release/bin/gradus", help="the command (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=3, help="how many (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write all metrics to this file")
    options = parser.parse_args()
    programs = peers(str(Path(options.gradus).resolve()))
    record = {}
    print(f"| table | metric | {' | '.join(programs)} |")
    print(f"| --- | --- |{' --- |' * len(programs)}")
    for name, load in TABLES.items():
        inputs, targets = load(return_X_y=True)
        targets = targets.astype(numpy.float64 if name == "diabetes" else numpy.int64)
        means = {
            program: [
                statistics.mean(peer.measure(inputs, targets, train, test, seed) for train, test in splits(inputs, targets, seed))
                for seed in range(options.seeds)
            ]
            for program, peer in programs.items()
        }
        record[name] = means
        cells = [f"{statistics.mean(each):.4f} ± {statistics.stdev(each) if len(each) > 1 else 0:.4f}" for each in means.values()]
        print(f"| {name} | {'R²' if targets.dtype.kind == 'f' else 'accuracy'} | {' | '.join(cells)} |", flush=True)
    if options.json:
        options.json.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
