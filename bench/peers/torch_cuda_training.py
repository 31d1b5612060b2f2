"""A training on a GPU in PyTorch, with its samples there: a step at a time, or one CUDA graph of the whole step."""

from collections.abc import Callable

import numpy as np
import start as starts
import torch
import torch_network


class Training:
    """step() is one step; the cost before it is left in self.cost."""

    def __init__(self, start: starts.Start, inputs: np.ndarray, labels: np.ndarray, precision: str, device: str = "cuda"):
        torch.set_float32_matmul_precision("high" if precision == "tf32" else "highest")
        self.precision, self.batch, self.samples, self.device = precision, start.batch, len(inputs), device
        self.network = torch_network.modules(start).to(device)
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=start.rate, foreach=True)
        self.inputs = torch.from_numpy(inputs).to(device)
        self.targets = torch.from_numpy(starts.one_hot(labels, start.widths[-1])).to(device)
        self.order = torch.arange(self.samples, device=device)
        self.places = torch.arange(self.batch, device=device)  # of the minibatch in the order; moves on within the graph
        self.cost = torch.zeros((), device=device)

    def begin_epoch(self) -> None:
        self.order.copy_(torch.randperm(self.samples, device=self.device))
        self.places.copy_(torch.arange(self.batch, device=self.device))

    def step(self) -> None:
        if self.batch == self.samples:
            x, t = self.inputs, self.targets
        else:
            rows = self.order[self.places]
            x, t = self.inputs[rows], self.targets[rows]
            self.places += self.batch
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.precision == "bf16"):
            y = self.network(x)
        cost = (y.float() - t).square().sum() / (2 * self.batch)
        cost.backward()
        self.optimizer.step()
        self.cost.copy_(cost.detach())

    def captured(self) -> tuple[Callable[[], None], list[float]]:
        """The whole step as one graph: what replays it, and the costs of the steps that have warmed it up."""
        before = []
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(2):
                self.step()
                before.append(self.cost.item())
        torch.cuda.current_stream().wait_stream(stream)
        self.optimizer.zero_grad(set_to_none=True)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.step()
        return self.graph.replay, before
