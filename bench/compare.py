#!/usr/bin/env python3
"""Gradus beside its peers, in one run: the time of a training step on the same network, batch, precision and threads.

    bench/compare.py [--workloads classic,wide] [--peers torch,jax] [--device cpu] [--rounds 5] [--json FILE] [--markdown FILE]

Every peer first does a few full-batch steps from Gradus's own start values. Where its costs are not the same, it does another
training, and is not timed. Then the programs take turns (A B C A B C …); a ratio is formed within each round, and its median
and range over the rounds are printed. Each program counts with the number of threads that suits it best out of those given; a
number with which a peer took 1.3 times as long as with another in the first round is not tried again.

A peer whose package this Python lacks is announced and left out; bench/peers/requirements.txt has them all. Ends with 1 if
Gradus or a peer failed.
"""

import argparse
import pathlib
import sys
import tempfile
from dataclasses import dataclass, field
from typing import Any

import records

LEFT_OUT = 77  # bench/peers/outcome.py
CLEARLY_SLOWER = 1.3
PEERS_FOLDER = records.ROOT / "bench" / "peers"


@dataclass(frozen=True)
class Peer:
    name: str
    script: str
    devices: tuple[str, ...] = ("cpu",)
    words: tuple[str, ...] = ()
    identity: bool = False  # it knows the squared error only with outputs that are identities: compared with that variant of Gradus
    one_thread: bool = False


PEERS = {
    "torch": Peer("PyTorch eager", "torch_eager.py"),
    "torch-compiled": Peer("PyTorch compiled", "torch_compiled.py"),
    "jax": Peer("JAX", "jax_steps.py", devices=("cpu", "cuda")),
    "sklearn": Peer("scikit-learn", "sklearn_steps.py", identity=True),
    "fann": Peer("FANN", "fann_steps.py", one_thread=True),
    "torch-cuda": Peer("PyTorch eager", "torch_cuda_steps.py", devices=("cuda",), words=("--way", "eager")),
    "torch-graph": Peer("PyTorch graph", "torch_cuda_steps.py", devices=("cuda",), words=("--way", "graph")),
}


@dataclass
class Comparison:
    """One workload in one precision: what every program took in every round, and which peers are out of it, and why."""

    workload: dict[str, Any]
    precision: str
    peers: dict[str, Peer]
    rounds: list[dict[str, list[dict[str, Any]]]] = field(default_factory=list)  # by program, for each number of threads
    absent: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    gradus: dict[str, Any] = field(default_factory=dict)  # its version, the machine and the ceilings as it sees them

    def taking_part(self) -> dict[str, Peer]:
        return {key: peer for key, peer in self.peers.items() if key not in self.absent and key not in self.failed}


class GradusFailed(Exception):
    pass


def step_record(ended: records.Ended, comparison: Comparison) -> dict[str, Any]:
    if ended.code != 0:
        raise GradusFailed(f"gradus-bench: {ended.why()}")
    try:
        measured = ended.json()
        comparison.gradus = {name: measured.get(name) for name in ("version", "machine", "ceilings")}
        measured["steps"][0]["step_microseconds"]["median"]  # what the ratios need
        return measured["steps"][0]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise GradusFailed(f"gradus-bench printed no measurement: {ended.out[:200]!r}") from None


def gradus_words(workload: dict[str, Any], identity: bool, options: argparse.Namespace, precision: str) -> list[Any]:
    described: list[Any] = ["--only", workload["name"]]
    if identity or not workload.get("is_known", True):
        described = ["--widths", ",".join(map(str, workload["widths"])), "--batch", workload["batch"], "--samples", workload["samples"]]
    if identity:
        described += ["--output-activation", "identity"]
    return [options.gradus_bench, *described, "--device", options.device, "--precision", precision]


