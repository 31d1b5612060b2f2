"""Help, version, and words that nobody knows."""

import re

from product import ProductTest, flowers, main

COMMANDS = ["train", "evaluate", "predict", "inspect", "devices"]


class Usage(ProductTest):
    def test_version(self):
        self.assertRegex(self.succeeds("--version").out, r"^gradus \d+\.\d+\.\d+\n$")

    def test_help_begins_with_an_example(self):
        for words in [["--help"], ["-h"], ["help"], *[[command, "--help"] for command in COMMANDS], ["help", "train"]]:
            result = self.succeeds(*words)
            self.assertTrue(result.out.startswith("Example:\n  gradus "), words)
            self.assertEqual(result.err, "")
            self.assertLessEqual(max(map(len, result.out.splitlines())), 125)

    def test_help_of_a_command_wins_over_other_mistakes(self):
        self.succeeds("train", "--hidden", "30", "--help")
        self.succeeds("evaluate", "--help", "--json")

    def test_general_help_names_every_command(self):
        text = self.succeeds("--help").out
        for command in COMMANDS:
            self.assertRegex(text, rf"(?m)^  {command} ")

    def test_help_lists_exactly_the_options_that_there_are(self):
        for command in COMMANDS:
            listed = set(re.findall(r"(?m)^  (--[a-z0-9-]+)", self.succeeds(command, "--help").out)) - {"--help"}
            self.assertTrue(listed)
            for option in listed:
                # A known option that lacks its value, or a known flag among too few words: never an unknown option.
                result = self.gradus(command, option)
                self.assertNotIn("unknown option", result.err, f"{command} {option}")

    def test_general_help_names_every_exit_code(self):
        codes = self.succeeds("--help").out.split("Exit codes: ")[1]
        self.assertEqual([int(code) for code in re.findall(r"\d+", codes)], [0, 1, 2, 3, 4, 5, 129, 130, 143])

    def test_help_lists_what_tables_hold(self):
        kinds = self.fails(2, "--generate", "", says="the choices are ").err.split("the choices are ")[1].strip()
        general = self.succeeds("--help").out
        for kind in kinds.split(", "):
            self.assertIn(kind, general)
        forms = general.split("DATA is one of\n")[1].split("\n\n")[0]
        self.assertIn(forms, self.succeeds("train", "--help").out)
        for text in [general, self.succeeds("train", "--help").out, self.succeeds("evaluate", "--help").out]:
            self.assertNotRegex(text, r"\{[a-z]+\}")
        self.write("flowers.csv", flowers())
        self.train("flowers.csv", "--epochs", "1")
        report = self.succeeds("evaluate", "run", "flowers.csv", "--json").json()
        listed = re.search(r"(?m)^  classes ((?:.|\n {12})*)$", self.succeeds("evaluate", "--help").out)[1]
        for key, value in report.items():
            if isinstance(value, float):
                self.assertIn(key, re.findall(r"\w+", listed))

    def test_no_words_print_the_help(self):
        result = self.gradus()
        self.assertEqual(result.code, 2)
        self.assertEqual(result.out, "")
        self.assertIn("Commands:", result.err)

    def test_unknown_command(self):
        self.fails(2, "trian", "data.csv", says=["unknown command 'trian'", "did you mean 'train'?"])
        self.fails(2, "help", "evalute", says=["'evalute'", "'evaluate'"])
        self.fails(2, "--verison", says=["unknown option '--verison'", "'--version'"])
        self.assertNotIn("did you mean", self.fails(2, "xyzzy", says="unknown command 'xyzzy'").err)

    def test_unknown_option(self):
        self.write("flowers.csv", flowers())
        for words, wrong, right in [
            (["train", "flowers.csv", "--lerning-rate", "3"], "--lerning-rate", "--learning-rate"),
            (["train", "--lerning-rate", "3", "flowers.csv"], "--lerning-rate", "--learning-rate"),
            (["train", "flowers.csv", "--epoch=3"], "--epoch", "--epochs"),
            (["train", "flowers.csv", "--learning_rate", "3"], "--learning_rate", "--learning-rate"),
            (["evaluate", "m", "flowers.csv", "--jason"], "--jason", "--json"),
            (["predict", "m", "flowers.csv", "--score"], "--score", "--scores"),
            (["inspect", "flowers.csv", "--headers", "no"], "--headers", "--header"),
            (["devices", "--jsno"], "--jsno", "--json"),
        ]:
            self.fails(2, *words, says=[f"unknown option '{wrong}'", f"did you mean '{right}'?"])
        self.fails(2, "train", "flowers.csv", "-x", says="unknown option '-x'")
        self.assertFalse((self.folder / "gradus-run").exists())

    def test_missing_words(self):
        self.fails(2, "train", says=["DATA is missing", "digits.csv"])
        self.fails(2, "evaluate", says="MODEL is missing")
        self.fails(2, "evaluate", "model.safetensors", says="DATA is missing")
        self.fails(2, "predict", "model.safetensors", says="DATA is missing")
        self.fails(2, "inspect", says="FILE is missing")

    def test_missing_value(self):
        self.fails(2, "train", "flowers.csv", "--epochs", says="--epochs needs a value")
        self.fails(2, "predict", "m", "flowers.csv", "--output", says="--output needs a value")

    def test_too_many_words(self):
        self.fails(2, "train", "a.csv", "b.csv", says="'b.csv' is one word too many")
        self.fails(2, "devices", "cuda", says="'cuda' is one word too many")

    def test_words_behind_two_dashes_are_no_options(self):
        self.write("--json", flowers())
        self.assertIn("90", self.succeeds("inspect", "--", "--json").out)
        self.fails(2, "inspect", "--", "--json", "--quiet", says="'--quiet' is one word too many")

    def test_the_last_of_equal_options_counts(self):
        self.write("flowers.csv", flowers())
        self.assertEqual(self.train("flowers.csv", "--epochs", "3", "--epochs=5")["epochs"], 5)


if __name__ == "__main__":
    main()
