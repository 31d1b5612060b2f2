"""Checks who includes whom: the arrows of docs/design.md, one way.

    check_includes.py REPOSITORY     checks its sources; exit 1 and one line per violation
    check_includes.py --write REPOSITORY   writes the table of docs/design.md, which the check compares
    check_includes.py --self-test    checks this check, on a small planted tree

An area is a folder, the longest that fits. It may include itself, the areas named for it, the C++ and C standard libraries
and POSIX, and the libraries named for it; nothing else.
"""

import re
import sys
import tempfile
from pathlib import Path

PUBLIC = "include/gradus"

# area: (areas that it may include besides itself, libraries that it may use besides the standard ones)
AREAS = {
    "include/gradus": ((), ()),
    "src/formulas": ((PUBLIC,), ()),
    "kernels": ((PUBLIC, "src/formulas"), ("cuda",)),
    "src/base": ((PUBLIC, "src/formulas"), ("fmt",)),
    "src/options": ((PUBLIC, "src/base", "src/formulas", "src/backend"), ("fmt", "fast_float")),
    "src/data": ((PUBLIC, "src/base", "src/formulas"), ("fmt", "fast_float", "zlib")),
    "src/layers": ((PUBLIC, "src/formulas"), ()),
    "src/model": ((PUBLIC, "src/base", "src/formulas", "src/data", "src/layers"), ("fmt", "fast_float", "json", "zlib")),
    "src/backend": ((PUBLIC, "src/base", "src/formulas", "src/layers", "src/backend/cpu", "src/backend/cuda"), ("fmt",)),
    "src/backend/cpu": ((PUBLIC, "src/base", "src/formulas", "src/layers", "src/backend"), ("fmt", "onednn", "openmp", "highway")),
    "src/backend/cuda": ((PUBLIC, "src/base", "src/formulas", "src/layers", "src/backend", "kernels"), ("fmt", "cuda")),
    "src/network": ((PUBLIC, "src/base", "src/data", "src/layers", "src/backend"), ("fmt",)),
    "src/inference": ((PUBLIC, "src/base", "src/data", "src/layers", "src/model", "src/backend", "src/network"), ("fmt",)),
    "src/training": (
        (PUBLIC, "src/base", "src/formulas", "src/options", "src/data", "src/layers", "src/model", "src/backend", "src/network", "src/inference"),
        ("fmt",),
    ),
    "src/experiment": ((PUBLIC, "src/base"), ("fmt",)),
    "src/report": ((PUBLIC, "src/base"), ("fmt", "json")),
    "src/cli": ((PUBLIC, "src/base", "src/report"), ("fmt", "json", "cli11", "toml")),
}

# What knows that kernels are also compiled for the CPU, by the tests; kernels include these.
EMULATION = "cuda_emulation/"
KNOW_THE_EMULATION = {"kernels/device.cuh", "kernels/thrust.cuh"}

# The public headers and what nvcc compiles too are standard C++ only; every other area may use POSIX.
STANDARD_ONLY = {PUBLIC, "src/formulas"}

LIBRARIES = {
    "fmt": r"fmt/.*",
    "json": r"nlohmann/.*",
    "fast_float": r"fast_float/.*",
    "zlib": r"zlib\.h",
    "cli11": r"CLI/.*",
    "toml": r"toml\+\+/.*",
    "onednn": r"(oneapi/)?dnnl.*|oneapi/dnnl/.*",
    "openmp": r"omp\.h",
    "highway": r"hwy/.*",
    "cuda": r"(cuda|cublas|cudart|cooperative_groups|cub|thrust|device_|driver_types|vector_types|nv|sm_|mma).*",
}

CXX_STANDARD = set(
    """algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono cinttypes climits
    clocale cmath codecvt compare complex concepts condition_variable coroutine csetjmp csignal cstdarg cstddef cstdint
    cstdio cstdlib cstring ctime cuchar cwchar cwctype deque exception execution filesystem forward_list fstream functional
    future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map memory memory_resource
    mutex new numbers numeric optional ostream queue random ranges ratio regex scoped_allocator semaphore set shared_mutex
    source_location span sstream stack stdexcept stop_token streambuf string string_view strstream syncstream system_error
    thread tuple type_traits typeindex typeinfo unordered_map unordered_set utility valarray variant vector version""".split()
)

