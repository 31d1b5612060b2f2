#!/usr/bin/env python3
"""How the time and the memory of a step grow with batch, width, depth, samples and threads.

    bench/scaling.py [--build build/release] [--only batch,width] [--peers torch,jax] [--rounds 3] [--seconds 0.3] [--json FILE]

One dimension varies, the others stay. The points take turns, round by round, and each is its median over the rounds. The
exponent p of time ~ xᵖ is fitted over the upper half of the points, beside what arithmetic alone would give; so are the exponents
between neighbours, and where one leaves the expected by more than 0.2 the curve bends.

--peers measures other programs (compare.py's) at the points of batch and width too, on one thread as well, and after they have
shown that they do the same training.
"""

import argparse
import math
import pathlib
import statistics
import sys
import tempfile
from dataclasses import dataclass
from typing import Any

import compare
import records

TOLERANCE = 0.2


@dataclass(frozen=True)
class Curve:
    """Networks along one dimension, and the exponents that their arithmetic and their data alone would have."""

    about: str
    values: tuple[int, ...]
    time: float
    memory: float | None = None  # nothing to expect where other things fill the memory
    threads: int | None = 1
    has_peers: bool = False

    def workload(self, value: int) -> dict[str, Any]:
        widths, batch, samples = SHAPES[self.about](value)
        return {"name": f"{self.about} {value}", "widths": widths, "batch": batch, "samples": samples, "is_known": False}

    def words(self, value: int) -> list[Any]:
        workload = self.workload(value)
        return ["--widths", ",".join(map(str, workload["widths"])), "--batch", workload["batch"], "--samples", workload["samples"]]


SHAPES = {
    "batch": lambda n: ([784, 300, 10], n, max(n, 16384)),
    "width": lambda n: ([784, n, n, 10], 128, 8192),
    "depth": lambda n: ([256] * (n + 1) + [10], 128, 8192),
    "samples": lambda n: ([784, 30, 10], 10, n),
    "threads": lambda n: ([784, 1024, 1024, 10], 256, 8192),
}
WHAT = {
    "batch": "784-300-10",
    "width": "784-n-n-10, batch 128",
    "depth": "n hidden layers of 256, batch 128",
    "samples": "784-30-10, batch 10",
    "threads": "784-1024-1024-10, batch 256",
}


def curves(cores: int) -> dict[str, Curve]:
    threads = tuple(n for n in (1, 2, 4, 8, 16, 32, 64, 128) if n <= cores)
    return {
        "batch": Curve("batch", (1, 4, 16, 64, 256, 1024, 4096), time=1, has_peers=True),
        "width": Curve("width", (16, 64, 128, 256, 512, 1024, 2048), time=2, has_peers=True),
        "depth": Curve("depth", (1, 2, 4, 8, 16), time=1),
        "samples": Curve("samples", (1000, 4000, 16000, 64000, 256000), time=0, memory=1),
        "threads": Curve("threads", threads, time=-1, threads=None),
    }


def exponent(points: list[tuple[float, float]]) -> float | None:
    """p of the least squares of log y = p log x + c; nothing for fewer than two different x."""
    logs = [(math.log(x), math.log(y)) for x, y in points if x > 0 and y > 0]
    if len({x for x, _ in logs}) < 2:
        return None
    mean_x, mean_y = (statistics.fmean(values) for values in zip(*logs))
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)


