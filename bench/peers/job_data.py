"""The files of a job, read as people read them: MNIST's IDX files, plain or gzip, with NumPy; a CSV file with pandas."""

import gzip
import pathlib

import numpy as np


def read_idx(folder: pathlib.Path, name: str) -> np.ndarray:
    compressed = folder / f"{name}.gz"
    data = gzip.decompress(compressed.read_bytes()) if compressed.exists() else (folder / name).read_bytes()
    shape = np.frombuffer(data, ">i4", data[3], 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def read_part(folder: pathlib.Path, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Values in [0, 1], (samples, 784) as float32, and classes."""
    if (folder / f"{part}.csv").exists():
        import pandas  # takes most of a second to load

        table = pandas.read_csv(folder / f"{part}.csv").to_numpy()
        values, labels = table[:, :-1], table[:, -1]
    else:
        prefix = {"train": "train", "test": "t10k"}[part]
        values, labels = read_idx(folder, f"{prefix}-images-idx3-ubyte"), read_idx(folder, f"{prefix}-labels-idx1-ubyte")
        values = values.reshape(len(values), -1)
    return values.astype(np.float32) / 255, labels.astype(np.int64)
