"""The time of a training step in PyTorch, eager: modules, autograd and its SGD, samples in memory as float32."""

import common
import outcome

options = common.arguments(__doc__)
try:
    import torch  # reads the number of threads when it is imported
except ImportError as error:
    outcome.leave_out(f"this Python has no package {error.name}")
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
    return torch_network.time_steps(options, training.step, lambda inputs, targets, rows: training.step(inputs[rows], targets[rows]))


common.run("PyTorch eager", torch.__version__, options, costs, time_it)