def write_starts(comparison: Comparison, folder: pathlib.Path, options: argparse.Namespace) -> None:
    for identity in {peer.identity for peer in comparison.peers.values()}:
        command = gradus_words(comparison.workload, identity, options, comparison.precision)
        ended = records.run([*command, "--write-start", folder / str(identity), "--check-steps", options.check_steps], options.limit)
        if ended.code != 0:
            raise GradusFailed(f"gradus-bench --write-start: {ended.why()}")


def time_gradus(comparison: Comparison, identity: bool, options: argparse.Namespace) -> list[dict[str, Any]]:
    words = gradus_words(comparison.workload, identity, options, comparison.precision)
    return [step_record(records.run([*words, "--threads", threads, "--seconds", options.seconds, "--json", "-"], options.limit), comparison)
            for threads in options.threads]


def time_peer(key: str, comparison: Comparison, starts: pathlib.Path, options: argparse.Namespace) -> list[dict[str, Any]]:
    """One result for each number of threads; none, and a reason in `comparison`, if the peer is absent or fails."""
    peer, results = comparison.peers[key], []
    numbers = [1] if peer.one_thread else options.threads
    if comparison.rounds:
        first = comparison.rounds[0][key]
        numbers = [entry["threads"] for entry in first if microseconds(entry) < CLEARLY_SLOWER * microseconds(best(first))]
    for threads in numbers:
        ended = records.run([sys.executable, options.peers_folder / peer.script, *peer.words, "--start", starts / str(peer.identity),
                             "--samples", comparison.workload["samples"], "--threads", threads, "--seconds", options.seconds,
                             "--device", options.device.split(":")[0], "--precision", comparison.precision], options.limit)
        if ended.code == LEFT_OUT:
            comparison.absent[key] = ended.why()
            return []
        try:
            if ended.code != 0:
                raise ValueError(ended.why())
            results.append(ended.json() | {"threads": threads})
            results[-1]["step_microseconds"]["median"]  # what the ratios need
        except (ValueError, KeyError, TypeError, IndexError) as error:
            comparison.failed[key] = str(error) if ended.code != 0 else f"it printed no result: {ended.out[:200]!r}"
            return []
    return results


def run_round(comparison: Comparison, starts: pathlib.Path, options: argparse.Namespace) -> dict[str, list[dict[str, Any]]]:
    """Every program in turn."""
    results = {"gradus": time_gradus(comparison, False, options)}
    for key, peer in comparison.taking_part().items():
        if peer.identity and "gradus-identity" not in results:
            results["gradus-identity"] = time_gradus(comparison, True, options)
        if timed := time_peer(key, comparison, starts, options):
            results[key] = timed
        elif key in comparison.absent:
            say(f"left out: {peer.name} ({comparison.absent[key]})")
        else:
            say(f"FAILED: {peer.name} on {comparison.workload['name']}: {comparison.failed[key]}")
    return results


def measure(comparison: Comparison, options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="gradus-compare-") as scratch:
        if comparison.peers:
            write_starts(comparison, pathlib.Path(scratch), options)
        for number in range(options.rounds):
            comparison.rounds.append(run_round(comparison, pathlib.Path(scratch), options))
            say(f"{comparison.workload['name']}, {comparison.precision}: round {number + 1} of {options.rounds}")


def microseconds(entry: dict[str, Any]) -> float:
    return entry["step_microseconds"]["median"]


def best(results: list[dict[str, Any]]) -> dict[str, Any]:
    """With the number of threads that suits it best."""
    return min(results, key=microseconds)


