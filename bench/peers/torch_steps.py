"""The time of a training step in PyTorch, eager: the same network, cost, batch and optimizer, data in memory as float32."""

import os

import common

options = common.arguments(__doc__)
os.environ["OMP_NUM_THREADS"] = str(options.threads)
import torch  # noqa: E402  (reads the number of threads when it is imported)

torch.set_num_threads(options.threads)
torch.manual_seed(0)
inputs, labels = (torch.from_numpy(array) for array in common.images(options))
targets = torch.nn.functional.one_hot(labels, options.widths[-1]).float()
layers = []
for before, after in zip(options.widths, options.widths[1:]):
    layers += [torch.nn.Linear(before, after), torch.nn.Sigmoid()]
network = torch.nn.Sequential(*layers)
optimizer = torch.optim.SGD(network.parameters(), lr=0.01)
full = options.batch >= options.samples
steps = max(1, min(options.samples // options.batch, 200))


def block():
    order = torch.randperm(options.samples)
    for i in range(steps):
        if full:
            x, t = inputs, targets
        else:
            rows = order[i * options.batch:(i + 1) * options.batch]
            x, t = inputs[rows], targets[rows]
        optimizer.zero_grad()
        cost = (network(x) - t).square().sum() / (2 * len(x))
        cost.backward()
        optimizer.step()


common.report("PyTorch eager", torch.__version__, options, common.median_step_seconds(block, steps, options.seconds))
