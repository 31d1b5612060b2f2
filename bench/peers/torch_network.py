"""The network in PyTorch, with the start's values."""

import argparse
from collections.abc import Callable
from typing import Any

import common
import start as starts
import torch
from start import Start


def modules(start: Start) -> torch.nn.Sequential:
    layers: list[torch.nn.Module] = []
    for weights, biases in zip(start.weights, start.biases):
        linear = torch.nn.Linear(weights.shape[1], weights.shape[0])
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weights))
            linear.bias.copy_(torch.from_numpy(biases))
        layers += [linear, torch.nn.Sigmoid()]
    return torch.nn.Sequential(*(layers[:-1] if start.identity else layers))


def parameters(start: Start) -> list[torch.Tensor]:
    """Weights and biases in turn, of copies."""
    return [torch.from_numpy(array.copy()) for pair in zip(start.weights, start.biases) for array in pair]


def cost(values: list[torch.Tensor], x: torch.Tensor, t: torch.Tensor, identity: bool) -> torch.Tensor:
    """As a function of what `parameters` returns."""
    for i in range(0, len(values), 2):
        x = torch.nn.functional.linear(x, values[i], values[i + 1])
        if not identity or i + 2 < len(values):
            x = torch.sigmoid(x)
    return torch.nn.functional.mse_loss(x, t, reduction="sum") / (2 * len(x))


def time_steps(options: argparse.Namespace, on_all: Callable[[torch.Tensor, torch.Tensor], Any],
               on_rows: Callable[[torch.Tensor, torch.Tensor, torch.Tensor], Any]) -> dict[str, Any]:
    """Times on_all(inputs, targets) where the batch is all samples, and else on_rows(inputs, targets, rows)."""
    order = starts.Order(options.samples, options.start.batch)
    values, labels = starts.samples(options.start, options.samples)
    inputs, targets = torch.from_numpy(values), torch.from_numpy(starts.one_hot(labels, options.start.widths[-1]))

    def block(steps: int) -> None:
        if order.full:
            for _ in range(steps):
                on_all(inputs, targets)
            return
        for rows in torch.from_numpy(order.next(steps)):
            on_rows(inputs, targets, rows)

    return common.time_blocks(block, order.steps_per_epoch, options.seconds)
