#!/usr/bin/env python3
"""Writes docs/performance.md and its plots from what was measured: bench/results/<machine>/*.json, and nothing else.

    bench/report.py [--check] [--no-plots]

A folder of results holds steps.json (gradus-bench --json), peers*.json (compare.py --json), job.json (whole_job.py --json),
scaling.json (scaling.py --json) and notes.md, a text of that machine's own; what is missing is left out, and the text says which
command measures it. --check writes nothing and says whether the text is what the results give; plots need matplotlib
(bench/requirements-plots.txt).
"""

import argparse
import json
import pathlib
import string
import sys
from typing import Any

import records

HERE = pathlib.Path(__file__).resolve().parent
DOCUMENT = records.ROOT / "docs" / "performance.md"
RESULTS = HERE / "results"
PROGRAMS = {"gradus": "Gradus", "torch": "PyTorch", "sklearn": "scikit-learn"}


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def number(value: float) -> str:
    """Three significant digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def network(widths: list[int]) -> str:
    if len(widths) > 6 and len(set(widths)) == 1:
        return f"{len(widths) - 1} layers of {widths[0]}"
    return "-".join(map(str, widths))


def read(folder: pathlib.Path, name: str) -> Any:
    file = folder / name
    return json.loads(file.read_text()) if file.exists() else None


def missing(title: str, command: str) -> str:
    return f"### {title}\n\nNot measured here yet: `{command}` measures it.\n"


def about_machine(record: dict[str, Any]) -> str:
    machine = record.get("machine", {})
    parts = [machine.get("gpu") or machine.get("cpu"), f"{machine['cores']} cores" if "cores" in machine else None, machine.get("build"),
             machine.get("system")]
    return ", ".join(part for part in parts if part)


def steps_section(record: dict[str, Any] | None) -> str:
    title = "Where the time of a step goes"
    if record is None:
        return missing(title, "gradus-bench --json steps.json")
    rows = [["workload", "network, batch", "precision", "threads", "µs a step", "samples/s", "matrix products", "everything else",
             "share of products", "share of the peak", "share of the floor"]]
    for step in record["steps"]:
        time, products = step["step_microseconds"]["median"], step["products_microseconds"]["median"]
        rows.append([f"`{step['workload']}`", f"{network(step['widths'])}, {step['batch']:,}", step["precision"], str(step["threads"]),
                     number(time), f"{step['samples_per_second']:.3g}", f"{number(products)} µs", f"{number(max(0.0, time - products))} µs",
                     percent(step["share_of_products"]["median"]), percent(step["share_of_peak"]), percent(step["share_of_floor"])])
    if any("kernels" in step for step in record["steps"]):
        rows[0] += ["kernels", "MB"]
        for row, step in zip(rows[1:], record["steps"]):
            row += [str(step["kernels"]), number(step["bytes"] / 1e6)]
    ceilings = []
    for ceiling in record["ceilings"]:
        threads = f", {ceiling['threads']} thread{'s' if ceiling['threads'] > 1 else ''}" if "threads" in ceiling else ""
        ceilings.append(f"- {ceiling['precision']}{threads}: {ceiling['operations_per_second'] / 1e9:,.1f} GFLOP/s in a product of"
                        f" {ceiling['product']}, {ceiling['bytes_per_second'] / 1e9:,.1f} GB/s in a copy of {ceiling['copy']}")
    return (f"### {title}\n\n{about_machine(record)}; Gradus {record['version']}.\n\n{records.markdown(rows)}\n\n"
            "The limits of the machine, measured in the same process:\n\n" + "\n".join(ceilings) + "\n")


def peers_section(records_of_peers: list[dict[str, Any]]) -> str:
    title = "Beside other programs"
    if not records_of_peers:
        return missing(title, "bench/compare.py --json peers.json")
    summaries = [summary for record in records_of_peers for summary in record["summaries"]]
    names = {key: f"{peer['name']} {peer['version'] or ''}".strip() for summary in summaries for key, peer in summary["peers"].items()}
    rows = [["workload", "precision", "Gradus, µs a step"] + [f"{name}, µs" for name in names.values()]]
    ratios = [["workload", "precision"] + [f"× {name}" for name in names.values()]]
    for summary in summaries:
        peers = summary["peers"]
        rows.append([f"`{summary['workload']}`", summary["precision"], number(summary["step_microseconds"]["median"])]
                    + [number(peers[key]["step_microseconds"]["median"]) if key in peers else "" for key in names])
        ratios.append([f"`{summary['workload']}`", summary["precision"]]
                      + [records.as_ratio(peers[key]["times_faster"]) if key in peers else "" for key in names])
    text = (f"### {title}\n\nHow many times faster Gradus is: the median of the rounds, and their range.\nEach program has the number of"
            f" threads that is best for it.\n\n{records.markdown(ratios)}\n\n{records.markdown(rows)}\n")
    notes = []
    if any(peer["compared_with"] == "gradus-identity" for summary in summaries for peer in summary["peers"].values()):
        notes.append("scikit-learn has the squared error only with identity outputs: its ratio is to Gradus with such outputs.")
    for key, reason in {key: reason for record in records_of_peers for key, reason in record["absent"].items()}.items():
        notes.append(f"Absent: {key} ({reason}).")
    for summary in summaries:
        for key, reason in summary["failed"].items():
            notes.append(f"Not the same training, or failed: {key} on `{summary['workload']}`: {reason}")
    return text + "".join(f"\n- {note}" for note in notes) + ("\n" if notes else "")


def job_section(record: dict[str, Any] | None) -> str:
    title = "A whole job"
    if record is None:
        return missing(title, "bench/whole_job.py --mnist FOLDER --json job.json")
    rows = [["files", "program", "seconds, start to end", "Gradus is faster by", "test accuracy"]]
    for summary in record["summaries"]:
        for key, entry in summary["programs"].items():
            faster = entry.get("times_faster")
            rows.append([summary["files"].upper(), PROGRAMS.get(key, key), f"{entry['seconds']['median']:.2f}",
                         records.as_ratio(faster) if faster and key != "gradus" else "", percent(entry["accuracy"])])
    return (f"### {title}\n\nFrom MNIST's files to a model on the disk: `classic` for {record['epochs']} epochs, including the start of each program."
            f"\n\n{records.markdown(rows)}\n")


def scaling_section(record: dict[str, Any] | None, plots: str) -> str:
    title = "How it grows"
    if record is None:
        return missing(title, "bench/scaling.py --json scaling.json")
    text = f"### {title}\n"
    for curve in record["curves"]:
        rows = [[curve["about"], "threads used", "µs a step", "samples/s", "share of products", "share of the floor", "peak memory, MB"]]
        names = {key: peer["name"] for point in curve["points"] for key, peer in point.get("peers", {}).items()}
        rows[0] += [f"{name}, samples/s" for name in names.values()]
        for point in curve["points"]:
            rows.append([f"{point['value']:,}", str(point["threads"]), number(point["step_microseconds"]["median"]),
                         f"{point['samples_per_second']['median']:.3g}", percent(point["share_of_products"]["median"]),
                         percent(point["share_of_floor"]["median"]), f"{point['peak_memory_bytes'] / 1e6:,.0f}"])
            rows[-1] += [f"{point['peers'][key]['samples_per_second']['median']:.3g}" if key in point.get("peers", {}) else "" for key in names]
        text += f"\n**By {curve['about']}**: {curve['what']}.\n\n{records.markdown(rows)}\n\n"
        for what in ("time", "memory"):
            if (fitted := curve.get(what)) and fitted["exponent"] is not None:
                text += f"- {what} ~ {curve['about']}^{fitted['exponent']:.2f} in the upper half; expected {fitted['expected']:g}.\n"
                bends = [f"{bend['from']:,} to {bend['to']:,}: {bend['exponent']:.2f}" for bend in fitted["bends"]]
                if bends:
                    text += f"  It bends: {'; '.join(bends)}.\n"
        for key, reason in curve.get("left_out", {}).items():
            text += f"- Left out: {key} ({reason}).\n"
    return text + f"\n![Samples a second by batch and by width]({plots}/scaling.png)\n"


def machine_section(folder: pathlib.Path) -> str:
    plots = f"performance/{folder.name}"
    notes = folder / "notes.md"
    steps = read(folder, "steps.json")
    peers = [json.loads(file.read_text()) for file in sorted(folder.glob("peers*.json"), key=lambda file: file.stem)]
    parts = [f"## {folder.name}\n", notes.read_text() if notes.exists() else "", steps_section(steps)]
    if steps:
        parts.append(f"![The share of the floor, workload by workload]({plots}/floor.png)\n")
    parts += [peers_section(peers), job_section(read(folder, "job.json")), scaling_section(read(folder, "scaling.json"), plots)]
    return "\n".join(part for part in parts if part)


def document() -> str:
    sections = [machine_section(folder) for folder in sorted(RESULTS.iterdir()) if folder.is_dir()]
    template = string.Template((HERE / "performance.md.in").read_text())
    return template.substitute(machines="\n".join(sections))


def draw_plots() -> None:
    try:
        import plots  # matplotlib is needed for nothing else
    except ImportError as error:
        sys.exit(f"report: this Python has no {error.name} (bench/requirements-plots.txt); --no-plots writes the text alone")
    for folder in sorted(RESULTS.iterdir()):
        if folder.is_dir():
            plots.draw(folder.name, read(folder, "steps.json"), read(folder, "scaling.json"), DOCUMENT.parent / "performance" / folder.name)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if docs/performance.md is not what the results give")
    parser.add_argument("--no-plots", action="store_true", help="write the text alone")
    options = parser.parse_args()
    text = document()
    if options.check:
        if not DOCUMENT.exists() or DOCUMENT.read_text() != text:
            sys.exit("report: docs/performance.md is not what bench/results gives; run bench/report.py")
        return 0
    if not options.no_plots:
        draw_plots()
    records.write(DOCUMENT, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
