"""What every record of a measurement holds, and what compare.py and whole_job.py share: the machine, the commit, processes."""

import errno
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parent.parent

# They make NumPy's OpenBLAS take kernels of an older processor. A peer runs as it is delivered.
UNSET = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def environment() -> dict[str, str]:
    """Of every program that is measured."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1"}


def usable_cores() -> int:
    return len(os.sched_getaffinity(0))


def cpu_name() -> str:
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def commit() -> str | None:
    try:
        described = subprocess.run(["git", "-C", str(ROOT), "describe", "--always", "--dirty"], check=True, capture_output=True, text=True)
        return described.stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def circumstances() -> dict[str, Any]:
    return {
        "machine": {"cpu": cpu_name(), "cores": usable_cores(), "system": " ".join([platform.system(), platform.machine(), *platform.libc_ver()]).strip(), "load": os.getloadavg()},
        "commit": commit(),
        "python": platform.python_version(),
        "unset": [name for name in UNSET if name in os.environ],
    }


@dataclass
class Ended:
    """How a program ended."""

    code: int | None  # none when it took too long
    out: str
    err: str

    def why(self) -> str:
        """In a line."""
        if self.code is None:
            return self.err
        lines = [line for line in self.err.splitlines() if line.strip()]
        last = lines[-1].strip() if lines else "it printed no reason"
        if self.code < 0:
            return f"ended by signal {-self.code}: {last}"
        return last

    def json(self) -> Any:
        """The last line of standard output, or all of it."""
        try:
            return json.loads(self.out)
        except ValueError:
            return json.loads(self.out.strip().splitlines()[-1])


def run(command: Sequence[Any], limit: float) -> Ended:
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, capture_output=True, text=True, errors="replace", env=environment(), stdin=subprocess.DEVNULL,
                              timeout=limit)
    except subprocess.TimeoutExpired:
        return Ended(None, "", f"it did not end within {limit:g} s")
    except OSError as error:
        return Ended(127, "", f"{words[0]}: {error.strerror}")
    return Ended(done.returncode, done.stdout, done.stderr)


def spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "least": min(values), "greatest": max(values)}


def as_ratio(ratio: dict[str, float]) -> str:
    """Median, and the range over the rounds."""

    def number(value: float) -> str:
        return f"{value:.3g}" if value < 100 else f"{value:.0f}"

    return f"{number(ratio['median'])} ({number(ratio['least'])} to {number(ratio['greatest'])})"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns for a terminal; the first row is the head."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]

    def line(row: Sequence[str]) -> str:
        return "  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]).rstrip()

    return "\n".join(map(line, rows))


def markdown(rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def write(file: pathlib.Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    except OSError as error:
        sys.exit(f"{file} cannot be written: {error.strerror}")


def write_json(file: pathlib.Path, record: Any) -> None:
    write(file, json.dumps(record, indent=1) + "\n")


def require_writable(file: pathlib.Path | None) -> None:
    """Before hours of measuring, not after."""
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.TemporaryFile(dir=file.parent):
            pass
    except OSError as error:
        sys.exit(f"{file} cannot be written: {error.strerror}")
