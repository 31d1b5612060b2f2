"""Checks that no function declared in a header has more than 6 parameters: more belong into a structure with named fields.

    check_parameters.py REPOSITORY    checks its headers; exit 1 and one line per violation
    check_parameters.py --self-test   checks this check
"""

import re
import sys
from pathlib import Path

MOST = 6
FOLDERS = ("include", "src", "kernels")
SUFFIXES = {".hpp", ".h", ".cuh"}

# Comments, literals and preprocessor lines: their contents are not code.
NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"\w*\(.*?\)\w*"|"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\'|^[ \t]*#(?:[^\n]*\\\n)*[^\n]*',
    re.DOTALL | re.MULTILINE,
)
TOKEN = re.compile(r"\w+|::|->|<<=|>>=|<=>|[<>=!]=|&&|\|\||\S|\n")
# What stands before a brace that encloses declarations, and not the statements of a function.
SCOPE = re.compile(r"(template <.*> )?(inline )?(namespace|class|struct|union|enum|extern literal)\b")
PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}


def blank(match):
    """As many lines as were there; a literal stays a word, so that what was one argument stays one."""
    return "\n" * match[0].count("\n") + (" literal " if match[0][0] in "\"'R" else " ")


def tokens_of(text):
    """(token, line) for each token of C++ code."""
    line = 1
    for token in TOKEN.findall(NOT_CODE.sub(blank, text)):
        if token == "\n":
            line += 1
        else:
            yield token, line


def parameter_count(tokens):
    """The number of parameters in the tokens between the parentheses of a declaration."""
    if not tokens or tokens == ["void"]:
        return 0
    depth, count = 0, 1
    for token in tokens:
        if token in PAIRS:
            depth += 1
        elif token in PAIRS.values():
            depth -= 1
        elif token == "," and depth == 0:
            count += 1
    return count


def declared(statement):
    """(name, number of parameters, line) of the functions that a statement outside of functions declares."""
    index, has_parameters = 0, False
    while index < len(statement):
        token, line = statement[index]
        before = statement[index - 1][0] if index > 0 else ""
        if token == "=" and before != "operator" or token == ":" and has_parameters:
            return  # initial values are expressions
        if token == "(":
            depth, end = 1, index + 1
            while end < len(statement) and depth > 0:
                depth += {"(": 1, ")": -1}.get(statement[end][0], 0)
                end += 1
            has_parameters = True
            yield before, parameter_count([inner for inner, _ in statement[index + 1 : end - 1]]), line
            index = end
        else:
            index += 1


def violations(text):
    """(name, number of parameters, line) of the functions of a header that have too many."""
    found, statement, is_scope = [], [], []

    def end_statement():
        found.extend(function for function in declared(statement) if function[1] > MOST)
        statement.clear()

    parentheses = 0
    for token, line in tokens_of(text):
        is_body = not all(is_scope)
        parentheses += {"(": 1, ")": -1}.get(token, 0)
        if token == "{":
            # A brace within parentheses is an initial value: part of the statement, as are its commas.
            opens_scope = parentheses > 0 or SCOPE.match(" ".join(word for word, _ in statement)) is not None
            if not is_body and parentheses == 0:
                end_statement()
            elif not is_body:
                statement.append((token, line))
            is_scope.append(opens_scope and not is_body)
        elif token == "}":
            if is_scope:
                is_scope.pop()
            if parentheses > 0 and all(is_scope):
                statement.append((token, line))
        elif not is_body:
            if token == ";" and parentheses == 0:
                end_statement()
            else:
                statement.append((token, line))
    return found


def self_test():
    seven = "int a, int b, int c, int d, int e, int f, int g"
    six = "int a, int b, int c, int d, int e, int f"
    cases = {
        f"void f({six});": 0,
        f"void f({seven});": 1,
        f"namespace n {{ [[nodiscard]] int f(\n{seven}) noexcept; }}": 1,
        f"class C {{ public: explicit C({seven}); }};": 1,
        f"class C {{ public: C({six}) : a_(a), b_(f(1, 2, 3, 4, 5, 6, 7)) {{}} int a_ = g(1, 2, 3, 4, 5, 6, 7); }};": 0,
        f"struct S {{ virtual void f({seven}) const = 0; }};": 1,
        f"struct S {{ bool operator()({seven}) const; }};": 1,
        f"struct S {{ bool operator==(const S& other) const; void f({seven}); }};": 1,
        f"inline void f(int a) {{ g(1, 2, 3, 4, 5, 6, 7); }} void g({seven});": 1,
        f"template <typename T, typename U> void f({seven}) {{ h(); }} inline void g({six}) {{}}": 1,
        "void f(std::map<int, int> a, std::array<int, 3> b = {1, 2, 3}, int (*c)(int, int, int));": 0,
        f"template <class T> struct alignas(f(1)) S<T, decltype(g())> {{ void f({seven}); }};": 1,
        f'extern "C" {{ void f({seven}); }}': 1,
        f"enum class E {{ a, b }}; void f({seven} = {{1, 2}});": 1,
        f"// void f({seven});\n/* void f({seven}); */\n#define F(a, b, c, d, e, f, g) g({seven})\nchar c = '(';": 0,
        f'const char* const text = "void f({seven})";': 0,
        "constexpr std::array kAll{f(1, 2, 3, 4, 5, 6, 7)};": 0,
    }
    wrong = [case for case, count in cases.items() if len(violations(case)) != count]
    for case in wrong:
        print(f"the check is wrong about: {case}")
    print(f"self-test: {len(cases) - len(wrong)} of {len(cases)} cases")
    return 1 if wrong else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    root = Path(arguments[0])
    headers = [path for folder in FOLDERS for path in sorted((root / folder).rglob("*")) if path.suffix in SUFFIXES]
    count = 0
    for path in headers:
        for name, parameters, line in violations(path.read_text(encoding="utf-8")):
            count += 1
            print(f"{path.relative_to(root)}:{line}: {name} has {parameters} parameters; at most {MOST}")
    print(f"{len(headers)} headers, {count} violations")
    return 1 if count or not headers else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
