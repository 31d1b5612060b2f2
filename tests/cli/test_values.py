"""Values of options are read strictly; the message says what would be right."""

from product import ProductTest, flowers, main


class Values(ProductTest):
    def setUp(self):
        super().setUp()
        self.write("flowers.csv", flowers())

    def refuses(self, option, value, *says):
        self.fails(2, "train", "flowers.csv", option, value, says=[option, *says])
        self.assertFalse((self.folder / "gradus-run").exists())

    def test_whole_numbers(self):
        for option in ["--epochs", "--batch-size", "--threads", "--report-every"]:
            for value in ["0", "-1", "2.5", "ten", "", " 5", "5 ", "5x", "+5", "0x10", "1_000", "nan", "inf", "٣"]:
                self.refuses(option, value, "whole number of at least 1")
        for value in ["-1", "1.5", "x", ""]:
            self.refuses("--seed", value, "whole number of at least 0")

    def test_whole_numbers_in_other_spellings(self):
        self.refuses("--epochs", "1e3", "'1e3'", "write 1000")
        self.refuses("--batch-size", "32.0", "write 32")

    def test_whole_numbers_that_overflow(self):
        self.refuses("--epochs", "99999999999999999999", "99999999999999999999", "too large")
        self.refuses("--seed", "18446744073709551616", "too large", "18446744073709551615")

    def test_learning_rate(self):
        for value in ["0", "-0.1", "fast", "", "nan", "inf", "-inf", "1e999", "0,1", "0.1f", "1e-999"]:
            self.refuses("--learning-rate", value, f"'{value}'", "number above 0")

    def test_other_numbers(self):
        for option, needs in [("--huber-delta", ["--loss", "huber"]), ("--epsilon", ["--optimizer", "adam"]), ("--clip-norm", [])]:
            for value in ["0", "-1", "x", "", "nan", "inf", "1e-999"]:
                self.fails(2, "train", "flowers.csv", *needs, option, value, says=[option, f"'{value}'", "above 0"])
        for option in ["--weight-decay", "--l1", "--l2"]:
            for value in ["-0.1", "x", "", "nan", "inf"]:
                self.refuses(option, value, f"'{value}'", "at least 0")
        for option, needs in [("--label-smoothing", ["--loss", "cross-entropy"]), ("--momentum", ["--optimizer", "momentum"]),
                              ("--beta1", ["--optimizer", "adam"]), ("--beta2", ["--optimizer", "adam"])]:
            for value in ["1", "-0.1", "x", "", "nan", "1.5"]:
                self.fails(2, "train", "flowers.csv", *needs, option, value, says=[option, f"'{value}'", "below 1"])
        # As 32-bit floats these are 1, 0 and infinity.
        self.fails(2, "train", "flowers.csv", "--optimizer", "adam", "--beta2", "0.99999999999", says="beta2")
        self.fails(2, "train", "flowers.csv", "--clip-norm", "1e-60", says="1e-60")
        self.fails(2, "train", "flowers.csv", "--l2", "1e60", says=["--l2: '1e60'", "32-bit float"])

    def test_test_fraction(self):
        for option in ["--test-fraction", "--validation-fraction"]:
            for value in ["0", "1", "1.5", "-0.2", "20%", "half", "nan", "1/5"]:
                self.refuses(option, value, f"'{value}'", "between 0 and 1")

    def test_hidden(self):
        for value in ["0", "-3", "", "30,", ",30", "30,,30", "30;30", "30 30", "3.5", "NONE", "none,3", "30,0"]:
            self.refuses("--hidden", value, f"'{value}'", "none")

    def test_choices_offer_the_nearest(self):
        for option, value, nearest in [
            ("--activation", "sigmoidal", "sigmoid"),
            ("--activation", "ReLU", "relu"),
            ("--output-activation", "identiy", "identity"),
            ("--loss", "msee", "mse"),
            ("--loss", "crossentropy", "cross-entropy"),
            ("--optimizer", "sdg", "sgd"),
            ("--optimizer", "Adam", "adam"),
            ("--schedule", "cosin", "cosine"),
            ("--schedule", "onecycle", "one-cycle"),
            ("--init", "xaiver", "xavier"),
            ("--init", "unifrom:0.5", "uniform"),
            ("--normalize", "standart", "standard"),
            ("--device", "gpu", None),
            ("--device", "cdua", "cuda"),
            ("--precision", "fp23", "fp32"),
            ("--task", "clasification", "classification"),
            ("--recipe", "tabulr", "tabular"),
            ("--header", "yess", "yes"),
        ]:
            suggestion = [f"did you mean '{nearest}'?"] if nearest else []
            self.refuses(option, value, f"'{value}'", "the choices are", *suggestion)

    def test_parts_of_a_choice(self):
        for value in ["uniform", "uniform:", "uniform:0", "uniform:-1", "uniform:x", "uniform:nan", "xavier:2"]:
            self.refuses("--init", value)
        for value in ["cuda:", "cuda:-1", "cuda:x", "cuda:1x", "cuda:99999999999999", "cpu:0", "auto:1"]:
            self.refuses("--device", value)

    def test_parts_of_a_schedule(self):
        for value in ["step", "step:", "step:0", "step:2:1", "step:2:x", "exponential", "exponential:2", "cosine:3", "plateau:0", "plateau:2:0.5:1"]:
            self.refuses("--schedule", value)
        self.refuses("--warmup", "-1", "whole number of at least 0")

    def test_times(self):
        for value in ["", "0", "-1", "s", "5x", "5 s", "1:30", "nan", "infh", "1e999"]:
            self.refuses("--time-limit", value, f"'{value}'", "1.5m")

    def test_delimiter(self):
        for value in ["", "::", "tabs"]:
            self.refuses("--delimiter", value, f"'{value}'", "one character")

    def test_exclusive_options(self):
        self.fails(2, "train", "flowers.csv", "--test", "flowers.csv", "--test-fraction", "0.2",
                   says=["--test", "--test-fraction", "exclude"])
        self.fails(2, "train", "-", "--test", "-", says="standard input")

    def test_device_without_gpu_is_an_error(self):
        devices = {device["name"]: device for device in self.succeeds("devices", "--json").json()["devices"]}
        if any(name.startswith("cuda") and device["usable"] for name, device in devices.items()):
            self.skipTest("skipped: this machine has a GPU that can be used")
        for device in ["cuda", "cuda:0", "cuda:7"]:
            self.fails(2, "train", "flowers.csv", "--device", device, says="cuda")
            self.assertFalse((self.folder / "gradus-run").exists())
        # Known before any file is read.
        self.fails(2, "evaluate", "no-model", "no-data", "--device", "cuda", says="cuda")
        self.fails(2, "predict", "no-model", "no-data", "--device", "cuda", says="cuda")

    def test_precision_of_a_gpu_on_the_cpu_is_an_error(self):
        for precision in ["tf32", "bf16"]:
            self.fails(2, "train", "flowers.csv", "--device", "cpu", "--precision", precision, says=[precision, "CPU"])
            self.assertFalse((self.folder / "gradus-run").exists())

    def test_empty_output(self):
        self.fails(2, "train", "flowers.csv", "--output", "", says="--output")


if __name__ == "__main__":
    main()
