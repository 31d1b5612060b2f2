"""A training in PyTorch as a script of one's own has it: reads the files, trains 784-30-10 for some epochs, writes the model.

    torch_job.py FOLDER MODEL EPOCHS THREADS

FOLDER has MNIST's four IDX files, or train.csv and test.csv. Prints the test accuracy. Minibatches are rows of tensors; no
DataLoader, which is slower.
"""

import pathlib
import sys

import job_data
import outcome

try:
    import torch
except ImportError as error:
    outcome.leave_out(f"this Python has no package {error.name}")

folder, model, epochs, threads = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
torch.manual_seed(0)
inputs, labels = map(torch.from_numpy, job_data.read_part(folder, "train"))
test_inputs, test_labels = map(torch.from_numpy, job_data.read_part(folder, "test"))
targets = torch.nn.functional.one_hot(labels, 10).float()

network = torch.nn.Sequential(torch.nn.Linear(inputs.shape[1], 30), torch.nn.Sigmoid(), torch.nn.Linear(30, 10), torch.nn.Sigmoid())
optimizer = torch.optim.SGD(network.parameters(), lr=3.0)
for _ in range(epochs):
    for rows in torch.randperm(len(inputs)).split(10):
        optimizer.zero_grad()
        cost = torch.nn.functional.mse_loss(network(inputs[rows]), targets[rows], reduction="sum") / (2 * len(rows))
        cost.backward()
        optimizer.step()

with torch.no_grad():
    accuracy = (network(test_inputs).argmax(1) == test_labels).float().mean().item()
torch.save(network.state_dict(), model)
print(accuracy)
