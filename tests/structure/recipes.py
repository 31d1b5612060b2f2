"""The recipes of CONTRIBUTING.md: how a kind of change is made, as diffs that apply to the sources.

A recipe is what all blocks ```diff NAME of CONTRIBUTING.md say, or a file docs/contributing/NAME.diff. In it

    # PATH: a remark      begins the changes of a file, and
    # + PATH: a remark    a new file, which has all lines of the change

    (space)line           is in the file as it is, after what was found before; others may be in between
    -line                 the same, and it is removed
    +line                 is added where the search has got to: after what was found last

A line is compared whole, with the spaces that it begins with: ` }` is the end of a function, not that of a block in it.
"""

import re
from pathlib import Path

PATH = r"(?:include|src|kernels|tests|docs|scripts|bench)/[\w./-]+\.\w+"
FILE = re.compile(rf"# (\+ )?({PATH})(?::.*)?$")


class Mismatch(Exception):
    """A recipe that does not fit the sources."""


def blocks(document):
    """(name, lines) of each block of diff in a document; the name is empty for a block that belongs to no recipe."""
    name, lines = None, []
    for line in document.splitlines():
        if name is None:
            if line.startswith("```diff"):
                name, lines = line[len("```diff") :].strip(), []
        elif line.startswith("```"):
            yield name, lines
            name = None
        else:
            lines.append(line)


def read_recipes(root):
    """{name: {path: (whether it is new, lines)}} of every recipe."""
    recipes = {}
    sources = list(blocks((root / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    for path in sorted((root / "docs/contributing").glob("*.diff")):
        sources.append((path.stem, path.read_text(encoding="utf-8").splitlines()))
    for name, lines in sources:
        if not name:
            raise Mismatch("a block of diff without the name of its recipe: ```diff NAME")
        add_changes(name, recipes.setdefault(name, {}), lines)
    return recipes


def add_changes(name, changes, lines):
    current = None
    for line in lines:
        if line.startswith("#"):
            match = FILE.match(line)
            if not match:
                raise Mismatch(f"{name}: not `# PATH` or `# PATH: remark`: {line}")
            current = changes.setdefault(match[2], (bool(match[1]), []))[1]
        elif line.strip():
            if line[0] not in " +-":
                raise Mismatch(f"{name}: a line of a diff begins with a space, + or -: {line}")
            if current is None:
                raise Mismatch(f"{name}: a change before the first `# PATH`: {line}")
            current.append(line)


def applied(text, lines):
    """A file's text after the changes. Raises Mismatch for a line that it does not have."""
    result, at = text.splitlines(), 0
    for line in lines:
        if line[0] == "+":
            result.insert(at, line[1:])
            at += 1
            continue
        wanted = line[1:].rstrip()
        found = next((i for i in range(at, len(result)) if result[i].rstrip() == wanted), None)
        if found is None:
            raise Mismatch(f"does not contain, after what was found before: {line[1:].strip()}")
        if line[0] == "-":
            del result[found]
        at = found if line[0] == "-" else found + 1
    return "\n".join(result) + "\n"


def changed_files(changes, read):
    """{path: its text after a recipe's changes}; read(path) is a file's text, or None where there is no such file."""
    files = {}
    for path, (is_new, lines) in changes.items():
        text = read(path)
        if is_new != (text is None):
            raise Mismatch(f"{path}: " + ("is there already" if is_new else "not there"))
        if is_new and any(line[0] != "+" for line in lines):
            raise Mismatch(f"{path}: a new file has + lines alone")
        try:
            files[path] = applied(text or "", lines)
        except Mismatch as mismatch:
            raise Mismatch(f"{path}: {mismatch}") from None
    return files


def reader(root):
    return lambda path: (Path(root) / path).read_text(encoding="utf-8") if (Path(root) / path).is_file() else None
