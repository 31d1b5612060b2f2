"""A training in scikit-learn as a script of one's own has it: reads the files, fits 784-30-10 for some epochs, writes the model.

    sklearn_job.py FOLDER MODEL EPOCHS THREADS

FOLDER has MNIST's four IDX files, or train.csv and test.csv. Prints the test accuracy. MLPClassifier is what people take; its
cost is the cross-entropy of a softmax, which learns at another rate, with the same products.
"""

import os
import pathlib
import sys
import warnings

folder, model, epochs = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = sys.argv[4]
import outcome  # noqa: E402

try:
    import job_data
    import joblib
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier
except ImportError as error:
    outcome.leave_out(f"this Python has no package {error.name}")

warnings.filterwarnings("ignore", category=ConvergenceWarning)  # after so few epochs
inputs, labels = job_data.read_part(folder, "train")
test_inputs, test_labels = job_data.read_part(folder, "test")
classifier = MLPClassifier(hidden_layer_sizes=(30,), activation="logistic", solver="sgd", learning_rate_init=0.5, momentum=0.0,
                           nesterovs_momentum=False, alpha=0.0, batch_size=10, max_iter=epochs, tol=0.0, n_iter_no_change=epochs,
                           random_state=0)
classifier.fit(inputs, labels)
accuracy = classifier.score(test_inputs, test_labels)
joblib.dump(classifier, model)
print(accuracy)
