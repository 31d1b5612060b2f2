#!/usr/bin/env python3
"""Writes torch_methods.json: fifty steps by PyTorch with each loss and each optimizer, and the rates of its schedules, which
Gradus's tests must reproduce.

Made with PyTorch 2.15.0 (float64, on the CPU) and NumPy 2.4.6. To make it again:

    pip install torch numpy
    python3 tests/reference/golden/make_torch_methods.py

Every number that a run starts from is exact in 32-bit floats, so a network that stores floats starts from the same values.
Decay is for weights alone, as Gradus has it; PyTorch is told so by groups of parameters.
"""

import json
import pathlib

import numpy as np
import torch
from make_torch_costs import exact_in_float

WIDTHS = [5, 7, 4, 3]
BATCH = 6
STEPS = 50
SEED = 20261125

functional = torch.nn.functional
ACTIVATIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "scaled-tanh": lambda a: 1.7159 * torch.tanh(2 / 3 * a),
    "leaky-relu": functional.leaky_relu,
    "elu": functional.elu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "softplus": functional.softplus,
    "identity": lambda a: a,
    "softmax": lambda a: a,  # part of the loss
}
# Of the last layer's sums, summed over the outputs and averaged over the samples.
LOSSES = {
    "mse": lambda y, t: 0.5 * ((y - t) ** 2).sum() / BATCH,
    "cross-entropy": lambda a, t: functional.cross_entropy(a, t.argmax(dim=1), label_smoothing=0.125),
    "binary-cross-entropy": lambda a, t: functional.binary_cross_entropy_with_logits(a, t, reduction="sum") / BATCH,
    "huber": lambda y, t: functional.huber_loss(y, t, reduction="sum", delta=0.25) / BATCH,
    "mae": lambda y, t: functional.l1_loss(y, t, reduction="sum") / BATCH,
}
ADAM = {"beta1": 0.875, "beta2": 0.984375, "epsilon": 2.0**-16}  # all numbers are exact in binary
OPTIMIZERS = {
    "sgd": ({}, lambda groups, rate, n: torch.optim.SGD(groups, lr=rate)),
    "momentum": ({"momentum": 0.875}, lambda groups, rate, n: torch.optim.SGD(groups, lr=rate, momentum=n["momentum"])),
    "nesterov": ({"momentum": 0.875}, lambda groups, rate, n: torch.optim.SGD(groups, lr=rate, momentum=n["momentum"], nesterov=True)),
    "rmsprop": ({"beta2": 0.96875, "epsilon": 2.0**-16},
                lambda groups, rate, n: torch.optim.RMSprop(groups, lr=rate, alpha=n["beta2"], eps=n["epsilon"])),
    "adam": (ADAM, lambda groups, rate, n: torch.optim.Adam(groups, lr=rate, betas=(n["beta1"], n["beta2"]), eps=n["epsilon"])),
    "adamw": (ADAM, lambda groups, rate, n: torch.optim.AdamW(groups, lr=rate, betas=(n["beta1"], n["beta2"]), eps=n["epsilon"])),
}


