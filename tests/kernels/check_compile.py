"""Checks that nvcc compiles CUDA sources for every architecture that Gradus supports, without warnings and without spilling
registers to memory; prints what each kernel needs.

    check_compile.py NVCC FOLDER...        every .cu file in these folders
    check_compile.py NVCC FOLDER... --report FILE
                                           and writes what it printed as a page of documentation
    check_compile.py NVCC --self-test      checks this check, on kernels that spill or are warned about
"""

import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
ARCHITECTURES = (75, 80, 90, 100, 120)
FLAGS = ["-std=c++20", "-O3", "-lineinfo", "-Werror=all-warnings", "-Xptxas=-v", *(f"-I{REPOSITORY / folder}" for folder in ("kernels", "src", "include"))]

COMPILING = re.compile(r"Compiling entry function '(\w+)' for 'sm_(\d+)\w*'")
SPILLS = re.compile(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")
USED = re.compile(r"Used (\d+) registers(?:.*?(\d+) bytes smem)?")


class Kernel:
    """One kernel for one architecture."""

    def __init__(self, name, architecture):
        self.name, self.architecture = name, architecture
        self.is_ours = name.startswith("_ZN6gradus") or not name.startswith("_ZN")  # and not Thrust's
        self.stack = self.spills = self.registers = self.shared = 0


def kernels_of(report):
    """The kernels that ptxas tells of."""
    kernels = []
    for line in report.splitlines():
        if match := COMPILING.search(line):
            kernels.append(Kernel(match[1], int(match[2])))
        elif (match := SPILLS.search(line)) and kernels:
            kernels[-1].stack = int(match[1])
            kernels[-1].spills = int(match[2]) + int(match[3])
        elif (match := USED.search(line)) and kernels:
            kernels[-1].registers = int(match[1])
            kernels[-1].shared = int(match[2] or 0)
    return kernels


def readable(names):
    """Names as they are in the sources, without namespaces and parameters."""
    if not names:
        return {}
    try:
        text = subprocess.run(["c++filt", "-p", *names], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return {name: name for name in names}
    clean = [re.sub(r"\(anonymous namespace\)::|_GLOBAL__N__\w+::|gradus::\w+::|\(\w+\)|void ", "", line) for line in text.splitlines()]
    return dict(zip(names, clean))


def architectures_of(source):
    """All; but one is enough for a file whose kernels are Thrust's, which takes a minute for all."""
    return (90,) if '#include "thrust.cuh"' in source.read_text(encoding="utf-8") else ARCHITECTURES


def compile_file(nvcc, source, architectures):
    """(exit code of nvcc, its report)."""
    # Device code alone where the host's is compiled with the module; the self-test's is in no program without a GPU.
    kind = "-c" if "self_test" in source.parts else "-fatbin"
    targets = [f"-gencode=arch=compute_{each},code=sm_{each}" for each in architectures]
    with tempfile.TemporaryDirectory() as folder:
        command = [nvcc, *FLAGS, *targets, kind, str(source), "-o", str(Path(folder) / "code.fatbin")]
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return run.returncode, run.stdout


def problems_of(code, report, kernels, architectures):
    """What is wrong with a file, in words."""
    found = []
    if code != 0:
        found.append("nvcc failed:\n" + "\n".join(line for line in report.splitlines() if not line.startswith("ptxas info")))
    for kernel in kernels:
        if kernel.spills > 0 and kernel.is_ours:
            found.append(f"{kernel.name} spills {kernel.spills} bytes for sm_{kernel.architecture}")
    if code == 0:
        for architecture in architectures:
            if not any(kernel.architecture == architecture for kernel in kernels):
                found.append(f"no kernel for sm_{architecture}")
    return found


def print_table(source, kernels, architectures):
    print(f"\n{source}\n  {'registers for sm_':<56}" + "".join(f"{each:>6}" for each in architectures) + f"{'shared':>9}")
    kernels = [kernel for kernel in kernels if kernel.is_ours]
    names = readable(sorted({kernel.name for kernel in kernels}))
    for name, text in sorted(names.items(), key=lambda each: each[1]):
        mine = {kernel.architecture: kernel for kernel in kernels if kernel.name == name}
        registers = "".join(f"{mine[each].registers if each in mine else '-':>6}" for each in architectures)
        shared = max(kernel.shared for kernel in mine.values())
        print(f"  {text:<56}{registers}{shared:>7} B")


def report_page(nvcc, tables):
    """The page that is committed: registers per architecture, shared memory, spills."""
    version = subprocess.run([nvcc, "--version"], capture_output=True, text=True, check=True).stdout
    release = re.search(r"V([\d.]+)", version)[1]
    lines = [
        "# What the kernels need",
        "",
        f"Registers per thread for each architecture, static shared memory, and spilt bytes, as `ptxas -v` of nvcc {release} reports them.",
        "This page is generated by `tests/kernels/check_compile.py NVCC kernels --report docs/cuda-kernels.md`.",
        "A test fails if a kernel spills or causes a warning.",
        "Kernels of Thrust are left out.",
        "",
    ]
    for source, kernels in tables:
        names = readable(sorted({kernel.name for kernel in kernels}))
        if not names:
            continue
        lines += [f"## {source}", "", "| kernel | " + " | ".join(f"sm_{each}" for each in ARCHITECTURES) + " | shared | spilt |"]
        lines.append("| --- |" + " ---: |" * (len(ARCHITECTURES) + 2))
        for name, text in sorted(names.items(), key=lambda each: each[1]):
            mine = {kernel.architecture: kernel for kernel in kernels if kernel.name == name}
            registers = " | ".join(str(mine[each].registers) if each in mine else "" for each in ARCHITECTURES)
            shared = max(kernel.shared for kernel in mine.values())
            spills = max(kernel.spills for kernel in mine.values())
            lines.append(f"| `{text}` | {registers} | {shared} B | {spills} B |")
        lines.append("")
    return "\n".join(lines)


def check(nvcc, sources, report_file=None):
    """Compiles all files; the number of problems."""
    count = 0
    tables = []
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        results = pool.map(lambda source: compile_file(nvcc, source, architectures_of(source)), sources)
        for source, (code, report) in zip(sources, results):
            kernels = kernels_of(report)
            print_table(source.relative_to(REPOSITORY), kernels, ARCHITECTURES)
            tables.append((source.relative_to(REPOSITORY), [kernel for kernel in kernels if kernel.is_ours]))
            for problem in problems_of(code, report, kernels, architectures_of(source)):
                print(f"  PROBLEM: {problem}")
                count += 1
    print(f"\n{len(sources)} files for sm_{', '.join(map(str, ARCHITECTURES))}: {count} problems")
    if report_file:
        Path(report_file).write_text(report_page(nvcc, tables), encoding="utf-8")
    return count


# More numbers alive at once than there are registers.
SPILLING = """
__global__ void __launch_bounds__(1024) spills(float* values) {
  float kept[96];
  #pragma unroll
  for (int i = 0; i < 96; ++i) kept[i] = values[i * 1024 + threadIdx.x];
  __syncthreads();
  #pragma unroll
  for (int i = 0; i < 96; ++i) values[i * 1024 + threadIdx.x] = kept[95 - i] + kept[(i * 7) % 96];
}
"""
WARNED_ABOUT = "__global__ void warned(float* values) { int never_used = 3; values[0] = 1.0F; }\n"
WRONG = "__global__ void wrong(float* values) { values = no_such_name; }\n"
CLEAN = "__global__ void clean(float* values) { values[threadIdx.x] *= 2.0F; }\n"


def self_test(nvcc):
    failures = 0
    for name, text, expected in (
        ("spilling", SPILLING, "spills"),
        ("warned about", WARNED_ABOUT, "never_used"),
        ("wrong", WRONG, "no_such_name"),
        ("clean", CLEAN, None),
        ("empty", "// no kernel\n", "no kernel for sm_90"),
    ):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "planted.cu"
            source.write_text(text, encoding="utf-8")
            code, report = compile_file(nvcc, source, (90,))
        problems = problems_of(code, report, kernels_of(report), (90,))
        good = not problems if expected is None else any(expected in problem for problem in problems)
        print(f"{name}: {'as expected' if good else 'NOT as expected: ' + repr(problems)}")
        failures += not good
    return failures


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    nvcc, *rest = arguments
    if rest == ["--self-test"]:
        return 1 if self_test(nvcc) else 0
    report_file = None
    if len(rest) > 2 and rest[-2] == "--report":
        *rest, _, report_file = rest
    sources = sorted(path.resolve() for folder in rest for path in Path(folder).rglob("*.cu"))
    if not sources:
        print(f"no .cu file in {', '.join(rest)}", file=sys.stderr)
        return 1
    return 1 if check(nvcc, sources, report_file) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
