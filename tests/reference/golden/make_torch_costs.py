#!/usr/bin/env python3
"""Writes torch_costs.json: ten steps of gradient descent by PyTorch, which Gradus's tests must reproduce.

Made with PyTorch 2.15.0 (float64, on the CPU) and NumPy 2.4.6. To make it again:

    pip install torch numpy
    python3 tests/reference/golden/make_torch_costs.py

Every number that a run starts from is exact in 32-bit floats, so a network that stores floats starts from the same values.
"""

import json
import pathlib

import numpy as np
import torch

WIDTHS = [5, 7, 4, 3]
BATCH = 6
STEPS = 10
LEARNING_RATE = 0.25  # exact in binary
SEED = 20240106

ACTIVATIONS = {"identity": lambda a: a, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}


def exact_in_float(values):
    return values.astype(np.float32).astype(np.float64)


def run(hidden, output, generator):
    layers = list(zip(WIDTHS[:-1], WIDTHS[1:]))
    start_weights = [exact_in_float(generator.normal(0.0, inputs**-0.5, (outputs, inputs))) for inputs, outputs in layers]
    start_biases = [exact_in_float(generator.normal(0.0, 0.5, outputs)) for _, outputs in layers]
    inputs = exact_in_float(generator.normal(0.0, 1.0, (BATCH, WIDTHS[0])))
    targets = exact_in_float(generator.uniform(0.0, 1.0, (BATCH, WIDTHS[-1])))

    weights = [torch.tensor(values, requires_grad=True) for values in start_weights]
    biases = [torch.tensor(values, requires_grad=True) for values in start_biases]
    x, t = torch.tensor(inputs), torch.tensor(targets)
    optimizer = torch.optim.SGD(weights + biases, lr=LEARNING_RATE)
    costs = []
    for _ in range(STEPS):
        y = x
        for layer, (weight, bias) in enumerate(zip(weights, biases)):
            name = output if layer == len(weights) - 1 else hidden
            a = torch.nn.functional.linear(y, weight, bias)
            # A sum that float arithmetic could put on the other side of relu's kink would make the comparison unfair.
            assert name != "relu" or a.abs().min() > 1e-4
            y = ACTIVATIONS[name](a)
        cost = ((t - y) ** 2).sum() / (2 * BATCH)
        costs.append(cost.item())
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
    assert all(after < before for before, after in zip(costs, costs[1:]))

    def flat(tensors):
        return [np.asarray(tensor).ravel().tolist() for tensor in tensors]

    return {
        "widths": WIDTHS,
        "hidden": hidden,
        "output": output,
        "learning_rate": LEARNING_RATE,
        "weights": flat(start_weights),
        "biases": flat(start_biases),
        "inputs": inputs.ravel().tolist(),
        "targets": targets.ravel().tolist(),
        "costs": costs,
        "final_weights": flat(weight.detach() for weight in weights),
        "final_biases": flat(bias.detach() for bias in biases),
    }


def text(run):
    """One field a line; Python writes the shortest digits that read back as the same double."""
    return "{\n" + ",\n".join(f'  "{field}": {json.dumps(value)}' for field, value in run.items()) + "\n}"


def main():
    torch.set_num_threads(1)
    generator = np.random.default_rng(SEED)
    runs = [run(hidden, output, generator) for hidden in ("sigmoid", "tanh", "relu") for output in ("sigmoid", "identity")]
    path = pathlib.Path(__file__).with_name("torch_costs.json")
    path.write_text("[" + ",\n".join(text(run) for run in runs) + "]\n")


if __name__ == "__main__":
    main()
