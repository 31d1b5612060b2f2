#!/usr/bin/env python3
"""The time of a training step in PyTorch on a GPU, on the workloads of gradus-cuda-step-time: eager, and as one CUDA graph.

    bench/peers/torch_cuda_step.py --workloads FILE [--only NAME]... [--precision P]... [--seconds S] [--json FILE]

FILE is what `gradus-cuda-step-time --list` prints; - is standard input. The same training: sigmoid layers, squared error
averaged over the batch with the factor 1/2, SGD without momentum, samples on the GPU, minibatches along a random order. The
graph holds the whole step, the choice of its samples too. fp32 and tf32 by float32_matmul_precision; bf16 by torch.autocast
over fp32 parameters. Before anything is timed, three steps are compared with a computation in NumPy's float64.

Without PyTorch or a GPU it says so and exits with 0.
"""

import argparse
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
except ImportError as error:
    leave_out(f"this Python has no {error.name}")


def start_values(widths):
    """Weights (outputs, inputs) and biases of each layer, as float32."""
    random = np.random.default_rng(7)
    layers = []
    for before, after in zip(widths, widths[1:]):
        weights = (random.random((after, before), dtype=np.float32) * 2 - 1) * np.float32(math.sqrt(6 / (before + after)))
        layers.append((weights, (random.random(after, dtype=np.float32) - np.float32(0.5)) * np.float32(0.2)))
    return layers


def some_samples(count, widths):
    inputs = np.random.default_rng(1).integers(0, 256, (count, widths[0]), dtype=np.uint8).astype(np.float32) / np.float32(255)
    return inputs, np.arange(count) % widths[-1]


def exact_costs(layers, inputs, labels, steps):
    """The costs before each of `steps` steps along the whole batch, in float64."""
    weights = [w.astype(np.float64) for w, _ in layers]
    biases = [b.astype(np.float64) for _, b in layers]
    x, t = inputs.astype(np.float64), np.eye(len(biases[-1]))[labels]
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


class Training:
    """A network with its samples on the GPU. step() is one step; its cost is left in self.cost."""

    def __init__(self, layers, inputs, labels, batch, precision):
        torch.set_float32_matmul_precision("high" if precision == "tf32" else "highest")
        self.precision, self.batch, self.samples = precision, batch, len(inputs)
        modules = []
        for weights, biases in layers:
            linear = torch.nn.Linear(weights.shape[1], weights.shape[0], device="cuda")
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(weights))
                linear.bias.copy_(torch.from_numpy(biases))
            modules += [linear, torch.nn.Sigmoid()]
        self.network = torch.nn.Sequential(*modules)
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=RATE, foreach=True)
        self.inputs = torch.from_numpy(inputs).cuda()
        self.targets = torch.nn.functional.one_hot(torch.from_numpy(labels).cuda(), layers[-1][1].shape[0]).float()
        self.order = torch.arange(self.samples, device="cuda")
        self.places = torch.arange(batch, device="cuda")  # of the minibatch in the order; moves on within the graph
        self.cost = torch.zeros((), device="cuda")

    def begin_epoch(self):
        self.order.copy_(torch.randperm(self.samples, device="cuda"))
        self.places.copy_(torch.arange(self.batch, device="cuda"))

    def step(self):
        if self.batch == self.samples:
            x, t = self.inputs, self.targets
        else:
            rows = self.order[self.places]
            x, t = self.inputs[rows], self.targets[rows]
            self.places += self.batch
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=self.precision == "bf16"):
            y = self.network(x)
        cost = (y.float() - t).square().sum() / (2 * self.batch)
        cost.backward()
        self.optimizer.step()
        self.cost.copy_(cost.detach())

    def captured(self):
        """The whole step as one graph; returns what replays it. The steps that warm it up count as steps."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(2):
                self.step()
        torch.cuda.current_stream().wait_stream(stream)
        self.optimizer.zero_grad(set_to_none=True)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.step()
        return self.graph.replay


def check(title, layers, samples, expected, precision):
    """Three steps, eager and as a graph, against the exact costs; returns the greatest relative deviation."""
    eager = Training(layers, *samples, CHECKED_BATCH, precision)
    found = []
    for _ in range(3):
        eager.step()
        found.append(eager.cost.item())
    graph = Training(layers, *samples, CHECKED_BATCH, precision)
    graph.captured()()  # two steps to warm up, and the third
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
    layers = start_values(workload["widths"])
    samples = some_samples(workload["samples"], workload["widths"])
    few = some_samples(CHECKED_BATCH, workload["widths"])
    expected = exact_costs(layers, *few, 3)
    for precision in precisions:
        deviation = check(f"{workload['name']} {precision}", layers, few, expected, precision)
        training = Training(layers, *samples, workload["batch"], precision)
        training.begin_epoch()
        eager = median_microseconds(training, training.step, seconds)
        training.begin_epoch()
        graph = median_microseconds(training, training.captured(), seconds)
        del training
        torch.cuda.empty_cache()
        yield {"workload": workload["name"], "precision": precision, "eager_microseconds": eager, "graph_microseconds": graph,
               "deviation": deviation}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workloads", type=argparse.FileType(), default=sys.stdin, help="what --list prints")
    parser.add_argument("--only", action="append", help="a workload")
    parser.add_argument("--precision", action="append", choices=PRECISIONS)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each way")
    parser.add_argument("--json", help="a file for what was measured; otherwise it is printed")
    options = parser.parse_args()
    if not torch.cuda.is_available():
        leave_out("PyTorch finds no GPU")
    steps = []
    for workload in json.load(options.workloads):
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
