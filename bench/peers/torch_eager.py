"""The time of a training step in PyTorch, eager: modules, autograd and its SGD, samples in memory as float32."""

import common
import outcome

options = common.arguments(__doc__)
try:
    import torch  # reads the number of threads when it is imported
except ImportError as error:
    outcome.leave_out(f"this Python has no package {error.name}")
import start as starts  # noqa: E402
import torch_network  # noqa: E402

torch.set_num_threads(options.threads)


class Training:
    def __init__(self) -> None:
        self.network = torch_network.modules(options.start)
        # One call for all parameters; the default goes through them in Python.
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=options.start.rate, fused=True)

    def step(self, x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        """Returns the cost before the step."""
        self.optimizer.zero_grad()
        cost = torch.nn.functional.mse_loss(self.network(x), t, reduction="sum") / (2 * len(x))
        cost.backward()
        self.optimizer.step()
        return cost.detach()


def costs(count: int) -> list[float]:
    training = Training()
    x, t = torch.from_numpy(options.start.inputs), torch.from_numpy(options.start.targets())
    return [training.step(x, t).item() for _ in range(count)]


def time_it() -> dict:
    training = Training()
    order = starts.Order(options.samples, options.start.batch)
    values, labels = starts.samples(options.start, options.samples)
    inputs, targets = torch.from_numpy(values), torch.from_numpy(starts.one_hot(labels, options.start.widths[-1]))

    def block(steps: int) -> None:
        if order.full:
            for _ in range(steps):
                training.step(inputs, targets)
            return
        for rows in torch.from_numpy(order.next(steps)):
            training.step(inputs[rows], targets[rows])

    return common.time_blocks(block, order.steps_per_epoch, options.seconds)


common.run("PyTorch eager", torch.__version__, options, costs, time_it)
