"""The trainings by which two programs are compared, and their data."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/models"))
import example_data  # noqa: E402  (needs the path above)


@dataclass(frozen=True)
class Training:
    name: str
    data: str  # files of the folder `data`
    options: str  # of `train`
    scores: bool = True  # whether predictions have them; numbers have none

    def source(self, files=None):
        """DATA, seen from the folder of a run."""
        return ",".join(f"../../data/{name}" for name in (files or self.data).split(","))

    def words(self):
        return ["train", self.source(), *self.options.split(), "--device", "cpu", "--output", "run", "--json", "--quiet"]


TRAININGS = [
    Training("classic", "digits.csv", "--epochs 40"),
    Training(
        "adam", "digits.csv", "--hidden 40,20 --activation relu --loss cross-entropy --label-smoothing 0.1 --optimizer adam --dropout 0.2 --batch-size 32 --epochs 4"
    ),
    Training(
        "validation",
        "digits.csv",
        "--batch-size 10 --epochs 8 --test-fraction 0.2 --validation-fraction 0.2 --monitor accuracy --patience 2 --schedule plateau:1:0.5 --normalize minmax",
    ),
    Training(
        "momentum",
        "digits.csv",
        "--activation tanh --init he --optimizer momentum --weight-decay 1e-4 --l1 1e-5 --clip-norm 0.5 --schedule step:2:0.5 --batch-size 16 --epochs 4",
    ),
    Training("tabular", "passengers.csv", "--recipe tabular --ignore id --most-categories 12 --validation-fraction 0.2 --epochs 8"),
    Training(
        "targets",
        "motions.csv",
        "--target near,far --loss huber --normalize quantile --activation softplus --optimizer rmsprop --batch-size 16 --epochs 8",
        scores=False,
    ),
    Training("labels", "weather.csv", "--target hot,wet --activation leaky-relu --optimizer nesterov --batch-size 16 --epochs 8"),
    Training(
        "images",
        "images.idx,labels.idx",
        "--shift 1 --rotate 10 --scale 0.1 --elastic 8:2 --mixup 0.3 --input-noise 0.05 --activation scaled-tanh --batch-size 20 --epochs 6",
    ),
    Training(
        "weights", "faults.csv", "--weights weight --class-weights balanced --loss binary-cross-entropy --activation elu --batch-size full --epochs 40"
    ),
    Training("lamb", "digits.csv", "--activation gelu --optimizer lamb --warmup 2 --schedule cosine --batch-size 64 --epochs 8 --seed 7"),
    Training("threads", "digits.csv", "--hidden 300,200 --activation silu --optimizer adamw --batch-size full --threads 4 --epochs 10"),
]


def write_data(folder):
    """All files that the trainings name."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "data/digits.csv", folder)
    for name, rows in [
        ("passengers", example_data.passengers(600, 1)),
        ("motions", example_data.motions(400, 2)),
        ("weather", example_data.weather(400, 3)),
        ("faults", example_data.faults(300, 4)),
    ]:
        (folder / f"{name}.csv").write_text(example_data.table(rows), encoding="utf-8")
    pixels, labels = example_data.images(300, 5, 12, 12)
    (folder / "images.idx").write_bytes(example_data.idx(pixels, (300, 12, 12)))
    (folder / "labels.idx").write_bytes(example_data.idx(labels, (300,)))
