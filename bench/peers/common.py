"""What the peers share: their arguments, the blocks of steps that are timed, and the form of the result."""

import argparse
import json
import math
import os
import pathlib
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import outcome

BLOCK_SECONDS = 0.012  # at least; shorter ones would be at the mercy of the clock and of interrupts


def arguments(description: str | None, devices: tuple[str, ...] = ("cpu",),
              declare: Callable[[argparse.ArgumentParser], Any] = lambda _: None) -> argparse.Namespace:
    """The options; with .start read, and .samples at least a batch. Libraries loaded afterwards take .threads threads."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--start", type=pathlib.Path, required=True, help="the folder that gradus-bench --write-start has written")
    parser.add_argument("--samples", type=int, help="to take minibatches from (default: a batch, which is then the full batch)")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=2.0, help="of timed blocks, about")
    parser.add_argument("--device", choices=devices, default=devices[0])
    parser.add_argument("--precision", choices=tuple(outcome.TOLERANCES) if "cuda" in devices else ("fp32",), default="fp32")
    parser.add_argument("--check-only", action="store_true", help="compare the costs, and time nothing")
    declare(parser)
    options = parser.parse_args()
    if options.threads < 1:
        parser.error("--threads: at least one")
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = str(options.threads)
    try:
        import start as starts  # its NumPy is one of those libraries
    except ImportError as error:
        outcome.leave_out(f"this Python has no package {error.name}")
    options.start_folder, options.start = options.start, starts.read_start(options.start)
    options.samples = max(options.samples or 0, options.start.batch)
    return options


def stay_on_cores(count: int) -> None:
    """For libraries that make a thread for each core on which the process may run."""
    cores = sorted(os.sched_getaffinity(0))
    if count < len(cores):
        os.sched_setaffinity(0, cores[-count:])


def spread(values: list[float]) -> dict[str, float]:
    lower, median, upper = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else 3 * values
    return {"median": median, "least": min(values), "greatest": max(values), "lower_quartile": lower, "upper_quartile": upper}


def timed(run_block: Callable[[int], None], steps: int) -> float:
    began = time.perf_counter()
    run_block(steps)
    return max(time.perf_counter() - began, 1e-9)


def steps_of_a_block(run_block: Callable[[int], None], most: int, block_seconds: float) -> int:
    """So many that it takes that long, where an epoch has as many."""
    steps = 1
    while True:
        run_block(steps)  # some peers compile for each number of steps
        took = timed(run_block, steps)
        if took >= 0.8 * block_seconds or steps >= most:
            return steps
        steps = min(most, max(steps + 1, math.ceil(1.1 * steps * block_seconds / took)))


def time_blocks(run_block: Callable[[int], None], most_steps: int, seconds: float, block_seconds: float = BLOCK_SECONDS) -> dict[str, Any]:
    """run_block(n) does n steps and returns when they are done. Its blocks are sized, warmed up and timed for that long; for up
    to five times as long if there are fewer than three by then."""
    steps = steps_of_a_block(run_block, most_steps, block_seconds)
    warm = time.perf_counter() + min(0.2, seconds)
    while time.perf_counter() < warm:
        run_block(steps)

    times: list[float] = []
    begin, cpu_begin = time.perf_counter(), time.process_time()
    now = begin
    while not times or now < begin + seconds or (len(times) < 3 and now < begin + 5 * seconds):
        before = now
        run_block(steps)
        now = time.perf_counter()
        times.append(1e6 * (now - before) / steps)
    # More than the number of threads would be a setting that has not worked.
    cores_used = (time.process_time() - cpu_begin) / (now - begin)
    return {"step_microseconds": spread(times), "blocks": len(times), "steps_per_block": steps, "cores_used": cores_used}


def report(name: str, version: str, options: argparse.Namespace, deviation: float, timing: dict[str, Any], **more: Any) -> None:
    result = {"peer": name, "version": version, "python": sys.version.split()[0], "device": options.device,
              "precision": options.precision, "threads": options.threads, "cost_deviation": deviation, **timing, **more}
    if timing:
        result["samples_per_second"] = 1e6 * options.start.batch / timing["step_microseconds"]["median"]
    print(json.dumps(result))


def run(name: str, version: str, options: argparse.Namespace, costs: Callable[[int], list[float]],
        time_it: Callable[[], dict[str, Any]], **more: Any) -> None:
    """First the costs before each of some full-batch steps from the start, then, if they are right, the time."""
    expected = options.start.costs
    deviation = outcome.require_same_training(name, costs(len(expected)), expected, options.precision)
    report(name, version, options, deviation, {} if options.check_only else time_it(), **more)
