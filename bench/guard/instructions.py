#!/usr/bin/env python3
"""Whether a training step on the CPU takes more instructions than it did: a guard that no busy machine disturbs.

    bench/guard/instructions.py [--program build/release/bench/gradus-bench] [--update]

valgrind counts the instructions of some steps and of twice as many on one thread; the difference is that of the steps alone.
What valgrind does not emulate (AVX-512) is not used under it. A count belongs to one instruction set, compiler and oneDNN;
instructions.json keeps those that are known. A count that grew by more than the tolerance is a failure; one that shrank by more asks to be
written down with --update. Without valgrind, or for a build without a count, it says so and exits with 77.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
COUNTS = HERE / "instructions.json"
SKIPPED = 77
TOLERANCE = 0.02  # from run to run, counts differ by less than a thousandth

# Few samples, since making them is counted too; the steps are those of the workloads.
STEPS = {
    "classic": (["--widths", "784,30,10", "--batch", "10", "--samples", "2000"], 100),
    "classic-128": (["--widths", "784,30,10", "--batch", "128", "--samples", "2560"], 10),
}


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def count(program, words, steps):
    """(instructions, what they were counted of)"""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", str(program), *words, "--threads", "1",
                   "--steps", str(steps)]
        result = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", result.stderr)
    used = re.search(r"^custom with (.+): \d+ steps", result.stdout)
    if result.returncode != 0 or not found or not used:
        sys.exit(f"instructions: {' '.join(command)} failed ({result.returncode}):\n{result.stdout}{result.stderr}")
    return int(found[1]), used[1]


def instructions_of_a_step(program, words, steps):
    once, used = count(program, words, steps)
    twice, _ = count(program, words, 2 * steps)
    return round((twice - once) / steps), used


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=HERE.parents[1] / "build" / "release" / "bench" / "gradus-bench")
    parser.add_argument("--update", action="store_true", help="write the counts down")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        skip("valgrind was not found")
    if not options.program.exists():
        sys.exit(f"instructions: {options.program} is missing; build the target gradus-bench")

    counts = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    grown, shrunk, unknown = [], [], []
    for workload, (words, steps) in STEPS.items():
        found, used = instructions_of_a_step(options.program, words, steps)
        kept = counts.get(used, {}).get(workload)
        counts.setdefault(used, {})[workload] = found
        text = f"{workload} with {used}: {found:,} instructions a step"
        if kept is None:
            unknown.append(text)
        else:
            text += f", {found / kept - 1:+.2%} of {kept:,}"
            if found > (1 + TOLERANCE) * kept:
                grown.append(text)
            elif found < (1 - TOLERANCE) * kept:
                shrunk.append(text)
        print(text, flush=True)

    if options.update:
        COUNTS.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n")
        print(f"written: {COUNTS}")
        return
    for text in shrunk:
        print(f"fewer than before; write it down with {pathlib.Path(__file__).name} --update: {text}")
    if grown:
        sys.exit("instructions: a step takes more than before. If that is worth it, write it down with --update:\n"
                 + "\n".join(grown))
    if unknown:
        skip("no count is kept for this build")


if __name__ == "__main__":
    main()
