"""The time of a training step in scikit-learn's MLPClassifier: plain SGD, sigmoid hidden layers, data in memory as float32.

Its cost is the cross-entropy of a softmax; the work of a step is the same products as for squared error.
"""

import os
import warnings

import common

options = common.arguments(__doc__)
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = str(options.threads)
import sklearn  # noqa: E402  (its libraries read the number of threads when they are loaded)
from sklearn.exceptions import ConvergenceWarning  # noqa: E402
from sklearn.neural_network import MLPClassifier  # noqa: E402

warnings.filterwarnings("ignore", category=ConvergenceWarning)
inputs, labels = common.images(options)
steps = max(1, min(options.samples // options.batch, 200))
samples = min(options.samples, steps * options.batch)
classifier = MLPClassifier(hidden_layer_sizes=options.widths[1:-1], activation="logistic", solver="sgd", alpha=0.0, momentum=0.0,
                           learning_rate_init=0.01, batch_size=options.batch, max_iter=1, tol=0.0, warm_start=True, random_state=0)


def block():
    classifier.fit(inputs[:samples], labels[:samples])  # one epoch: `steps` steps


common.report("scikit-learn", sklearn.__version__, options, common.median_step_seconds(block, steps, options.seconds))
