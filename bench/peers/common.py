"""What the peers share: the arguments, the data, and the form of the result."""

import argparse
import json
import time

import numpy as np


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--widths", required=True, help="n_0,…,n_L")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--samples", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3.0)
    options = parser.parse_args()
    options.widths = [int(width) for width in options.widths.split(",")]
    return options


def images(options):
    """Grey values in [0, 1] and classes without meaning, already in memory as the peer wants them."""
    random = np.random.default_rng(1)
    inputs = random.integers(0, 256, (options.samples, options.widths[0]), dtype=np.uint8).astype(np.float32) / 255.0
    labels = np.arange(options.samples) % options.widths[-1]
    return inputs, labels


def median_step_seconds(run_block, steps_per_block, seconds):
    """Runs blocks of steps for about that long after one warm-up block, and returns the median time of a step."""
    run_block()
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        run_block()
        times.append((time.perf_counter() - start) / steps_per_block)
    return float(np.median(times))


def report(name, version, options, step_seconds):
    print(json.dumps({
        "peer": name,
        "version": version,
        "threads": options.threads,
        "step_microseconds": 1e6 * step_seconds,
        "samples_per_second": options.batch / step_seconds,
    }))
