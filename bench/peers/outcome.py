"""How a peer ends, in terms that bench/compare.py understands: with a result, left out, or as no peer at all."""

import math
import sys
from collections.abc import Sequence
from typing import NoReturn

LEFT_OUT = 77  # the exit code; the last line on standard error has the reason

# Of a cost, relative: what the order of sums, or the rounding of what is multiplied, may change in a few steps.
TOLERANCES = {"fp32": 1e-4, "tf32": 1e-2, "bf16": 5e-2}


def leave_out(reason: str) -> NoReturn:
    print(reason, file=sys.stderr)
    sys.exit(LEFT_OUT)


def greatest_deviation(costs: Sequence[float], expected: Sequence[float]) -> float:
    """Of a cost from the one that should be there, relative."""
    if len(costs) != len(expected) or not all(map(math.isfinite, [*costs, *expected])):
        return math.inf
    return max(abs(cost - exact) / max(abs(exact), 1e-30) for cost, exact in zip(costs, expected))


def require_same_training(name: str, costs: Sequence[float], expected: Sequence[float], precision: str = "fp32") -> float:
    """Ends the program if the costs differ: what computes something else is not timed. Returns the greatest deviation."""
    deviation = greatest_deviation(costs, expected)
    if not deviation <= TOLERANCES[precision]:
        sys.exit(f"{name}: not the same training: its costs are {', '.join(f'{cost:.7g}' for cost in costs)} and should be "
                 f"{', '.join(f'{cost:.7g}' for cost in expected)} (relative deviation {deviation:.1e}, at most "
                 f"{TOLERANCES[precision]:.0e} in {precision})")
    return deviation
