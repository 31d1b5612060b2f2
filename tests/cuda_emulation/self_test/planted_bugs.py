"""Plants bugs into small kernels and host functions, one at a time, and demands that the emulation finds each of them.

    planted_bugs.py FOLDER               all of them, in all configurations and orders; prints the table
    planted_bugs.py FOLDER --bug NAME    one of them, only in the configurations that must find it
    planted_bugs.py --list               their names
    planted_bugs.py --self-test          checks this check, on programs that find nothing or are broken

FOLDER has the programs cuda_self_test_plain, cuda_self_test_asan and cuda_self_test_tsan. A bug is found when the test that
it is planted into reports what is named for it below, in the configuration that is named, in forward or in reverse order,
while the same test without the bug passes in both.
"""

import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

WRONG, CALL, ASAN, UBSAN, TSAN, EMULATOR = "wrong result", "failed call", "ASan", "UBSan", "TSan", "emulator"
CONFIGURATIONS = ("plain", "asan", "tsan")
ORDERS = ("forward", "reverse")

# (name, test, {configuration: what must find it there}). The sources ask for the name: self_test/planted.hpp.
BUGS = [
    # Barriers, and the shared memory of a block.
    ("missing barrier, read after write", "Kernels.Transpose", {"plain": WRONG, "tsan": TSAN}),
    ("missing barrier, write after read", "Kernels.ColumnSums", {"tsan": TSAN}),
    ("early return before a barrier", "Kernels.ColumnSums", {"plain": EMULATOR}),
    ("divergent barrier", "Kernels.ColumnSums", {"plain": EMULATOR}),
    ("shared array overrun", "Kernels.Transpose", {"asan": UBSAN}),
    ("transposition", "Kernels.Transpose", {"plain": WRONG}),
    ("too little dynamic shared memory", "Kernels.ColumnSums", {"asan": ASAN}),
    ("uninitialised shared memory", "Kernels.Total", {"plain": WRONG}),
    # Warps.
    ("missing __syncwarp", "Kernels.Reverse", {"plain": WRONG, "tsan": TSAN}),
    ("divergent shuffle", "Kernels.Total", {"plain": EMULATOR}),
    ("partial mask", "Kernels.Total", {"plain": EMULATOR}),
    ("wrong fragment index, tf32", "Products.Tf32", {"plain": WRONG}),
    ("wrong fragment index, bf16", "Products.Bf16", {"plain": WRONG}),
    # Blocks with each other.
    ("plain += across blocks", "Kernels.Total", {"tsan": TSAN}),
    ("missing __threadfence before a ticket", "Kernels.LastBlockTotal", {"tsan": TSAN}),
    ("missing __threadfence after a ticket", "Kernels.LastBlockTotal", {"tsan": TSAN}),
    ("missing grid sync, read after write", "Kernels.Diffusion", {"plain": WRONG, "tsan": TSAN}),
    ("missing grid sync, write after read", "Kernels.Diffusion", {"tsan": TSAN}),
    ("missing cluster sync before a read", "Kernels.ClusterSums", {"plain": WRONG, "tsan": TSAN}),
    ("missing cluster sync before an exit", "Kernels.ClusterSums", {"plain": EMULATOR}),
    # Global memory.
    ("off-by-one bound", "Kernels.Scale", {"plain": EMULATOR, "asan": ASAN}),
    ("misaligned float4", "Kernels.Scale", {"asan": UBSAN}),
    ("tail writes past the end", "Kernels.CountUp", {"plain": EMULATOR, "asan": ASAN}),
    ("gather ignores the order", "Kernels.Gather", {"plain": WRONG}),
    # Asynchronous copies within a kernel.
    ("missing wait on an asynchronous copy", "Kernels.StagedScale", {"plain": WRONG}),
    ("missing barrier after an asynchronous copy", "Kernels.StagedScale", {"plain": WRONG, "tsan": TSAN}),
    ("missing barrier before an asynchronous copy", "Kernels.StagedScale", {"plain": WRONG, "tsan": TSAN}),
    ("exit with an asynchronous copy under way", "Kernels.StagedScale", {"plain": EMULATOR}),
    # The host: streams and copies.
    ("pinned buffer refilled early", "HostCopies.StreamBatches", {"plain": WRONG, "tsan": TSAN}),
    ("consumer does not wait for the copy", "HostCopies.StreamBatches", {"plain": WRONG, "tsan": TSAN}),
    ("copy does not wait for the consumer", "HostCopies.StreamBatches", {"tsan": TSAN}),
    ("result read before synchronising", "HostCopies.ReadResult", {"plain": WRONG}),
    ("accumulator not cleared", "HostCopies.AddUpEpochs", {"plain": WRONG}),
    ("Thrust result read before it is there", "Thrust.Sort", {"plain": WRONG}),
    # The host: memory.
    ("host reads device memory", "HostCopies.ReadResult", {"asan": ASAN}),
    ("host pointer passed to a kernel", "HostCopies.PassPointers", {"plain": EMULATOR}),
    ("null stream", "HostCopies.PassPointers", {"plain": EMULATOR}),
    ("use after free", "HostCopies.OwnMemory", {"plain": EMULATOR}),
    ("double free", "HostCopies.OwnMemory", {"plain": EMULATOR}),
    ("device memory leaked", "HostCopies.OwnMemory", {"plain": WRONG}),
    # The host: graphs.
    ("synchronisation during capture", "HostGraphs.ForkAndJoin", {"plain": CALL}),
    ("missing dependency between branches of a graph", "HostGraphs.ForkAndJoin", {"tsan": TSAN}),
    ("branch of a graph not joined", "HostGraphs.ForkAndJoin", {"plain": CALL}),
    ("graph outlives its memory", "HostGraphs.ReplayOnTheSameMemory", {"asan": ASAN}),
    # The host: matrix products.
    ("transposition flags swapped", "HostProducts.Forward", {"plain": WRONG}),
    ("gradient transposed", "HostProducts.Update", {"plain": WRONG}),
    ("wrong leading dimension", "HostProducts.Forward", {"plain": EMULATOR}),
    ("workspace too small", "HostProducts.Forward", {"plain": CALL}),
    ("workspace shared by two streams", "HostProducts.SideBySide", {"tsan": TSAN}),
    ("algorithm asked for during capture", "HostProducts.Forward", {"plain": EMULATOR}),
    ("rate on the device not waited for", "HostProducts.Update", {"plain": WRONG, "tsan": TSAN}),
]