def run(generator, hidden="tanh", loss="mse", optimizer="sgd", rate=0.25, **more):
    output = {"cross-entropy": "softmax", "binary-cross-entropy": "sigmoid"}.get(loss, "identity")
    layers = list(zip(WIDTHS[:-1], WIDTHS[1:]))
    start_weights = [exact_in_float(generator.normal(0.0, inputs**-0.5, (outputs, inputs))) for inputs, outputs in layers]
    start_biases = [exact_in_float(generator.normal(0.0, 0.5, outputs)) for _, outputs in layers]
    inputs = exact_in_float(generator.normal(0.0, 1.0, (BATCH, WIDTHS[0])))
    targets = exact_in_float(generator.uniform(0.0, 1.0, (BATCH, WIDTHS[-1])))
    if output != "identity":
        targets = np.eye(WIDTHS[-1])[generator.integers(0, WIDTHS[-1], BATCH)]

    numbers, make = OPTIMIZERS[optimizer]
    weights = [torch.tensor(values, requires_grad=True) for values in start_weights]
    biases = [torch.tensor(values, requires_grad=True) for values in start_biases]
    x, t = torch.tensor(inputs), torch.tensor(targets)
    # PyTorch's weight_decay is Gradus's l2, but AdamW's, which is the decoupled one.
    decay = more.get("weight_decay", 0.0) if optimizer == "adamw" else more.get("l2", 0.0)
    stepper = make([{"params": weights, "weight_decay": decay}, {"params": biases, "weight_decay": 0.0}], rate, numbers)
    costs = []
    for _ in range(STEPS):
        y = x
        for layer, (weight, bias) in enumerate(zip(weights, biases)):
            a = functional.linear(y, weight, bias)
            is_last = layer == len(weights) - 1
            y = (a if output != "identity" else ACTIVATIONS[output](a)) if is_last else ACTIVATIONS[hidden](a)
        cost = LOSSES[loss](y, t)
        costs.append(cost.item())
        stepper.zero_grad()
        cost.backward()
        if "clip_norm" in more:
            torch.nn.utils.clip_grad_norm_(weights + biases, more["clip_norm"], error_if_nonfinite=True)
        if "l1" in more:
            for weight in weights:
                weight.grad += more["l1"] * weight.detach().sign()
        stepper.step()
    assert costs[-1] < costs[0]

    def flat(tensors):
        return [np.asarray(tensor).ravel().tolist() for tensor in tensors]

    return {"widths": WIDTHS, "hidden": hidden, "output": output, "loss": loss, "optimizer": optimizer,
            "label_smoothing": 0.125 if loss == "cross-entropy" else 0.0, "huber_delta": 0.25, "learning_rate": rate,
            **numbers, **more,
            "weights": flat(start_weights), "biases": flat(start_biases), "inputs": inputs.ravel().tolist(),
            "targets": targets.ravel().tolist(), "costs": costs,
            "final_weights": flat(weight.detach() for weight in weights), "final_biases": flat(bias.detach() for bias in biases)}


def rates(schedule, steps, epochs, make):
    """Of `steps` steps in each of so many epochs; make(optimizer) gives PyTorch's scheduler and whether it counts steps."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    scheduler, counts_steps = make(optimizer)
    found = []
    for _ in range(epochs):
        for _ in range(steps):
            found.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            if counts_steps and len(found) < steps * epochs:
                scheduler.step()
        if not counts_steps:
            scheduler.step()
    return {"schedule": schedule, "learning_rate": 0.5, "epochs": epochs, "steps_per_epoch": steps, "rates": found}


def main():
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    generator = np.random.default_rng(SEED)
    runs = [run(generator, hidden=hidden, rate=0.125) for hidden in ACTIVATIONS if hidden not in ("identity", "softmax")]
    runs += [run(generator, loss=loss, rate=0.0625) for loss in LOSSES]
    runs += [run(generator, optimizer="momentum", rate=0.03125), run(generator, optimizer="nesterov", rate=0.03125)]
    runs += [run(generator, optimizer=optimizer, rate=0.0078125) for optimizer in ("rmsprop", "adam")]
    runs += [run(generator, optimizer="adamw", rate=0.0078125, weight_decay=0.25),
             run(generator, loss="cross-entropy", optimizer="adam", rate=0.0078125, l2=0.015625, l1=0.0078125, clip_norm=0.5),
             run(generator, optimizer="nesterov", rate=0.03125, l2=0.015625, clip_norm=0.25)]
    schedulers = torch.optim.lr_scheduler
    schedules = [
        rates("step:3:0.5", 4, 10, lambda o: (schedulers.StepLR(o, 3, 0.5), False)),
        rates("exponential:0.75", 4, 10, lambda o: (schedulers.ExponentialLR(o, 0.75), False)),
        rates("cosine", 4, 10, lambda o: (schedulers.CosineAnnealingLR(o, 40), True)),
        rates("one-cycle", 4, 10, lambda o: (schedulers.OneCycleLR(o, 0.5, total_steps=40, cycle_momentum=False), True)),
        rates("one-cycle", 1, 3, lambda o: (schedulers.OneCycleLR(o, 0.5, total_steps=3, cycle_momentum=False), True)),
    ]
    text = ",\n".join("{\n" + ",\n".join(f'  "{field}": {json.dumps(value)}' for field, value in run.items()) + "\n}" for run in runs)
    path = pathlib.Path(__file__).with_name("torch_methods.json")
    path.write_text('{"runs": [' + text + '],\n"schedules": ' + json.dumps(schedules) + "}\n")


if __name__ == "__main__":
    main()