def summarise(comparison: Comparison) -> dict[str, Any]:
    gradus = [best(results["gradus"]) for results in comparison.rounds]
    summary: dict[str, Any] = {"workload": comparison.workload["name"], "precision": comparison.precision,
                               "step_microseconds": records.spread([microseconds(entry) for entry in gradus])}
    for name in ("samples_per_second", "share_of_peak", "share_of_floor"):
        if values := [entry[name] for entry in gradus if entry.get(name) is not None]:
            summary[name] = records.spread(values)
    if shares := [entry["share_of_products"]["median"] for entry in gradus if entry.get("share_of_products")]:
        summary["share_of_products"] = records.spread(shares)
    summary["peers"] = {}
    for key, peer in comparison.taking_part().items():
        mine = "gradus-identity" if peer.identity else "gradus"
        pairs = [(microseconds(best(results[key])), microseconds(best(results[mine]))) for results in comparison.rounds]
        last = best(comparison.rounds[-1][key])
        summary["peers"][key] = {
            "name": peer.name, "version": last.get("version"), "compared_with": mine,
            "step_microseconds": records.spread([theirs for theirs, _ in pairs]),
            "threads": [best(results[key]).get("threads") for results in comparison.rounds],
            "times_faster": records.spread([theirs / ours for theirs, ours in pairs])}
        if kernels := [f"{library['internal_api']} {library['version']}, {library.get('architecture')}"
                       for library in last.get("blas", []) if library.get("user_api") == "blas"]:
            summary["peers"][key]["blas"] = kernels
    summary["absent"], summary["failed"] = comparison.absent, comparison.failed
    return summary


def rows_of(summaries: list[dict[str, Any]], peers: dict[str, Peer]) -> list[list[str]]:
    """A row for each workload and precision; a peer's cell is how many times faster Gradus is."""
    versions = {key: entry["version"] for summary in summaries for key, entry in summary["peers"].items()}
    rows = [["workload", "precision", "µs a step", "samples/s", "share of products"]
            + [f"× {peer.name} {versions.get(key) or ''}".strip() for key, peer in peers.items()]]
    for summary in summaries:
        share = summary.get("share_of_products")
        samples = summary.get("samples_per_second")
        row = [summary["workload"], summary["precision"], f"{summary['step_microseconds']['median']:,.1f}",
               f"{samples['median']:,.0f}" if samples else "", f"{100 * share['median']:.1f} %" if share else ""]
        for key in peers:
            if key in summary["peers"]:
                row.append(records.as_ratio(summary["peers"][key]["times_faster"]))
            else:
                row.append("not the same, or failed" if key in summary["failed"] else "absent")
        rows.append(row)
    return rows


def notes(summaries: list[dict[str, Any]], peers: dict[str, Peer]) -> list[str]:
    """What a reader of the table must know besides."""
    lines = []
    if any(peer.identity and any(key in summary["peers"] for summary in summaries) for key, peer in peers.items()):
        lines.append("scikit-learn has the squared error only with outputs that are identities; its ratio is to Gradus with such outputs.")
    for key, peer in peers.items():
        if reasons := {summary["absent"][key] for summary in summaries if key in summary["absent"]}:
            lines.append(f"{peer.name} was absent: {'; '.join(sorted(reasons))}.")
        lines += [f"{peer.name} on {summary['workload']}, {summary['precision']}: {summary['failed'][key]}"
                  for summary in summaries if key in summary["failed"]]
    return lines


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def parse(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=records.ROOT / "build" / "release", help="the folder of the build")
    parser.add_argument("--gradus-bench", type=pathlib.Path, help="the program (default: BUILD/bench/gradus-bench)")
    parser.add_argument("--workloads", default="classic,classic-128,wide", help="names that gradus-bench --list has")
    parser.add_argument("--peers", help=f"of {','.join(PEERS)} (default: all of the device); none for Gradus alone")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--precision", default="fp32", help="of fp32,tf32,bf16; the last two need a GPU")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each program in each round")
    parser.add_argument("--threads", default=f"1,{records.usable_cores()}", help="numbers of threads to try; the best one counts")
    parser.add_argument("--check-steps", type=int, default=3, help="after which the costs must agree")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds after which a program is ended")
    parser.add_argument("--json", type=pathlib.Path, help="a file for everything that was measured")
    parser.add_argument("--markdown", type=pathlib.Path, help="a file for the table")
    parser.add_argument("--peers-folder", type=pathlib.Path, default=PEERS_FOLDER, help=argparse.SUPPRESS)  # for the tests
    options = parser.parse_args(words)
    options.gradus_bench = options.gradus_bench or options.build / "bench" / "gradus-bench"
    kind = options.device.split(":")[0]
    if kind not in ("cpu", "cuda"):
        parser.error(f"--device: cpu, cuda or cuda:N, not '{options.device}'")
    of_device = {key: peer for key, peer in PEERS.items() if kind in peer.devices}
    if options.peers is None:
        options.peers = of_device
    else:
        chosen = [] if options.peers == "none" else options.peers.split(",")
        for key in chosen:
            if key not in of_device:
                parser.error(f"--peers: no peer on {kind} is named '{key}'; there are {', '.join(of_device)}")
        options.peers = {key: of_device[key] for key in chosen}
    options.precision = options.precision.split(",")
    for precision in options.precision:
        if precision not in (("fp32",) if kind == "cpu" else ("fp32", "tf32", "bf16")):
            parser.error(f"--precision: '{precision}' is not a precision of {kind}")
    try:
        # On a GPU the number of the CPU's threads is nothing to try.
        options.threads = sorted({int(threads) for threads in options.threads.split(",")}) if kind == "cpu" else [1]
    except ValueError:
        parser.error("--threads: whole numbers with commas between")
    if options.rounds < 1 or options.seconds < 0 or options.threads[0] < 1 or options.check_steps < 1:
        parser.error("--rounds, --threads and --check-steps are at least 1, and --seconds is not negative")
    return options


