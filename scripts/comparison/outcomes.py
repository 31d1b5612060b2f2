"""What a training comes to, and where two of them differ."""

import csv
import json
import math
import struct
import subprocess
from dataclasses import dataclass

# These measure the speed of the machine, and differ from run to run.
TIMES = {"seconds", "samples_per_second", "train_seconds"}


class Failure(Exception):
    """A program ended with an error."""


@dataclass
class Outcome:
    tensors: dict  # name: (dtype, shape, bytes)
    facts: dict  # what a fact belongs to: its JSON, with numbers as they were written
    predictions: list  # rows of CSV, the first with the names of the columns

    def lines_of_metrics(self):
        return sum(place.startswith("metrics.jsonl") for place in self.facts)


def exact(text):
    """JSON whose numbers are texts: they are equal when every digit is."""
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)


def read_tensors(path):
    content = path.read_bytes()
    size = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8 : 8 + size])
    header.pop("__metadata__")
    data = memoryview(content)[8 + size :]
    return {name: (each["dtype"], each["shape"], bytes(data[slice(*each["data_offsets"])])) for name, each in header.items()}


def run(program, words, folder):
    """What the program prints; throws Failure."""
    try:
        done = subprocess.run([program, *words], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError as error:
        raise Failure(f"cannot be run: {error}") from error
    if done.returncode != 0:
        message = done.stderr.decode(errors="replace").strip().splitlines()
        raise Failure(f"{words[0]}: exit code {done.returncode}{': ' + message[-1] if message else ''}")
    return done.stdout.decode()


def outcome(program, training, folder):
    """Trains, evaluates and predicts in `folder`; throws Failure."""
    folder.mkdir(parents=True, exist_ok=True)
    result = run(program, training.words(), folder)
    evaluation = run(program, ["evaluate", "run", training.source(), "--device", "cpu", "--json"], folder)
    inputs = training.source(training.data.split(",")[0])  # without the labels of IDX files
    predictions = run(program, ["predict", "run", inputs, *(["--scores"] if training.scores else []), "--device", "cpu"], folder)
    for name, text in [("result.json", result), ("evaluate.json", evaluation), ("predictions.csv", predictions)]:
        (folder / name).write_text(text, encoding="utf-8")
    log = (folder / "run/metrics.jsonl").read_text(encoding="utf-8").splitlines()
    facts = {f"metrics.jsonl:{number}": exact(line) for number, line in enumerate(log, 1)}
    facts.update({"the result": exact(result), "evaluate": exact(evaluation)})
    return Outcome(read_tensors(folder / "run/model.safetensors"), facts, list(csv.reader(predictions.splitlines())))


def change(old, new):
    """`0.5 became 0.25 (by 0.25)`."""
    try:
        return f"{old} became {new} (by {abs(float(new) - float(old)):.3g})"
    except (TypeError, ValueError):
        return f"{json.dumps(old)} became {json.dumps(new)}"


def tensor_difference(name, old, new):
    if old[:2] != new[:2]:
        return f"{name} is {new[0]} {new[1]} instead of {old[0]} {old[1]}"
    if old[0] != "F32":
        return f"{name} differs"
    count = len(old[2]) // 4
    before, after = (struct.unpack(f"<{count}f", each[2]) for each in (old, new))
    places = [i for i in range(count) if old[2][4 * i : 4 * i + 4] != new[2][4 * i : 4 * i + 4]]
    distances = {i: abs(after[i] - before[i]) for i in places}
    most = max(places, key=lambda i: math.inf if math.isnan(distances[i]) else distances[i])
    return f"{name} differs in {len(places):,} of {count:,} values, most at {most}: {change(before[most], after[most])}"


def fact_difference(old, new, place):
    """The first difference, or None; a key that only the new one has does not count."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            if key in TIMES:
                continue
            if key not in new:
                return f"{place}: {key} is missing"
            if found := fact_difference(value, new[key], f"{place}, {key}"):
                return found
        return None
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new))
        return next((found for i, (a, b) in pairs if (found := fact_difference(a, b, f"{place}[{i}]"))), None)
    return None if old == new else f"{place}: {change(old, new)}"


def prediction_difference(old, new):
    """How many lines differ, and the first cell that does; or None."""
    if len(old) != len(new) or old[0] != new[0]:
        return f"predictions are {len(new) - 1:,} lines of {','.join(new[0])} instead of {len(old) - 1:,} of {','.join(old[0])}"
    lines = [i for i in range(len(old)) if old[i] != new[i]]
    if not lines:
        return None
    before, after = old[lines[0]], new[lines[0]]
    column = next(i for i in range(len(before)) if before[i] != after[i])
    first = f"line {lines[0] + 1}, {old[0][column]}: {change(before[column], after[column])}"
    return f"{len(lines):,} of {len(old) - 1:,} predictions differ, first {first}"


def differences(old, new):
    """The first difference of each kind: tensors, facts, predictions."""
    found = []
    if list(old.tensors) != list(new.tensors):
        found.append(f"the tensors are {', '.join(new.tensors)} instead of {', '.join(old.tensors)}")
    else:
        different = [name for name in old.tensors if old.tensors[name] != new.tensors[name]]
        found += [tensor_difference(name, old.tensors[name], new.tensors[name]) for name in different[:1]]
    if len(old.facts) != len(new.facts):
        found.append(f"metrics.jsonl has {new.lines_of_metrics()} lines instead of {old.lines_of_metrics()}")
    places = [place for place in old.facts if place in new.facts]
    found += [text for place in places if (text := fact_difference(old.facts[place], new.facts[place], place))][:1]
    if text := prediction_difference(old.predictions, new.predictions):
        found.append(text)
    return found
