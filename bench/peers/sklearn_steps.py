"""The time of a training step in scikit-learn: MLPRegressor, an epoch of plain SGD by partial_fit, samples as float32.

MLPClassifier has another cost, a cross-entropy. MLPRegressor has the squared error and outputs that are identities, so this is
the training that Gradus does with --output-activation identity, and what it is compared with. One partial_fit is an epoch over
the samples that it is given, in random order, and includes its checks of them; they are slices of the data that take about 50 ms,
in turn, so that the checks hardly count.
"""

import sys

import common
import outcome

options = common.arguments(__doc__)
try:
    import sklearn
    import threadpoolctl
    from sklearn.neural_network import MLPRegressor
except ImportError as error:
    outcome.leave_out(f"this Python has no package {error.name}")
import numpy as np  # noqa: E402
import start as starts  # noqa: E402

NAME = "scikit-learn"
if not options.start.identity:
    raise SystemExit(f"{NAME}: its outputs are identities; the start is for outputs that are sigmoids")


def network() -> MLPRegressor:
    regressor = MLPRegressor(hidden_layer_sizes=options.start.widths[1:-1], activation="logistic", solver="sgd", alpha=0.0,
                             batch_size=options.start.batch, learning_rate="constant", learning_rate_init=options.start.rate,
                             momentum=0.0, nesterovs_momentum=False, random_state=0)
    regressor.partial_fit(options.start.inputs, options.start.targets())  # makes the arrays, which then get their values
    for array, weights in zip(regressor.coefs_, options.start.weights):
        array[...] = weights.T
    for array, biases in zip(regressor.intercepts_, options.start.biases):
        array[...] = biases
    return regressor


def costs(count: int) -> list[float]:
    regressor, targets = network(), options.start.targets()
    found = []
    for _ in range(count):
        outputs = regressor.predict(options.start.inputs).reshape(targets.shape)
        found.append(float(np.square(outputs - targets, dtype=np.float64).sum() / (2 * len(targets))))
        regressor.partial_fit(options.start.inputs, targets)
    return found


def time_it() -> dict:
    regressor = network()
    inputs, labels = starts.samples(options.start, options.samples)
    targets = starts.one_hot(labels, options.start.widths[-1])
    batch, begin = options.start.batch, 0
    steps_per_epoch = options.samples // batch

    def block(steps: int) -> None:
        nonlocal begin
        if steps_per_epoch == 1:
            for _ in range(steps):
                regressor.partial_fit(inputs[:batch], targets[:batch])
            return
        if begin + steps * batch > len(inputs):
            begin = 0
        some = slice(begin, begin + steps * batch)
        begin += steps * batch
        regressor.partial_fit(inputs[some], targets[some])

    return common.time_blocks(block, sys.maxsize if steps_per_epoch == 1 else steps_per_epoch, options.seconds, block_seconds=0.05)


libraries = [{name: value for name, value in library.items() if name != "filepath"} for library in threadpoolctl.threadpool_info()]
common.run(NAME, sklearn.__version__, options, costs, time_it, blas=libraries)
