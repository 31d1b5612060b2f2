"""Checks that what the recipes of CONTRIBUTING.md make compiles (recipes.py).

    compile_recipes.py REPOSITORY BUILD [NAME…]    all recipes, or those named; 77 where BUILD has no compile_commands.json
    compile_recipes.py --apply NAME REPOSITORY     makes a recipe's changes in the checkout
    compile_recipes.py --self-test                 checks this check

Each recipe is applied to a copy of the sources. There the compiler looks at every source that it changes or adds, with the
flags of the build and every warning an error. A header is compiled with a source that includes it. No object files are made,
which saves the time of the optimizer, except by nvcc.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from recipes import Mismatch, changed_files, read_recipes, reader

SKIPPED = 77
JOBS = 2
SOURCES = {".cpp", ".cu"}
HEADERS = {".hpp", ".cuh", ".h"}
LAUNCHERS = {"ccache", "sccache", "distcc"}
FOLDERS = ("include", "src", "kernels", "tests", "bench", "third_party")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def tracked_files(root):
    """The files of the sources, relative to the root; where git knows none of them, all."""
    command = ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", *FOLDERS]
    try:
        listed = subprocess.run(command, capture_output=True, check=False).stdout
    except OSError:
        listed = b""
    if listed:
        return [path for path in os.fsdecode(listed).split("\0") if path and (root / path).is_file()]
    return [path.relative_to(root).as_posix() for top in FOLDERS for path in (root / top).rglob("*") if path.is_file()]


def copy_files(root, files, to):
    for file in files:
        (to / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / file, to / file)


def link_files(root, files, to):
    for file in files:
        (to / file).parent.mkdir(parents=True, exist_ok=True)
        os.link(root / file, to / file)


def write_files(files, to):
    for path, text in files.items():
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        (to / path).unlink(missing_ok=True)  # it is a link to a file of all trees
        (to / path).write_text(text, encoding="utf-8")


class Flags:
    """How a build compiles each source."""

    def __init__(self, root, build):
        self.root, self.build, self.commands = str(root), str(build), {}
        for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
            written = Path(entry["directory"], entry["file"])
            if written.resolve().is_relative_to(root):
                source = written.resolve().relative_to(root).as_posix()
                self.root = str(written).removesuffix("/" + source)  # as the build calls it, which may be by a link
                words = entry.get("arguments") or shlex.split(entry["command"])
                self.commands.setdefault(source, words)

    def command(self, source, tree):
        """The words that check a source of the tree; those of a neighbour for one that the build does not know."""
        known = source if source in self.commands else self.neighbour(source)
        if known is None:
            return None
        words = self.commands[known]
        if Path(words[0]).name in LAUNCHERS:
            words = words[1:]
        kept, skip = [], False
        for word in words:
            if skip:
                skip = False
            elif word in ("-o", "-MF", "-MT", "-MQ"):
                skip = True
            elif word not in ("-c", "-MD", "-MMD") and not word.endswith("/" + known):
                kept.append(self.in_tree(word, tree))
        path = str(tree / source)
        if Path(words[0]).name == "nvcc":  # which has no -fsyntax-only
            return [*kept, "-Werror", "all-warnings", "-c", path, "-o", f"{path}.o"]
        return [*kept, "-Werror", "-fsyntax-only", path]

    def in_tree(self, word, tree):
        """A path of the sources as the tree has it; a path of the build stays."""
        prefix, found, rest = word.partition(self.root)
        if not found or (found + rest + "/").startswith(f"{self.build}/") or (rest and rest[0] not in "/\"'"):
            return word
        return prefix + str(tree) + rest

    def neighbour(self, source):
        path = Path(source)
        fitting = [known for known in self.commands if Path(known).suffix == path.suffix]
        return next((known for known in fitting if Path(known).parent == path.parent), None)


class Includes:
    """Who includes whom in a tree, among its own files."""

    def __init__(self, tree, files):
        self.names = set(files)
        self.direct = {file: self.included(tree, file) for file in files if Path(file).suffix in SOURCES | HEADERS}

    def included(self, tree, file):
        found = set()
        for name in INCLUDE.findall((tree / file).read_text(encoding="utf-8", errors="replace")):
            beside = os.path.normpath(Path(file).parent / name)
            found.update({beside, name, *(f"{top}/{name}" for top in FOLDERS)} & self.names)
        return found

    def reached(self, source):
        """All files that a source includes, directly or not."""
        seen, left = set(), [source]
        while left:
            for file in self.direct.get(left.pop(), ()):
                if file not in seen:
                    seen.add(file)
                    left.append(file)
        return seen


def sources_of(changed, includes, known):
    """The sources to compile: those that changed, and for each header that none of them includes the one that fits best."""
    chosen = [path for path in changed if Path(path).suffix in SOURCES]
    missing = []
    # The innermost first: what includes it often includes the others too.
    headers = [path for path in changed if Path(path).suffix in HEADERS]
    headers.sort(key=lambda header: sum(header in includes.direct[file] for file in includes.direct))
    for header in headers:
        if any(header in includes.reached(source) for source in chosen):
            continue
        fitting = [source for source in known if source in includes.direct and header in includes.reached(source)]
        if not fitting:
            missing.append(header)
            continue

        def rank(source, header=header):
            same_name = Path(source).stem.split("_")[0] == Path(header).stem.split("-")[0].split("_")[0]
            same_folder = Path(source).parent == Path(header).parent
            return (header not in includes.direct[source], not same_folder, not same_name, len(includes.reached(source)), source)

        chosen.append(min(fitting, key=rank))
    return chosen, missing


def prepared(name, changes, root, files, base, flags, folder):
    """The commands that check a recipe, and the headers that no source of this build includes."""
    tree = folder / name
    link_files(base, files, tree)
    changed = changed_files(changes, reader(root))
    write_files(changed, tree)
    includes = Includes(tree, sorted({*files, *(path for path in changed if path.startswith(FOLDERS))}))
    sources, missing = sources_of(changed, includes, flags.commands)
    commands = {source: flags.command(source, tree) for source in sources}
    return commands, missing


def compile_source(command, build):
    start = time.monotonic()
    done = subprocess.run(command, cwd=build, capture_output=True, text=True, errors="replace", check=False)
    return done.returncode, done.stderr, time.monotonic() - start


def named(recipes, name):
    if name not in recipes:
        raise Mismatch(f"there is no recipe '{name}'; there are {', '.join(sorted(recipes))}")
    return recipes[name]


def check(root, build, names, say=print):
    """Compiles the recipes; whether all are right."""
    recipes = read_recipes(root)
    flags, files, jobs, wrong = Flags(root, build), tracked_files(root), [], 0
    with tempfile.TemporaryDirectory(prefix="gradus-recipes-") as temporary, ThreadPoolExecutor(JOBS) as pool:
        folder = Path(temporary).resolve()
        copy_files(root, files, folder / "base")
        for name in names or recipes:
            commands, missing = prepared(name, named(recipes, name), root, files, folder / "base", flags, folder)
            for header in missing:
                say(f"{name}: not compiled: no source of this build includes {header}")
            for source, command in commands.items():
                if command is None:
                    say(f"{name}: not compiled: this build has no source beside {source}")
                else:
                    jobs.append((name, source, pool.submit(compile_source, command, build)))
        for name, source, job in jobs:
            code, errors, seconds = job.result()
            say(f"{name}: {source}: {'compiles' if code == 0 else 'does not compile'} ({seconds:.1f} s)")
            if code != 0:
                wrong += 1
                say(errors.replace(f"{folder / name}/", ""))
    say(f"{len(jobs)} sources of {len(names or recipes)} recipes, {wrong} wrong")
    return wrong == 0 and bool(jobs)


def self_test():
    """A small project whose recipe compiles, and others that do not."""
    compiler = shutil.which("c++")
    if compiler is None:
        print("skipped: no c++")
        return SKIPPED
    files = {
        "src/a.hpp": "#pragma once\nenum class Kind { one };\n",
        "src/a.cpp": '#include "a.hpp"\nint f(Kind kind) {\n  switch (kind) {\n    case Kind::one:\n      return 1;\n  }\n  return 0;\n}\n',
    }
    header = "# src/a.hpp\n-enum class Kind { one };\n+enum class Kind { one, two };\n"
    case = "# src/a.cpp\n   switch (kind) {\n+    case Kind::two:\n+      return 2;\n"
    recipes = {  # whether it compiles
        header + case: True,
        header: False,  # the switch lacks the new value, which is a warning
        case: False,
        header + case + "# + src/b.cpp\n+int g() { return 3; }\n": True,
        header + case + "# + src/b.cpp\n+int g() { return h(); }\n": False,
    }
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        (root / "build").mkdir()
        write_files(files, root)
        command = f"{compiler} -Wall -I{root}/src -c {root}/src/a.cpp -o a.o"
        entry = {"directory": str(root / "build"), "command": command, "file": str(root / "src/a.cpp")}
        (root / "build/compile_commands.json").write_text(json.dumps([entry]))
        for recipe, compiles in recipes.items():
            (root / "CONTRIBUTING.md").write_text(f"```diff it\n{recipe}```\n")
            said = []
            if check(root, root / "build", [], said.append) != compiles:
                wrong.append("\n".join([recipe, *said]))
    for case in wrong:
        print(f"the check is wrong about: {case}")
    return 1 if wrong else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    if len(arguments) == 3 and arguments[0] == "--apply":
        root = Path(arguments[2])
        try:
            write_files(changed_files(named(read_recipes(root), arguments[1]), reader(root)), root)
        except Mismatch as mismatch:
            print(mismatch)
            return 1
        return 0
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    root, build = (Path(argument).resolve() for argument in arguments[:2])
    if not (build / "compile_commands.json").is_file():
        print(f"skipped: {build} has no compile_commands.json")
        return SKIPPED
    try:
        return 0 if check(root, build, arguments[2:]) else 1
    except Mismatch as mismatch:
        print(mismatch)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
