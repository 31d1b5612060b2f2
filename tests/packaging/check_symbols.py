"""Checks what a shared library exports.

    check_symbols.py NM LIBRARY --headers FOLDER     what the public headers mark as exported, and no more
    check_symbols.py NM LIBRARY --only NAME...       these symbols, all of them and no more
    check_symbols.py --self-test                     checks this check

NM is the program of that name. Exit 1 and one line per violation.
"""

import re
import subprocess
import sys
from pathlib import Path

EXPORTED_CLASS = re.compile(r"\b(?:class|struct)\s+GRADUS_EXPORT\s+(\w+)")
EXPORTED_FUNCTION = re.compile(r"(?<!class )(?<!struct )(?<!#define )\bGRADUS_EXPORT\s[^;({]*?(\w+)\s*\(")
VARIABLES = {"kNames", "kForms", "kValues"}  # templates of constants, which a compiler may export for each enumeration
DATA = re.compile(r"^(?:vtable|typeinfo name|typeinfo|VTT|guard variable) for ")


def exported_names(headers):
    """{classes}, {functions} that the texts of public headers mark as exported."""
    classes, functions = set(), set()
    for text in headers:
        classes.update(EXPORTED_CLASS.findall(text))
        functions.update(EXPORTED_FUNCTION.findall(text))
    return classes, functions


def without_arguments(symbol):
    """The qualified name within a demangled symbol: `gradus::Model::load`."""
    name = DATA.sub("", symbol)
    name = re.sub(r"\[abi:\w+\]", "", name)
    return re.split(r"[<(]", name, maxsplit=1)[0].strip()


def is_public(symbol, classes, functions):
    first, *parts = without_arguments(symbol).split("::")
    if first != "gradus" or not parts or len(parts) > 2:
        return False
    if parts[0] in classes:
        return True
    return len(parts) == 1 and parts[0] in functions | VARIABLES


def exported_by(nm, library):
    listing = subprocess.run([nm, "-D", "-C", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    return [line.split(maxsplit=2)[2] for line in listing.splitlines() if len(line.split(maxsplit=2)) == 3]


def violations_of_headers(symbols, headers):
    classes, functions = exported_names(headers)
    found = [f"exported, but not marked so in a public header: {symbol}" for symbol in symbols
             if not is_public(symbol, classes, functions)]
    seen = {part for symbol in symbols for part in without_arguments(symbol).split("::")[1:2]}
    return found + [f"marked as exported, but not there: gradus::{name}" for name in sorted((classes | functions) - seen)]


def violations_of_list(symbols, names):
    return [f"exported: {symbol}" for symbol in symbols if symbol not in names] + [
        f"not exported: {name}" for name in names if name not in symbols
    ]


def self_test():
    headers = [
        "class GRADUS_EXPORT Model {\n  static Model load();\n};\nstruct Plain {};",
        "[[nodiscard]] GRADUS_EXPORT std::vector<double> weights(const Model& model);\nint hidden();",
        '#define GRADUS_EXPORT [[gnu::visibility("default")]]\nGRADUS_EXPORT void set(Model& model);',
    ]
    public = ["gradus::Model::load()", "gradus::weights(gradus::Model const&)", "gradus::set(gradus::Model&)"]
    cases = {
        "gradus::internal::resolve(int)": 1,
        "gradus::Model::Implementation::step()": 1,
        "gradus::Plain::Plain()": 1,
        "gradus::hidden()": 1,
        "fmt::v9::vformat(int)": 1,
        "std::vector<gradus::Model>::push_back(gradus::Model&&)": 1,
        "gradus::Model::name[abi:cxx11]() const": 0,
        "typeinfo for gradus::Model": 0,
        "gradus::kNames<gradus::Model>": 0,
    }
    wrong = [symbol for symbol, count in cases.items() if len(violations_of_headers([*public, symbol], headers)) != count]
    if len(violations_of_headers(public[:1], headers)) != 2:
        wrong.append("a function that is missing")
    if violations_of_list(["a", "b"], ["a", "b"]) or len(violations_of_list(["a", "c"], ["a", "b"])) != 2:
        wrong.append("a list of names")
    for case in wrong:
        print(f"the check is wrong about: {case}")
    return wrong


def main(arguments):
    if arguments == ["--self-test"]:
        return 1 if self_test() else 0
    nm, library, mode, *rest = arguments
    symbols = exported_by(nm, library)
    if mode == "--headers":
        found = violations_of_headers(symbols, [path.read_text() for path in sorted(Path(rest[0]).glob("*.hpp"))])
    else:
        found = violations_of_list(symbols, rest)
    for violation in found:
        print(violation)
    print(f"{Path(library).name}: {len(symbols)} exported symbols, {len(found)} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
