"""The start that all share: what `gradus-bench --write-start FOLDER` has written, and samples to be timed on."""

import json
import pathlib
import sys
from dataclasses import dataclass

import numpy as np


@dataclass
class Start:
    """A network, the samples of one batch, and the costs before each of some full-batch steps on them."""

    widths: list[int]
    batch: int
    rate: float
    identity: bool  # whether the outputs are identities; otherwise sigmoids, as the hidden nodes are
    costs: list[float]
    weights: list[np.ndarray]  # (nodes, nodes before), float32
    biases: list[np.ndarray]
    inputs: np.ndarray  # (batch, features), float32 in [0, 1]
    labels: np.ndarray  # (batch), int64

    def targets(self) -> np.ndarray:
        return one_hot(self.labels, self.widths[-1])


def one_hot(labels: np.ndarray, classes: int) -> np.ndarray:
    targets = np.zeros((len(labels), classes), np.float32)
    targets[np.arange(len(labels)), labels] = 1
    return targets


def scaled(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32) / np.float32(255)


def read_start(folder: pathlib.Path) -> Start:
    try:
        described = json.loads((folder / "start.json").read_text())
        if described["output_activation"] not in ("sigmoid", "identity"):
            sys.exit(f"{folder}/start.json: peers know no output activation {described['output_activation']}")
        layers = range(1, len(described["widths"]))
        return Start(
            widths=described["widths"],
            batch=described["batch"],
            rate=described["learning_rate"],
            identity=described["output_activation"] == "identity",
            costs=described["costs"],
            weights=[np.load(folder / f"weights_{layer}.npy") for layer in layers],
            biases=[np.load(folder / f"biases_{layer}.npy") for layer in layers],
            inputs=scaled(np.load(folder / "inputs.npy")),
            labels=np.load(folder / "labels.npy").astype(np.int64),
        )
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"{folder} is no start folder of gradus-bench --write-start: {type(error).__name__}: {error}")


def samples(start: Start, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Grey values in [0, 1] and classes without meaning; the time of a step does not depend on them."""
    values = np.random.default_rng(1).integers(0, 256, (count, start.widths[0]), dtype=np.uint8)
    return scaled(values), np.arange(count) % start.widths[-1]


class Order:
    """Minibatches along a random order, drawn anew for each epoch; a block of steps lies within one epoch."""

    def __init__(self, count: int, batch: int):
        self.full = batch >= count
        self.steps_per_epoch = sys.maxsize if self.full else count // batch
        self.count, self.batch = count, batch
        self.random = np.random.default_rng(2)
        self.left = 0

    def next(self, steps: int) -> np.ndarray:
        """The rows of the next minibatches: (steps, batch)."""
        if self.left < steps:
            self.order = self.random.permutation(self.count).astype(np.int32)
            self.left = self.steps_per_epoch
        begin = (self.steps_per_epoch - self.left) * self.batch
        self.left -= steps
        return self.order[begin : begin + steps * self.batch].reshape(steps, self.batch)
