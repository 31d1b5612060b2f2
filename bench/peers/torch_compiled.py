"""The time of a training step in PyTorch, compiled: one torch.compile of the choice of the samples, the gradient and the update."""

import shutil
from functools import partial

import common
import outcome

options = common.arguments(__doc__)
try:
    import torch  # reads the number of threads when it is imported
except ImportError as error:
    outcome.leave_out(f"this Python has no package {error.name}")
import torch_network  # noqa: E402

if not any(map(shutil.which, ("c++", "g++", "clang++"))):
    outcome.leave_out("torch.compile needs a C++ compiler, and there is none")
torch.set_num_threads(options.threads)


@torch.compile(fullgraph=True, dynamic=False)
def step(parameters: list[torch.Tensor], x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """Returns the cost before the step."""
    gradients, cost = torch.func.grad_and_value(torch_network.cost)(parameters, x, t, options.start.identity)
    for parameter, gradient in zip(parameters, gradients):
        parameter.add_(gradient, alpha=-options.start.rate)
    return cost


@torch.compile(fullgraph=True, dynamic=False)
def step_on_rows(parameters: list[torch.Tensor], inputs: torch.Tensor, targets: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    return step(parameters, inputs[rows], targets[rows])


def costs(count: int) -> list[float]:
    parameters = torch_network.parameters(options.start)
    x, t = torch.from_numpy(options.start.inputs), torch.from_numpy(options.start.targets())
    everything = torch.arange(len(x), dtype=torch.int32)
    if options.samples > len(x):  # what is timed is what is checked
        return [step_on_rows(parameters, x, t, everything).item() for _ in range(count)]
    return [step(parameters, x, t).item() for _ in range(count)]


def time_it() -> dict:
    parameters = torch_network.parameters(options.start)
    return torch_network.time_steps(options, partial(step, parameters), partial(step_on_rows, parameters))


common.run("PyTorch compiled", torch.__version__, options, costs, time_it)