POSIX = re.compile(
    r"(sys/(auxv|file|ioctl|mman|resource|stat|sysinfo|time|types|uio|utsname|wait)|unistd|fcntl|poll|pthread|sched|signal|termios"
    r"|dirent|errno|limits|dlfcn|cpuid|linux/[a-z_]+)\.h"
)

INCLUDE = re.compile(r'^\s*#\s*include(?:_next)?\s*(?:<([^>]+)>|"([^"]+)")')
SUFFIXES = {".hpp", ".cpp", ".h", ".inc", ".ipp", ".cu", ".cuh"}


def area_of(path):
    """The area of a file or include, given relative to the repository; None outside all of them."""
    fitting = [area for area in AREAS if path == area or path.startswith(area + "/")]
    return max(fitting, key=len, default=None)


def resolve(root, including, included):
    """The file of the repository that an include means, relative to the root; None when it is not one of ours."""
    for base in (including.parent, root / "src", root / "include", root):
        candidate = (base / included).resolve()
        if candidate.is_file() and candidate.is_relative_to(root):
            return candidate.relative_to(root).as_posix()
    return None


def violation(root, path, area, included):
    """What is wrong with an include, or None."""
    areas, libraries = AREAS[area]
    if included.startswith(EMULATION):
        known = path.relative_to(root).as_posix() in KNOW_THE_EMULATION
        return None if known else "only " + " and ".join(sorted(KNOW_THE_EMULATION)) + " know the emulation"
    target = resolve(root, path, included)
    # One of ours, also when the file itself is not there (yet).
    if target is None and included.startswith("gradus/"):
        target = "include/" + included
    if target is None and "/" in included and area_of("src/" + included):
        target = "src/" + included
    if target is not None:
        if re.match(r"third_party/", target):
            target = None
        else:
            target_area = area_of(target)
            if target_area == area or target_area in areas:
                return None
            return f"{area} must not include {target_area or target}"
    if included in CXX_STANDARD:
        return None
    for library, pattern in LIBRARIES.items():
        if re.fullmatch(pattern, included):
            return None if library in libraries else f"{area} must not use {library}"
    if area not in STANDARD_ONLY and POSIX.fullmatch(included):
        return None
    return f"{area} must not include a header that the rules do not know"


