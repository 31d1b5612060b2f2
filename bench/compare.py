#!/usr/bin/env python3
"""Gradus beside its peers, in one run: the time of a training step on the same network, batch, precision and threads.

    bench/compare.py [--build build/release] [--workloads classic,wide] [--rounds 5] [--seconds 2] [--json FILE]

The programs take turns (A B C A B C …); a ratio is formed within each round, and its median and range over the rounds are
printed. A peer whose package this interpreter lacks is announced and left out (bench/peers/requirements.txt has them all).
"""

import argparse
import importlib.util
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = {"scikit-learn": ("sklearn", "sklearn_steps.py"), "PyTorch eager": ("torch", "torch_steps.py")}


def run(command):
    return json.loads(subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE).stdout)


def cpu_name():
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def commit():
    try:
        return subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], check=True, capture_output=True,
                              text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def available_peers():
    peers = {}
    for name, (package, script) in PEERS.items():
        if importlib.util.find_spec(package):
            peers[name] = script
        else:
            print(f"left out: {name} (this Python has no package {package})", file=sys.stderr)
    return peers


def measure(binary, workload, peers, options):
    """One workload: every program in every round, in turn."""
    rounds = []
    for number in range(options.rounds):
        results = {}
        for threads in options.threads:
            results[f"Gradus, {threads} threads at most"] = run(
                [binary, workload["name"], "--threads", threads, "--seconds", options.seconds])
        for name, script in peers.items():
            for threads in options.threads:
                results[f"{name}, {threads} threads"] = run(
                    [sys.executable, ROOT / "bench" / "peers" / script, "--widths", ",".join(map(str, workload["widths"])),
                     "--batch", workload["batch"], "--samples", workload["samples"], "--threads", threads,
                     "--seconds", options.seconds])
        rounds.append(results)
        print(f"{workload['name']}: round {number + 1} of {options.rounds}", file=sys.stderr)
    return rounds


def best(results, prefix):
    """The fastest setting of a program in one round: a peer is compared at the number of threads that suits it."""
    return min((entry for name, entry in results.items() if name.startswith(prefix)), key=lambda entry: entry["step_microseconds"])


def spread(values):
    return {"median": statistics.median(values), "least": min(values), "greatest": max(values)}


def summarise(workload, rounds, peers):
    gradus = [best(results, "Gradus") for results in rounds]
    summary = {
        "workload": workload["name"],
        "step_microseconds": spread([entry["step_microseconds"] for entry in gradus]),
        "samples_per_second": spread([entry["samples_per_second"] for entry in gradus]),
        "share_of_products": spread([entry["share_of_products"] for entry in gradus]),
        "times_faster_than": {},
    }
    for name in peers:
        ratios = [best(results, name)["step_microseconds"] / mine["step_microseconds"] for results, mine in zip(rounds, gradus)]
        summary["times_faster_than"][name] = spread(ratios)
    return summary


def print_table(summaries, peers):
    print(f"{'workload':12} {'µs a step':>12} {'samples/s':>12} {'share of products':>18}" + "".join(f" {'× ' + name:>24}" for name in peers))
    for summary in summaries:
        row = (f"{summary['workload']:12} {summary['step_microseconds']['median']:12.1f} {summary['samples_per_second']['median']:12.4g}"
               f" {summary['share_of_products']['median']:18.1%}")
        for name in peers:
            ratio = summary["times_faster_than"][name]
            text = f"{ratio['median']:.1f} ({ratio['least']:.1f} to {ratio['greatest']:.1f})"
            row += f" {text:>24}"
        print(row)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release", help="the folder of the build")
    parser.add_argument("--workloads", default="classic,classic-128,wide")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each program in each round")
    parser.add_argument("--threads", default=f"1,{os.cpu_count()}", help="numbers of threads to try; the best one counts")
    parser.add_argument("--json", type=pathlib.Path, help="a file for everything that was measured")
    options = parser.parse_args()
    options.threads = sorted({int(threads) for threads in options.threads.split(",")})

    binary = options.build / "bench" / "gradus-step-time"
    if not binary.exists():
        sys.exit(f"compare: {binary} is missing; build it with: cmake --preset release && cmake --build --preset release")
    known = {workload["name"]: workload for workload in run([binary, "--list"])}
    wanted = options.workloads.split(",")
    for name in wanted:
        if name not in known:
            sys.exit(f"compare: no workload is named '{name}'; there are {', '.join(known)}")
    peers = available_peers()
    raw = {name: measure(binary, known[name], peers, options) for name in wanted}
    summaries = [summarise(known[name], raw[name], peers) for name in wanted]
    print_table(summaries, peers)
    if options.json:
        record = {"machine": cpu_name(), "cores": os.cpu_count(), "commit": commit(), "summaries": summaries, "rounds": raw}
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
