#!/usr/bin/env python3
"""make.py GRADUS FOLDER [CASE]...: trains the cases of FOLDER/cases.py with the program GRADUS and writes them into FOLDER.

README.md beside this file says what a case is. Without names, all cases that are not there yet are written; those that are
named are written anew.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Case:
    """One training, and what its model is asked."""

    files: dict  # name: text or bytes
    words: list = field(default_factory=list)  # options of `train`
    source: str = "train.csv"  # what is learnt from and evaluated on
    new: str = "new.csv"  # what is predicted
    scores: bool = False  # whether predictions have scores
    layout: list = field(default_factory=list)  # options of `predict` and `evaluate`
    config: str = ""  # a TOML file that names all options and DATA, instead of `words`
    code: int = 0  # the exit code of the training
    trained: bool = True  # False: model.safetensors is there already, written in another way

    def __post_init__(self):
        if "train.tsv" in self.files:
            self.source, self.new = "train.tsv", "new.tsv"

    def commands(self):
        """The words of each command; they run in the folder of the case."""
        train = ["--config", "config.toml"] if self.config else [self.source, *self.words]
        return {
            "train": ["train", *train, "--device", "cpu", "--output", "run"] if self.trained else None,
            "exit_code": self.code,
            "predict": ["predict", "model.safetensors", self.new, *(["--scores"] if self.scores else []), *self.layout, "--device", "cpu"],
            "evaluate": ["evaluate", "model.safetensors", self.source, *self.layout, "--device", "cpu", "--json"],
            "inspect": ["inspect", "model.safetensors", "--json"],
        }


def run(program, words, folder, code=0):
    """What the program prints."""
    done = subprocess.run([program, *words], cwd=folder, capture_output=True, check=False)
    if done.returncode != code:
        sys.exit(f"make.py: {folder.name}: {' '.join(words)}: exit code {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def indented(result):
    """One JSON object, with a line for each key: changes are seen in a diff."""
    return "{\n" + ",\n".join(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in result.items()) + "\n}\n"


def write(program, case, folder):
    """Trains in `folder`, which holds nothing yet but what was written in another way."""
    for name, content in case.files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    if case.config:
        (folder / "config.toml").write_text(case.config, encoding="utf-8")
    commands = case.commands()
    (folder / "case.json").write_text(indented(commands), encoding="utf-8")
    if case.trained:
        run(program, commands["train"], folder, case.code)
        for name in ["model.safetensors", "options.json"]:
            (folder / "run" / name).replace(folder / name)
        shutil.rmtree(folder / "run")
    (folder / "predictions.csv").write_bytes(run(program, commands["predict"], folder))
    for name in ["evaluate", "inspect"]:
        result = json.loads(run(program, commands[name], folder))
        (folder / f"{name}.json").write_text(indented(result), encoding="utf-8")


def main(words):
    if len(words) < 2 or words[0] in ("--help", "-h"):
        sys.exit(__doc__)
    program, target, named = str(Path(words[0]).resolve()), Path(words[1]), words[2:]
    # cases.py imports this file's Case by its name.
    sys.modules["make"] = sys.modules[__name__]
    sys.path[:0] = [str(Path(__file__).parent), str(target)]
    from cases import CASES

    for name in named:
        if name not in CASES:
            sys.exit(f"make.py: {target}/cases.py has no case {name}")
    for name in named or [name for name in CASES if not (target / name / "case.json").exists()]:
        case = CASES[name]
        with tempfile.TemporaryDirectory() as fresh:
            folder = Path(fresh) / name
            if case.trained:
                folder.mkdir()
            else:
                shutil.copytree(target / name, folder)
            write(program, case, folder)
            shutil.rmtree(target / name, ignore_errors=True)
            shutil.copytree(folder, target / name)
        print(name)


if __name__ == "__main__":
    main(sys.argv[1:])