REPORTS = {
    ASAN: re.compile(r"ERROR: AddressSanitizer"),
    UBSAN: re.compile(r"runtime error: "),
    TSAN: re.compile(r"WARNING: ThreadSanitizer: data race"),
    EMULATOR: re.compile(r"^CUDA emulation: ", re.MULTILINE),
    CALL: re.compile(r'C\+\+ exception with description "'),
    WRONG: re.compile(r"^\[  FAILED  \] ", re.MULTILINE),
}


def reported(code, output):
    """Who reported something: the most telling first. Nobody does in a run that passes."""
    found = [name for name, pattern in REPORTS.items() if pattern.search(output)]
    if code == 0:
        return ["a report, and success"] if found else []
    if CALL in found:
        found.remove(WRONG)  # the test that ends by an exception has failed, too
    return found or [f"exit code {code}"]


class Programs:
    """The test programs in a folder."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.run = lru_cache(None)(self._run)

    def _run(self, bug, test, configuration, order):
        program = self.folder / f"cuda_self_test_{configuration}"
        environment = {**os.environ, "CUDA_EMULATION_ORDER": order}
        environment.pop("GRADUS_PLANTED_BUG", None)
        if bug:
            environment["GRADUS_PLANTED_BUG"] = bug
        command = [str(program), f"--gtest_filter={test}"]
        run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=300)
        output = run.stdout.decode("utf-8", "replace")
        if run.returncode == 0 and "[  PASSED  ] 1 test" not in output:
            return (f"{test} did not run",)
        return tuple(reported(run.returncode, output))


def problems_of(programs, bug, test, named):
    """Why a bug does not count as found; empty when it does."""
    problems = []
    for configuration, finder in named.items():
        for order in ORDERS:
            without = programs.run(None, test, configuration, order)
            if without:
                problems.append(f"without the bug, {test} reports in {configuration}, {order}: {', '.join(without)}")
        found = {each for order in ORDERS for each in programs.run(bug, test, configuration, order)}
        if finder not in found:
            problems.append(f"{configuration} should report: {finder}; it reports: {', '.join(sorted(found)) or 'nothing'}")
    return problems


def cell(programs, bug, test, configuration):
    """What a configuration reports: the same in both orders, or what and in which."""
    forward, reverse = ((programs.run(bug, test, configuration, order) or ("-",))[0] for order in ORDERS)
    return forward if forward == reverse else f"{forward} / {reverse}"


def print_table(programs):
    """All bugs in all configurations; the number of those that were not found as named."""
    jobs = [(bug, test, configuration, order)
            for bug, test, _ in BUGS for configuration in CONFIGURATIONS for order in ORDERS]
    jobs += [(None, test, configuration, order)
             for test in sorted({test for _, test, _ in BUGS}) for configuration in CONFIGURATIONS for order in ORDERS]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        list(pool.map(lambda job: programs.run(*job), jobs))

    print("What each configuration reports, in forward / reverse order if they differ; * what it is named for.\n")
    print(f"{'bug':<48}" + "".join(f"{each:<28}" for each in CONFIGURATIONS).rstrip())
    print("-" * 132)
    missed = 0
    for bug, test, named in BUGS:
        cells = [cell(programs, bug, test, each) + (" *" if each in named else "") for each in CONFIGURATIONS]
        print(f"{bug:<48}" + "".join(f"{each:<28}" for each in cells).rstrip())
        problems = problems_of(programs, bug, test, named)
        missed += bool(problems)
        for problem in problems:
            print(f"    NOT FOUND: {problem}")
    dirty = 0
    for test in sorted({test for _, test, _ in BUGS}):
        cells = [cell(programs, None, test, each) for each in CONFIGURATIONS]
        if cells != ["-"] * len(cells):
            dirty += 1
            print(f"NOT CLEAN without a bug: {test}: {', '.join(cells)}")
    print(f"\n{len(BUGS) - missed} of {len(BUGS)} bugs found as named; "
          f"{len({test for _, test, _ in BUGS})} tests without a bug, {dirty} of them not clean")
    return missed + dirty


def check_one(programs, name):
    for bug, test, named in BUGS:
        if bug == name:
            problems = problems_of(programs, bug, test, named)
            for problem in problems:
                print(problem)
            if not problems:
                print(f"found: {', '.join(f'{finder} in {configuration}' for configuration, finder in named.items())}")
            return len(problems)
    print(f"no such bug: {name}")
    return 1


def self_test():
    """Programs that find nothing, that always fail, that run nothing, and one as it should be."""
    bug, test, _ = BUGS[0]
    passes = 'echo "[  PASSED  ] 1 test."'
    fails = 'echo "[  FAILED  ] Kernels.Transpose"; exit 1'
    races = 'echo "WARNING: ThreadSanitizer: data race"; exit 66'
    good = {"plain": f'[ -z "$GRADUS_PLANTED_BUG" ] && {passes} && exit 0; {fails}',
            "tsan": f'[ -z "$GRADUS_PLANTED_BUG" ] && {passes} && exit 0; {races}'}
    cases = {
        "finds it": (good, True),
        "finds nothing": ({"plain": passes, "tsan": passes}, False),
        "always fails": ({"plain": fails, "tsan": races}, False),
        "runs no test": ({"plain": "exit 0", "tsan": "exit 0"}, False),
        "finds it in one configuration only": ({**good, "tsan": passes}, False),
        "reports something else": ({**good, "tsan": good["plain"]}, False),
        "crashes": ({**good, "plain": f'[ -z "$GRADUS_PLANTED_BUG" ] && {passes} && exit 0; kill -SEGV $$'}, False),
    }
    failures = 0
    for name, (scripts, expected) in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            for configuration, text in scripts.items():
                program = Path(folder) / f"cuda_self_test_{configuration}"
                program.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
                program.chmod(0o755)
            found = not problems_of(Programs(folder), bug, test, {"plain": WRONG, "tsan": TSAN})
        print(f"a program that {name}: {'as expected' if found == expected else 'NOT as expected'}")
        failures += found != expected
    names = [name for name, _, _ in BUGS]
    if len(set(names)) != len(names):
        print("two bugs have the same name")
        failures += 1
    return failures


def main(arguments):
    if arguments == ["--list"]:
        print("\n".join(name for name, _, _ in BUGS))
        return 0
    if arguments == ["--self-test"]:
        return 1 if self_test() else 0
    if len(arguments) == 1 and not arguments[0].startswith("-"):
        return 1 if print_table(Programs(arguments[0])) else 0
    if len(arguments) == 3 and arguments[1] == "--bug":
        return 1 if check_one(Programs(arguments[0]), arguments[2]) else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