def fit(points: list[tuple[float, float]], expected: float) -> dict[str, Any]:
    """The exponent of the upper half of the points, those between neighbours, and where these are not what was expected."""
    upper = points[-max(2, (len(points) + 1) // 2):]
    between = [{"from": x0, "to": x1, "exponent": exponent([(x0, y0), (x1, y1)])} for (x0, y0), (x1, y1) in zip(points, points[1:])]
    bends = [step for step in between if step["exponent"] is not None and abs(step["exponent"] - expected) > TOLERANCE]
    return {"expected": expected, "exponent": exponent(upper), "between": between, "bends": bends}


def measure_point(program: pathlib.Path, curve: Curve, value: int, seconds: float, limit: float) -> dict[str, Any]:
    threads = curve.threads if curve.threads is not None else value
    ended = records.run([program, *curve.words(value), "--threads", threads, "--seconds", seconds, "--json", "-"], limit)
    if ended.code != 0:
        sys.exit(f"scaling: gradus-bench failed: {ended.why()}")
    return ended.json()["steps"][0]


class PeersAlong:
    """The peers of compare.py at the points of a curve, in turn with Gradus."""

    def __init__(self, curve: Curve, starts: pathlib.Path, options: argparse.Namespace) -> None:
        self.options = options
        self.starts = starts
        absent: dict[str, str] = {}  # at one point is so at all
        peers = options.peers if curve.has_peers else {}
        self.comparisons = {value: compare.Comparison(curve.workload(value), "fp32", peers, absent=absent) for value in curve.values}

    def take_turns(self, value: int) -> None:
        comparison, folder = self.comparisons[value], self.starts / str(value)
        if comparison.peers and not comparison.rounds:
            try:
                compare.write_starts(comparison, folder, self.options)
            except compare.GradusFailed as error:
                sys.exit(f"scaling: {error}")
        results = {key: timed for key in comparison.taking_part() if (timed := compare.time_peer(key, comparison, folder, self.options))}
        for key in comparison.failed.keys() - {key for earlier in comparison.rounds for key in earlier}:
            print(f"FAILED: {key} on {comparison.workload['name']}: {comparison.failed[key]}", file=sys.stderr, flush=True)
        comparison.rounds.append(results)

    def found(self, value: int) -> dict[str, Any]:
        comparison = self.comparisons[value]
        found: dict[str, Any] = {}
        for key, peer in comparison.taking_part().items():
            entries = [compare.best(results[key]) for results in comparison.rounds]
            found[key] = {"name": peer.name, "version": entries[-1].get("version"),
                          "step_microseconds": records.spread([compare.microseconds(entry) for entry in entries]),
                          "samples_per_second": records.spread([1e6 * comparison.workload["batch"] / compare.microseconds(entry) for entry in entries])}
        return found

    def left_out(self) -> dict[str, str]:
        reasons = {key: reason for comparison in self.comparisons.values() for key, reason in comparison.absent.items()}
        for comparison in self.comparisons.values():
            for key, reason in comparison.failed.items():
                reasons[f"{key} on {comparison.workload['name']}"] = reason
        return reasons


def measure(program: pathlib.Path, curve: Curve, options: argparse.Namespace) -> dict[str, Any]:
    taken: dict[int, list[dict[str, Any]]] = {value: [] for value in curve.values}
    with tempfile.TemporaryDirectory(prefix="gradus-scaling-") as scratch:
        peers = PeersAlong(curve, pathlib.Path(scratch), options)
        for number in range(options.rounds):
            for value in curve.values:
                taken[value].append(measure_point(program, curve, value, options.seconds, options.limit))
                peers.take_turns(value)
            print(f"{curve.about}: round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
    points = []
    for value, steps in taken.items():
        times = [step["step_microseconds"]["median"] for step in steps]
        points.append({"value": value, "threads": steps[0]["threads"], "step_microseconds": records.spread(times),
                       "share_of_products": records.spread([step["share_of_products"]["median"] for step in steps]),
                       "share_of_floor": records.spread([step["share_of_floor"] for step in steps]),
                       "samples_per_second": records.spread([step["samples_per_second"] for step in steps]),
                       "peak_memory_bytes": statistics.median(step["peak_memory_bytes"] for step in steps)})
        if found := peers.found(value):
            points[-1]["peers"] = found
    result = {"about": curve.about, "what": WHAT[curve.about], "points": points,
              "time": fit([(point["value"], point["step_microseconds"]["median"]) for point in points], curve.time)}
    if reasons := peers.left_out():
        result["left_out"] = reasons
    memory = [(point["value"], point["peak_memory_bytes"]) for point in points]
    if curve.memory is not None:
        result["memory"] = fit(memory, curve.memory)
    return result


def rows_of(curve: dict[str, Any]) -> list[list[str]]:
    rows = [[curve["about"], "µs a step", "samples/s", "share of products", "share of floor", "peak memory, MB"]]
    names = {key: peer["name"] for point in curve["points"] for key, peer in point.get("peers", {}).items()}
    rows[0] += [f"{name}, samples/s" for name in names.values()]
    for point in curve["points"]:
        rows.append([f"{point['value']:,}", f"{point['step_microseconds']['median']:,.4g}", f"{point['samples_per_second']['median']:,.4g}",
                     f"{point['share_of_products']['median']:.1%}", f"{point['share_of_floor']['median']:.1%}",
                     f"{point['peak_memory_bytes'] / 1e6:,.0f}"]
                    + [f"{point['peers'][key]['samples_per_second']['median']:,.4g}" if key in point.get("peers", {}) else "" for key in names])
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=records.ROOT / "build" / "release", help="the folder of the build")
    parser.add_argument("--only", help=f"of {','.join(SHAPES)} (default: all)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.3, help="for each point in each round")
    parser.add_argument("--limit", type=float, default=600.0, help="seconds after which a program is ended")
    parser.add_argument("--peers", default="none", help=f"of {','.join(compare.PEERS)}, or none")
    parser.add_argument("--json", type=pathlib.Path, help="a file for everything that was measured")
    options = parser.parse_args()
    all_curves = curves(records.usable_cores())
    wanted = options.only.split(",") if options.only else list(all_curves)
    for name in wanted:
        if name not in all_curves:
            parser.error(f"--only: nothing varies by '{name}'; there are {', '.join(all_curves)}")
    if options.rounds < 1 or options.seconds < 0:
        parser.error("--rounds is at least 1, and --seconds is not negative")
    on_a_cpu = {key: peer for key, peer in compare.PEERS.items() if "cpu" in peer.devices}
    chosen = [] if options.peers == "none" else options.peers.split(",")
    for key in chosen:
        if key not in on_a_cpu:
            parser.error(f"--peers: no peer is named '{key}'; there are {', '.join(on_a_cpu)}")
    options.peers = {key: on_a_cpu[key] for key in chosen}
    program = options.build / "bench" / "gradus-bench"
    # What compare.py's functions look at, too.
    options.gradus_bench, options.device, options.threads, options.check_steps = program, "cpu", [1], 3
    options.peers_folder = compare.PEERS_FOLDER
    if not program.exists():
        sys.exit(f"scaling: {program} is missing; build it with: cmake --preset release && cmake --build --preset release")
    records.require_writable(options.json)

    measured = []
    for name in wanted:
        measured.append(measure(program, all_curves[name], options))
        print(f"\n{measured[-1]['what']}\n{records.table(rows_of(measured[-1]))}")
        found = measured[-1]["time"]["exponent"]
        if found is not None:
            print(f"time ~ {name}^{found:.2f}, expected {measured[-1]['time']['expected']:g}", flush=True)
    if options.json:
        records.write_json(options.json, records.circumstances() | {"rounds": options.rounds, "seconds": options.seconds, "curves": measured})
    return 0


if __name__ == "__main__":
    sys.exit(main())
