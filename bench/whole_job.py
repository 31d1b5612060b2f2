#!/usr/bin/env python3
"""A whole job, as a person at the shell waits for it: files in, some epochs of `classic`, a model out, each program from its start.

    bench/whole_job.py --mnist FOLDER [--rounds 5] [--json FILE] [--markdown FILE]

FOLDER holds MNIST's four IDX files, plain or gzip. The job is done twice: on these, and on CSV files made of them (made before,
and not timed). `gradus train` takes turns with scripts for PyTorch and scikit-learn (bench/peers/*_job.py); a ratio is formed
within each round. A peer keeps the number of threads that is fastest in the first round. All train 784-30-10 with minibatches of
10, measure the accuracy on the test set, and write a model; the accuracies are printed, since the same job should come to about
the same.
"""

import argparse
import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any

import records

LEFT_OUT = 77  # bench/peers/outcome.py
PEERS = {"torch": ("PyTorch", "torch_job.py"), "sklearn": ("scikit-learn", "sklearn_job.py")}
FILES = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]


class Failed(Exception):
    pass


class LeftOut(Exception):
    pass


def timed(command: list[Any], limit: float) -> tuple[str, dict[str, float]]:
    """Standard output; seconds from the start of the process to its end, its cores' seconds, and its greatest memory."""
    words = [str(word) for word in command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        try:
            process = subprocess.Popen(words, stdout=out, stderr=err, stdin=subprocess.DEVNULL, env=records.environment())
        except OSError as error:
            raise Failed(f"{words[0]}: {error.strerror}") from None
        clock = threading.Timer(limit, process.kill)
        clock.start()
        _, status, usage = os.wait4(process.pid, 0)  # says what this one process has used, as subprocess does not
        seconds = time.perf_counter() - began
        clock.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode < 0 and seconds >= limit:
            raise Failed(f"it did not end within {limit:g} s")
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    finished = records.Ended(process.returncode, *texts)
    if finished.code == LEFT_OUT:
        raise LeftOut(finished.why())
    if finished.code != 0:
        raise Failed(finished.why())
    return finished.out, {"seconds": seconds, "core_seconds": usage.ru_utime + usage.ru_stime, "peak_memory_bytes": 1024 * usage.ru_maxrss}


def gradus_job(data: pathlib.Path, scratch: pathlib.Path, options: argparse.Namespace) -> dict[str, Any]:
    if (data / "train.csv").exists():
        files = [data / "train.csv", "--test", data / "test.csv", "--normalize", "minmax"]  # as bytes are: to [0, 1]
    else:
        files = [data]
    command = [options.gradus, "train", *files, "--hidden", 30, "--learning-rate", 3.0, "--batch-size", 10, "--epochs", options.epochs,
               "--device", "cpu", "--threads", max(options.threads), "--json", "--quiet", "--output", scratch / "run"]
    out, result = timed(command, options.limit)
    require_model(scratch / "run" / "model.safetensors")
    try:
        return result | {"accuracy": float(find(json.loads(out), "test_accuracy"))}
    except (ValueError, TypeError):
        raise Failed(f"gradus train printed no test accuracy: {out[:200]!r}") from None


def find(value: Any, key: str) -> Any:
    """A member of an object, wherever it is in there."""
    if isinstance(value, dict):
        if key in value:
            return value[key]
        return next((found for member in value.values() if (found := find(member, key)) is not None), None)
    return None


def require_model(file: pathlib.Path) -> None:
    if not file.exists() or file.stat().st_size == 0:
        raise Failed("it wrote no model")


def script_job(script: str, threads: int, data: pathlib.Path, scratch: pathlib.Path, options: argparse.Namespace) -> dict[str, Any]:
    out, result = timed([sys.executable, options.peers_folder / script, data, scratch / "model", options.epochs, threads], options.limit)
    require_model(scratch / "model")
    try:
        return result | {"accuracy": float(out), "threads": threads}
    except ValueError:
        raise Failed(f"it printed no accuracy: {out[:200]!r}") from None


def run_peer(key: str, threads: list[int], data: pathlib.Path, options: argparse.Namespace) -> dict[str, Any]:
    """With each of these numbers of threads; the fastest counts."""
    results = []
    for count in threads:
        with tempfile.TemporaryDirectory(prefix="gradus-job-") as scratch:
            results.append(script_job(PEERS[key][1], count, data, pathlib.Path(scratch), options))
    return min(results, key=lambda result: result["seconds"])


def measure(kind: str, data: pathlib.Path, options: argparse.Namespace, absent: dict[str, str],
            failed: dict[str, str]) -> list[dict[str, Any]]:
    """Every program in every round, in turn. Peers keep the number of threads that is the fastest in the first round."""
    rounds: list[dict[str, Any]] = []
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory(prefix="gradus-job-") as scratch:
            try:
                results = {"gradus": gradus_job(data, pathlib.Path(scratch), options)}
            except Failed as reason:
                sys.exit(f"whole_job: gradus failed: {reason}")
        for key in options.peers:
            if key in absent or key in failed:
                continue
            try:
                threads = [rounds[0][key]["threads"]] if rounds else options.threads
                results[key] = run_peer(key, threads, data, options)
            except LeftOut as reason:
                absent[key] = str(reason)
                say(f"left out: {PEERS[key][0]} ({reason})")
            except Failed as reason:
                failed[key] = str(reason)
                say(f"FAILED: {PEERS[key][0]}: {reason}")
        rounds.append(results)
        say(f"{kind}: round {number + 1} of {options.rounds}")
    return rounds


def summarise(files: str, rounds: list[dict[str, Any]]) -> dict[str, Any]:
    summary: dict[str, Any] = {"files": files, "programs": {}}
    for key in rounds[0]:
        with_both = [results for results in rounds if key in results]
        summary["programs"][key] = {
            "seconds": records.spread([results[key]["seconds"] for results in with_both]),
            "core_seconds": records.spread([results[key]["core_seconds"] for results in with_both]),
            "peak_memory_bytes": max(results[key]["peak_memory_bytes"] for results in with_both),
            "accuracy": statistics.median(results[key]["accuracy"] for results in with_both),
            "times_faster": records.spread([results[key]["seconds"] / results["gradus"]["seconds"] for results in with_both])}
    return summary


def rows_of(summaries: list[dict[str, Any]]) -> list[list[str]]:
    rows = [["files", "program", "seconds", "of a core", "memory", "test accuracy", "Gradus is × faster"]]
    for summary in summaries:
        for key, entry in summary["programs"].items():
            rows.append([summary["files"], PEERS[key][0] if key in PEERS else "Gradus", records.as_ratio(entry["seconds"]),
                         f"{entry['core_seconds']['median']:.3g}", f"{entry['peak_memory_bytes'] / 2**20:,.0f} MiB",
                         f"{100 * entry['accuracy']:.2f} %", records.as_ratio(entry["times_faster"]) if key in PEERS else ""])
    return rows


def write_csv(mnist: pathlib.Path, folder: pathlib.Path) -> None:
    """The same samples as a table, with a header and the class last."""
    sys.path.insert(0, str(records.ROOT / "bench" / "peers"))
    try:
        import job_data
    except ImportError as error:
        sys.exit(f"whole_job: the CSV files are made with {error.name}, which this Python lacks; --files idx does without them")
    for part, prefix in (("train", "train"), ("test", "t10k")):
        images, labels = (job_data.read_idx(mnist, f"{prefix}-{kind}") for kind in ("images-idx3-ubyte", "labels-idx1-ubyte"))
        with (folder / f"{part}.csv").open("w", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow([f"pixel{i}" for i in range(images[0].size)] + ["label"])
            rows.writerows(image.ravel().tolist() + [label] for image, label in zip(images, labels.tolist()))


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def parse(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnist", type=pathlib.Path, required=True, help="the folder of the four IDX files")
    parser.add_argument("--build", type=pathlib.Path, default=records.ROOT / "build" / "release", help="the folder of the build")
    parser.add_argument("--gradus", type=pathlib.Path, help="the program (default: BUILD/bin/gradus)")
    parser.add_argument("--files", default="idx,csv", help="of idx,csv")
    parser.add_argument("--peers", default=",".join(PEERS), help=f"of {','.join(PEERS)}; none for Gradus alone")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--threads", default=f"1,{records.usable_cores()}",
                        help="numbers of threads; Gradus may take the most of them, a peer takes what suits it best")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds after which a program is ended")
    parser.add_argument("--json", type=pathlib.Path, help="a file for everything that was measured")
    parser.add_argument("--markdown", type=pathlib.Path, help="a file for the table")
    # For the tests.
    parser.add_argument("--peers-folder", type=pathlib.Path, default=records.ROOT / "bench" / "peers", help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    options.gradus = options.gradus or options.build / "bin" / "gradus"
    options.peers = [] if options.peers == "none" else options.peers.split(",")
    options.files = options.files.split(",")
    for key in options.peers:
        if key not in PEERS:
            parser.error(f"--peers: no peer is named '{key}'; there are {', '.join(PEERS)}")
    for kind in options.files:
        if kind not in ("idx", "csv"):
            parser.error(f"--files: idx and csv, not '{kind}'")
    try:
        options.threads = sorted({int(threads) for threads in options.threads.split(",")})
    except ValueError:
        parser.error("--threads: whole numbers with commas between")
    if options.rounds < 1 or options.epochs < 1 or options.threads[0] < 1:
        parser.error("--rounds, --epochs and --threads are at least 1")
    for name in FILES:
        if not (options.mnist / name).exists() and not (options.mnist / f"{name}.gz").exists():
            parser.error(f"--mnist: {options.mnist} has no {name} or {name}.gz")
    if not options.gradus.exists():
        parser.error(f"{options.gradus} is missing; build it with: cmake --preset release && cmake --build --preset release")
    return options


def main(words: list[str] | None = None) -> int:
    options = parse(words)
    for file in (options.json, options.markdown):
        records.require_writable(file)
    record = records.circumstances()
    absent: dict[str, str] = {}
    failed: dict[str, str] = {}
    measured = {}
    with tempfile.TemporaryDirectory(prefix="gradus-job-") as scratch:
        for kind in options.files:
            data = options.mnist.resolve()
            if kind == "csv":
                data = pathlib.Path(scratch)
                write_csv(options.mnist, data)
            measured[kind] = measure(kind, data, options, absent, failed)
    summaries = [summarise(kind, rounds) for kind, rounds in measured.items()]
    rows = rows_of(summaries)
    below = [f"{PEERS[key][0]} was absent: {reason}." for key, reason in absent.items()]
    below += [f"{PEERS[key][0]} failed: {reason}" for key, reason in failed.items()]
    print(records.table(rows))
    print("".join(f"{line}\n" for line in below), end="")
    if options.markdown:
        records.write(options.markdown, records.markdown(rows) + "\n" + "".join(f"\n{line}\n" for line in below))
    if options.json:
        records.write_json(options.json, record | {"epochs": options.epochs, "threads": options.threads, "summaries": summaries,
                                                   "absent": absent, "failed": failed, "measured": measured})
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
