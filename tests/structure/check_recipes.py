"""Checks the recipes of CONTRIBUTING.md (recipes.py): that every diff applies to the sources, and that the files are there
that the text names.

    check_recipes.py REPOSITORY   exit 1 and one line per violation
    check_recipes.py --self-test  checks this check
"""

import re
import sys
import tempfile
from pathlib import Path

from recipes import PATH, Mismatch, applied, changed_files, read_recipes, reader


def violations(root):
    """What is wrong with CONTRIBUTING.md and its diffs."""
    read = reader(root)
    try:
        recipes = read_recipes(root)
    except Mismatch as mismatch:
        return [str(mismatch)]
    found = []
    for name, changes in recipes.items():
        try:
            changed_files(changes, read)
        except Mismatch as mismatch:
            found.append(f"{name}: {mismatch}")
    document = re.sub(r"^```.*?^```", "", read("CONTRIBUTING.md"), flags=re.DOTALL | re.MULTILINE)
    for named in re.findall(PATH, document):
        if "NAME" not in named and read(named) is None:  # of a file that a change adds
            found.append(f"{named}: not there")
    return found


def self_test():
    source = "int f(\n    int x) {\n  return 1;\n}\nint g() {\n  return 1;\n}\n"
    cases = {  # text of CONTRIBUTING.md: how many violations
        "see `src/a.cpp`": 0,
        "see `src/b.cpp`": 1,
        "see `src/NAME.cpp`": 0,
        "```diff one\n# src/a.cpp: here\n     int x) {\n+  more\n```": 0,
        "```diff one\n# src/a.cpp: here\n     int x) {\n-  return 2;\n```": 1,
        "```diff one\n# src/a.cpp\n int g() {\n int f(\n```": 1,
        "```diff one\n# src/a.cpp: here\n int x) {\n```": 1,
        "```diff one\n# + src/new.cpp: added\n+int g();\n```": 0,
        "```diff one\n# + src/a.cpp: added\n+int g();\n```": 1,
        "```diff one\n# src/new.cpp: added\n+int g();\n```": 1,
        "```diff\n# src/a.cpp\n+int g();\n```": 1,
        "```diff one\n+int g();\n```": 1,
        "```diff one\n# src/a.cpp\nint g();\n```": 1,
    }
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "src").mkdir()
        (root / "src/a.cpp").write_text(source)
        for case, count in cases.items():
            (root / "CONTRIBUTING.md").write_text(case)
            if len(violations(root)) != count:
                wrong.append(f"{case}: {violations(root)}")
    after = applied(source, [" int g() {", "-  return 1;", "+  return 2;"])
    if after != "int f(\n    int x) {\n  return 1;\n}\nint g() {\n  return 2;\n}\n":
        wrong.append(f"applied: {after}")
    for case in wrong:
        print(f"the check is wrong about: {case}")
    return 1 if wrong else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    found = violations(Path(arguments[0]))
    for violation in found:
        print(violation)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
