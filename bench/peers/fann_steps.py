"""The time of a training step in FANN, on one thread: fann_steps.c, compiled here with Debian's libfann-dev."""

import pathlib
import re
import resource
import shlex
import shutil
import subprocess
import tempfile
import time

import common
import outcome

NAME = "FANN"
CLIPPED = 0.01  # below, and above 1 - that, FANN's derivative of the sigmoid is another
SOURCE = pathlib.Path(__file__).with_suffix(".c")


def pkg_config(*words: str) -> str:
    return subprocess.run(["pkg-config", *words, "fann"], check=True, capture_output=True, text=True).stdout.strip()


def compiled(folder: str) -> str:
    """The path of the program."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None or shutil.which("pkg-config") is None:
        outcome.leave_out("a C compiler and pkg-config are needed to build it")
    try:
        flags = shlex.split(pkg_config("--cflags", "--libs"))
    except subprocess.CalledProcessError:
        outcome.leave_out("FANN is not installed (Debian: libfann-dev)")
    program = f"{folder}/fann_steps"
    libraries = [flag.replace("-lfann", "-lfloatfann") for flag in flags]
    subprocess.run([compiler, "-O2", "-o", program, SOURCE, *libraries], check=True)
    return program


options = common.arguments(__doc__)
start = options.start
if start.identity:
    raise SystemExit(f"{NAME}: only sigmoid outputs are written here; the start is for outputs that are identities")
with tempfile.TemporaryDirectory() as scratch:
    program = compiled(scratch)

    def run(samples: int, seconds: float) -> str:
        words = [options.start_folder, len(start.costs), samples, seconds, start.rate, start.batch, *start.widths]
        return subprocess.run([program, *map(str, words)], check=True, stdout=subprocess.PIPE, text=True).stdout

    def costs(count: int) -> list[float]:
        text = run(0, 0)
        distance = min(map(float, re.findall(r"^least_distance (\S+)$", text, re.M)))
        if distance < CLIPPED:
            raise SystemExit(f"{NAME}: not the same training: a node's output is {distance:.2g} from 0 or 1, and FANN's derivative "
                             f"takes what is nearer than {CLIPPED} for that")
        return [float(cost) for cost in re.findall(r"^cost (\S+)$", text, re.M)][:count]

    def time_it() -> dict:
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        blocks = re.findall(r"^block (\d+) (\S+)$", run(options.samples, options.seconds), re.M)
        after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        times = [1e6 * float(seconds) for _, seconds in blocks]
        return {"step_microseconds": common.spread(times), "blocks": len(times), "steps_per_block": int(blocks[0][0]),
                "cores_used": (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / (ended - began)}

    common.run(NAME, pkg_config("--modversion"), options, costs, time_it)
