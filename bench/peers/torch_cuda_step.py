#!/usr/bin/env python3
"""The time of a training step in PyTorch on a GPU, on the workloads of gradus-bench: eager, and as one CUDA graph.

    bench/peers/torch_cuda_step.py --workloads FILE [--only NAME]... [--precision P]... [--seconds S] [--json FILE]

FILE is what `gradus-bench --list --json -` prints; - is standard input. The same training: sigmoid layers, squared error
averaged over the batch with the factor 1/2, SGD without momentum, samples on the GPU, minibatches along a random order. The
graph holds the whole step, the choice of its samples too. fp32 and tf32 by float32_matmul_precision; bf16 by torch.autocast
over fp32 parameters. Before anything is timed, three steps are compared with a computation in NumPy's float64.

Without PyTorch or a GPU it says so and exits with 0. scripts/gpu-check runs this; bench/compare.py runs torch_cuda_steps.py, which
starts from Gradus's own values.
"""

import argparse
import dataclasses
import json
import math
import statistics
import sys
import time

RATE = 0.01
PRECISIONS = ("fp32", "tf32", "bf16")
TOLERANCES = {"fp32": 1e-4, "tf32": 1e-2, "bf16": 5e-2}  # of a cost, relative
CHECKED_BATCH = 32
# scripts/gpu-check reads these.
ROW = "{workload:12} {precision:9} {eager_microseconds:12.2f} {graph_microseconds:12.2f} {deviation:9.1e}"


def leave_out(reason):
    print(f"left out: PyTorch on a GPU ({reason})")
    sys.exit(0)


try:
    import numpy as np
    import torch
    from start import Start
    from torch_cuda_training import Training
except ImportError as error:
    leave_out(f"this Python has no {error.name}")


def start_values(widths, batch):
    random = np.random.default_rng(7)
    weights, biases = [], []
    for before, after in zip(widths, widths[1:]):
        weights.append((random.random((after, before), dtype=np.float32) * 2 - 1) * np.float32(math.sqrt(6 / (before + after))))
        biases.append((random.random(after, dtype=np.float32) - np.float32(0.5)) * np.float32(0.2))
    inputs, labels = some_samples(batch, widths)
    return Start(widths, batch, RATE, False, [], weights, biases, inputs, labels)


def some_samples(count, widths):
    inputs = np.random.default_rng(1).integers(0, 256, (count, widths[0]), dtype=np.uint8).astype(np.float32) / np.float32(255)
    return inputs, np.arange(count) % widths[-1]


def exact_costs(start, steps):
    """The costs before each of `steps` steps along the whole batch, in float64."""
    weights = [w.astype(np.float64) for w in start.weights]
    biases = [b.astype(np.float64) for b in start.biases]
    x, t = start.inputs.astype(np.float64), start.targets().astype(np.float64)
    costs = []
    for _ in range(steps):
        outputs = [x]
        for w, b in zip(weights, biases):
            outputs.append(1 / (1 + np.exp(-(outputs[-1] @ w.T + b))))
        costs.append(np.square(outputs[-1] - t).sum() / (2 * len(x)))
        error = (outputs[-1] - t) * outputs[-1] * (1 - outputs[-1])
        for l in range(len(weights) - 1, -1, -1):
            below = (error @ weights[l]) * outputs[l] * (1 - outputs[l])
            weights[l] -= RATE / len(x) * error.T @ outputs[l]
            biases[l] -= RATE / len(x) * error.sum(0)
            error = below
    return costs


def check(title, start, expected, precision):
    """Three steps, eager and as a graph, against the exact costs; returns the greatest relative deviation."""
    eager = Training(start, start.inputs, start.labels, precision)
    found = []
    for _ in range(3):
        eager.step()
        found.append(eager.cost.item())
    graph = Training(start, start.inputs, start.labels, precision)
    graph.captured()[0]()  # two steps to warm up, and the third
    found.append(graph.cost.item())
    deviation = max(abs(cost - exact) / exact for cost, exact in zip(found, expected + expected[-1:]))
    if not deviation <= TOLERANCES[precision]:
        sys.exit(f"{title}: not the same training: the costs are {found[:3]}, as a graph {found[3]}, and should be {expected}")
    return deviation


def median_microseconds(training, step, seconds):
    """Of a step, in blocks within an epoch of about 10 ms between two events."""
    per_epoch = sys.maxsize if training.batch == training.samples else training.samples // training.batch
    begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    left = 0

    def block(steps):
        nonlocal left
        steps = min(steps, per_epoch)
        if left < steps:
            training.begin_epoch()
            left = per_epoch
        left -= steps
        begin.record()
        for _ in range(steps):
            step()
        end.record()
        end.synchronize()
        return 1e3 * begin.elapsed_time(end) / steps

    for _ in range(3):
        block(2)
    steps = 1 + int(10e3 / max(block(10), 0.1))
    times, until = [], time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < until:
        times.append(block(steps))
    return statistics.median(times)


def measure(workload, precisions, seconds):
    """One result for each precision."""
    few = start_values(workload["widths"], CHECKED_BATCH)
    expected = exact_costs(few, 3)
    start = dataclasses.replace(few, batch=workload["batch"])
    samples = some_samples(workload["samples"], workload["widths"])
    for precision in precisions:
        deviation = check(f"{workload['name']} {precision}", few, expected, precision)
        training = Training(start, *samples, precision)
        training.begin_epoch()
        eager = median_microseconds(training, training.step, seconds)
        training.begin_epoch()
        graph = median_microseconds(training, training.captured()[0], seconds)
        del training
        torch.cuda.empty_cache()
        yield {"workload": workload["name"], "precision": precision, "eager_microseconds": eager, "graph_microseconds": graph,
               "deviation": deviation}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workloads", type=argparse.FileType(), default=sys.stdin, help="what gradus-bench --list --json - prints")
    parser.add_argument("--only", action="append", help="a workload")
    parser.add_argument("--precision", action="append", choices=PRECISIONS)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each way")
    parser.add_argument("--json", help="a file for what was measured; otherwise it is printed")
    options = parser.parse_args()
    if not torch.cuda.is_available():
        leave_out("PyTorch finds no GPU")
    steps = []
    listed = json.load(options.workloads)
    for workload in listed["workloads"] if isinstance(listed, dict) else listed:
        if options.only and workload["name"] not in options.only:
            continue
        for step in measure(workload, options.precision or PRECISIONS, options.seconds):
            steps.append(step)
            if options.json:
                print(ROW.format(**step), flush=True)
    record = {"peer": "PyTorch", "version": torch.__version__, "gpu": torch.cuda.get_device_name(), "steps": steps}
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(record, file)
    else:
        print(json.dumps(record))


if __name__ == "__main__":
    main()
