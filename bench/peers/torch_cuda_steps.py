"""The time of a training step in PyTorch on a GPU: eager, or the whole step as one CUDA graph, which chooses its samples too.

Samples lie on the GPU as floats; fp32 and tf32 by float32_matmul_precision; bf16 by torch.autocast over fp32 parameters.
"""

import common
import outcome

options = common.arguments(__doc__, devices=("cuda",), declare=lambda parser: parser.add_argument(
    "--way", choices=("eager", "graph"), default="graph"))
try:
    import torch
except ImportError as error:
    outcome.leave_out(f"this Python has no package {error.name}")
if not torch.cuda.is_available():
    outcome.leave_out("PyTorch finds no GPU")
import numpy as np  # noqa: E402
import start as starts  # noqa: E402
from torch_cuda_training import Training  # noqa: E402


def costs(count: int) -> list[float]:
    start, copies = options.start, 1
    if options.samples > start.batch:
        copies = count + 1  # as many minibatches, all alike: what is timed, with its choice of samples, is what is checked
    training = Training(start, np.tile(start.inputs, (copies, 1)), np.tile(start.labels, copies), options.precision)
    step, found = (training.captured() if options.way == "graph" else (training.step, []))
    while len(found) < count:
        step()
        found.append(training.cost.item())
    return found[:count]


def time_it() -> dict:
    training = Training(options.start, *starts.samples(options.start, options.samples), options.precision)
    order = starts.Order(options.samples, options.start.batch)
    training.begin_epoch()
    step = training.captured()[0] if options.way == "graph" else training.step
    left = 0

    def block(steps: int) -> None:
        nonlocal left
        if left < steps and not order.full:
            training.begin_epoch()
            left = order.steps_per_epoch
        left -= steps
        for _ in range(steps):
            step()
        torch.cuda.synchronize()

    return common.time_blocks(block, order.steps_per_epoch, options.seconds)


common.run(f"PyTorch {options.way}", torch.__version__, options, costs, time_it, gpu=torch.cuda.get_device_name())