def check(root):
    """All violations, as (path, line, include, reason), and the number of files that were read."""
    root = root.resolve()
    found, files = [], 0
    for top in ("include", "src", "kernels"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in SUFFIXES or not path.is_file():
                continue
            files += 1
            relative = path.relative_to(root).as_posix()
            area = area_of(relative)
            if area is None:
                found.append((relative, 1, "", "this file is in a folder that the rules do not know"))
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                if match:
                    included = match.group(1) or match.group(2)
                    reason = violation(root, path, area, included)
                    if reason:
                        found.append((relative, number, included, reason))
    return found, files


DESIGN = "docs/design.md"
TABLE = re.compile(r"(?<=<!-- areas: begin -->\n).*?(?=<!-- areas: end -->)", re.DOTALL)


def table():
    """AREAS as docs/design.md shows it."""
    lines = ["| area | may include, besides itself and the standard library | libraries |", "| --- | --- | --- |"]
    for area, (areas, libraries) in AREAS.items():
        columns = [", ".join(f"`{name}`" for name in areas) or "nothing", ", ".join(libraries)]
        lines.append(f"| `{area}` | " + " | ".join(columns) + " |")
    return "\n".join(lines) + "\n"


def design_is_current(root):
    return TABLE.findall((root / DESIGN).read_text(encoding="utf-8")) == [table()]


def write_design(root):
    path = root / DESIGN
    path.write_text(TABLE.sub(lambda _: table(), path.read_text(encoding="utf-8")), encoding="utf-8")


def self_test():
    good = {
        "include/gradus/a.hpp": '#include <vector>\n#include "gradus/b.hpp"\n',
        "include/gradus/b.hpp": "",
        "src/formulas/f.hpp": "#include <cmath>\n#include <gradus/b.hpp>\n",
        "kernels/launchers/l.hpp": '#include <cstddef>\n#include "formulas/f.hpp"\n#include "gradus/a.hpp"\n',
        "kernels/device.cuh": '#include "cuda_emulation/device.hpp"\n#include <cuda_runtime.h>\n',
        "kernels/bias.cu": '#include <cuda_runtime.h>\n#include "launchers/l.hpp"\n',
        "src/base/s.hpp": "#include <unistd.h>\n#include <fmt/format.h>\n",
        "src/data/d.hpp": '#include "base/s.hpp"\n#include <fast_float/fast_float.h>\n#include <zlib.h>\n',
        "src/model/m.cpp": '#include "data/d.hpp"\n',
        "src/backend/b.hpp": '#include "gradus/a.hpp"\n',
        "src/backend/cpu/c.cpp": '#include <omp.h>\n#include <oneapi/dnnl/dnnl.hpp>\n#include "backend/b.hpp"\n',
        "src/backend/cuda/c.cpp": '#include "kernels/launchers/l.hpp"\n#include <cuda_runtime.h>\n',
        "src/training/t.cpp": '#include "backend/b.hpp"\n#include "model/m.hpp"\n',
        "src/report/r.hpp": '#include "base/s.hpp"\n#include <nlohmann/json.hpp>\n',
        "src/cli/main.cpp": '#include <CLI/CLI.hpp>\n#include <gradus/a.hpp>\n#include "report/r.hpp"\n',
    }
    bad = {
        "include/gradus/bad1.hpp": '#include "../../src/base/s.hpp"\n',
        "include/gradus/bad2.hpp": "#include <fmt/format.h>\n",
        "include/gradus/bad3.hpp": "#include <unistd.h>\n",
        "kernels/bad4.cu": '#include "../src/base/s.hpp"\n',
        "kernels/bad5.cu": '#include "backend/b.hpp"\n',
        "src/base/bad6.cpp": '#include "data/d.hpp"\n',
        "src/data/bad7.cpp": '#include "model/m.hpp"\n',
        "src/model/bad8.cpp": '#include "backend/b.hpp"\n',
        "src/backend/bad9.cpp": '#include "data/d.hpp"\n',
        "src/backend/bad10.cpp": "#include <omp.h>\n",
        "src/backend/cpu/bad11.cpp": "#include <cuda_runtime.h>\n",
        "src/training/bad12.cpp": "#include <dnnl.hpp>\n",
        "src/training/bad13.cpp": '#include "cli/output.hpp"\n',
        "src/cli/bad14.cpp": '#include "data/d.hpp"\n',
        "src/cli/bad15.cpp": '#include "../data/d.hpp"\n',
        "src/data/bad16.cpp": "  #  include <CLI/CLI.hpp>\n",
        "src/elsewhere/bad17.cpp": "",
        "src/backend/bad18.cpp": '#include "kernels/launchers/l.hpp"\n',
        "kernels/bad20.cu": '#include "cuda_emulation/device.hpp"\n',
        "src/data/bad19.cpp": "#include <boost/any.hpp>\n",
        "src/formulas/bad21.hpp": '#include "base/s.hpp"\n',
        "src/report/bad23.cpp": '#include "cli/output.hpp"\n',
        "src/report/bad24.cpp": "#include <CLI/CLI.hpp>\n",
        "src/formulas/bad22.hpp": "#include <unistd.h>\n",
    }
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in {**good, **bad}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        found, _ = check(root)
    reported = {name for name, _, _, _ in found}
    missed, invented = sorted(set(bad) - reported), sorted(reported - set(bad))
    for name in missed:
        print(f"{name}: a planted violation that was not found: {bad[name].strip()}")
    for name in invented:
        print(f"{name}: reported, but nothing is wrong with it")
    print(f"self-test: {len(bad) - len(missed)} of {len(bad)} planted violations found, {len(invented)} invented")
    return 1 if missed or invented else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    if len(arguments) == 2 and arguments[0] == "--write":
        write_design(Path(arguments[1]))
        return 0
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    root = Path(arguments[0])
    found, files = check(root)
    for path, line, included, reason in found:
        print(f"{path}:{line}: {reason}" + (f" ({included})" if included else ""))
    print(f"{files} files, {len(found)} violations")
    if files == 0:
        print("no sources were found", file=sys.stderr)
    is_current = design_is_current(root)
    if not is_current:
        print(f"{DESIGN} has another table of areas than this script; run check_includes.py --write {root}")
    return 1 if found or files == 0 or not is_current else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