def known_workloads(options: argparse.Namespace) -> dict[str, dict[str, Any]]:
    if not options.gradus_bench.exists():
        sys.exit(f"compare: {options.gradus_bench} is missing; build it with: cmake --preset release && cmake --build --preset release")
    ended = records.run([options.gradus_bench, "--list", "--json", "-"], options.limit)
    if ended.code != 0:
        sys.exit(f"compare: gradus-bench --list failed: {ended.why()}")
    listed = ended.json()
    return {workload["name"]: workload for workload in (listed.get("workloads", []) if isinstance(listed, dict) else listed)}


def main(words: list[str] | None = None) -> int:
    options = parse(words)
    known = known_workloads(options)
    wanted = options.workloads.split(",")
    for name in wanted:
        if name not in known:
            sys.exit(f"compare: no workload is named '{name}'; there are {', '.join(known)}")
    for file in (options.json, options.markdown):
        records.require_writable(file)

    comparisons, broken = [], []
    absent: dict[str, str] = {}
    record = records.circumstances()
    for name in wanted:
        for precision in options.precision:
            comparison = Comparison(known[name], precision, options.peers, absent=absent)  # what is absent is so everywhere
            try:
                measure(comparison, options)
                comparisons.append(comparison)
            except GradusFailed as error:
                broken.append(f"{name}, {precision}: {error}")
                say(f"FAILED: {broken[-1]}")
    summaries = [summarise(comparison) for comparison in comparisons]
    rows, below = rows_of(summaries, options.peers), notes(summaries, options.peers) + [f"Gradus failed on {line}" for line in broken]
    print(records.table(rows))
    print("".join(f"{line}\n" for line in below), end="")
    if options.markdown:
        records.write(options.markdown, records.markdown(rows) + "\n" + "".join(f"\n{line}\n" for line in below))
    if options.json:
        rounds = [{"workload": comparison.workload, "precision": comparison.precision, "gradus": comparison.gradus,
                   "rounds": comparison.rounds} for comparison in comparisons]
        records.write_json(options.json, record | {"device": options.device, "threads": options.threads, "seconds": options.seconds,
                                                   "check_steps": options.check_steps, "summaries": summaries, "absent": absent,
                                                   "broken": broken, "measured": rounds})
    return 1 if broken or any(summary["failed"] for summary in summaries) else 0


if __name__ == "__main__":
    sys.exit(main())
