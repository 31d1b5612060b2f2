"""Checks the recipes of CONTRIBUTING.md: that the files are there that its diffs and its text name, and that each line of
context in a diff is in the file above it.

    check_recipes.py REPOSITORY   exit 1 and one line per violation
    check_recipes.py --self-test  checks this check
"""

import re
import sys
from pathlib import Path

PATH = r"(?:include|src|kernels|tests|docs|scripts|bench)/[\w./-]+\.\w+"


def squeezed(text):
    return " ".join(text.split())


def violations(recipes, read):
    """What is wrong with the text of a document; read(path) is a file's text, or None where there is no such file."""
    found, text, path = [], None, None
    for is_diff, line in lines_of(recipes):
        if not is_diff or line.startswith("#"):
            for named in re.findall(PATH, line):
                is_new = "NAME" in named or is_diff and "+" in line  # a file that the change adds
                if not is_new and read(named) is None:
                    found.append(f"{named}: not there")
        if is_diff and line.startswith("#") and (named := re.search(PATH, line)):
            path, text = named[0], read(named[0])
        if is_diff and line.startswith(" ") and text is not None and squeezed(line) not in squeezed(text):
            found.append(f"{path}: does not contain: {line.strip()}")
    return found


def lines_of(recipes):
    """(whether it is in a block of diff, the line) for each line."""
    is_diff = False
    for line in recipes.splitlines():
        if line.startswith("```"):
            is_diff = line == "```diff"
        else:
            yield is_diff, line


def self_test():
    files = {"src/a.cpp": "int f(\n    int x) {\n"}
    cases = {
        "see `src/a.cpp`": 0,
        "see `src/b.cpp`": 1,
        "see `src/NAME.cpp`": 0,
        "```diff\n# src/a.cpp: here\n int f( int x) {\n+  more\n```": 0,
        "```diff\n# src/a.cpp: here\n int g( int x) {\n```": 1,
        "```diff\n# + src/new.cpp: added\n+int g();\n```": 0,
    }
    wrong = [case for case, count in cases.items() if len(violations(case, files.get)) != count]
    for case in wrong:
        print(f"the check is wrong about: {case}")
    return 1 if wrong else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    root = Path(arguments[0])

    def read(path):
        return (root / path).read_text() if (root / path).is_file() else None

    found = violations((root / "CONTRIBUTING.md").read_text(), read)
    for violation in found:
        print(violation)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
