"""The plots of docs/performance.md, as PNG and as SVG."""

import pathlib
from typing import Any

import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams.update({"svg.hashsalt": "gradus", "font.size": 10, "axes.grid": True, "grid.alpha": 0.3, "figure.facecolor": "white"})
import matplotlib.pyplot as plt  # noqa: E402  (after the choice of the backend)

# Okabe and Ito's colours, which people with any colour vision can tell apart.
BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"


def save(figure: Any, folder: pathlib.Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    figure.savefig(folder / f"{name}.png", dpi=110, metadata={"Software": None})
    figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
    plt.close(figure)


def draw_floor(title: str, record: dict[str, Any], folder: pathlib.Path) -> None:
    steps = record["steps"]
    has_one_precision = len({step["precision"] for step in steps}) == 1
    names = [step["workload"] + ("" if has_one_precision else f" {step['precision']}") for step in steps]
    figure, axes = plt.subplots(figsize=(8, 1.2 + 0.5 * len(steps)), layout="constrained")
    places = range(len(steps))
    axes.barh([place - 0.2 for place in places], [100 * step["share_of_products"]["median"] for step in steps], 0.38, color=BLUE,
              label="of its matrix products alone")
    axes.barh([place + 0.2 for place in places], [100 * step["share_of_floor"] for step in steps], 0.38, color=ORANGE,
              label="of the floor")
    axes.set_yticks(list(places), names)
    axes.invert_yaxis()
    axes.set_xlim(0, 110)
    axes.set_xlabel("a step's share, %")
    axes.set_title(title)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False)
    save(figure, folder, "floor")


def draw_scaling(title: str, record: dict[str, Any], folder: pathlib.Path) -> None:
    curves = {curve["about"]: curve for curve in record["curves"]}
    wanted = [curves[name] for name in ("batch", "width") if name in curves]
    if not wanted:
        return
    names = {key: peer["name"] for curve in wanted for point in curve["points"] for key, peer in point.get("peers", {}).items()}
    colours = dict(zip(names, (ORANGE, GREEN, VERMILION, PURPLE, SKY)))
    figure, all_axes = plt.subplots(1, len(wanted), figsize=(5 * len(wanted), 4), layout="constrained", squeeze=False)
    for axes, curve in zip(all_axes[0], wanted):
        points = curve["points"]
        for key, name in names.items():
            theirs = [point for point in points if key in point.get("peers", {})]
            axes.plot([point["value"] for point in theirs], [point["peers"][key]["samples_per_second"]["median"] for point in theirs], "s--",
                      color=colours[key], label=name, markersize=4)
        axes.plot([point["value"] for point in points], [point["samples_per_second"]["median"] for point in points], "o-", color=BLUE, label="Gradus")
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        axes.set_xticks([point["value"] for point in points], [str(point["value"]) for point in points])
        axes.set_xlabel(curve["about"])
        axes.set_ylabel("samples a second")
        axes.set_title(curve["what"])
    if names:
        all_axes[0][-1].legend(frameon=False)
    figure.suptitle(title)
    save(figure, folder, "scaling")


def draw(title: str, steps: dict[str, Any] | None, scaling: dict[str, Any] | None, folder: pathlib.Path) -> None:
    if steps:
        draw_floor(title, steps, folder)
    if scaling:
        draw_scaling(title, scaling, folder)
