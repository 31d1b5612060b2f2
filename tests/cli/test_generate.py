"""Completions of shells and the manual page, which are made from the tables of options."""

import re
import shutil
import subprocess

from product import TIMEOUT, ProductTest, main

COMMANDS = ["train", "evaluate", "predict", "inspect", "devices"]


class Generate(ProductTest):
    def options(self, command):
        return re.findall(r"(?m)^  (--[a-z0-9-]+)", self.succeeds(command, "--help").out)

    def complete(self, *words):
        """What bash offers for the last word."""
        script = self.write("gradus.bash", self.succeeds("--generate", "complete-bash").out)
        line = " ".join(f"'{word}'" for word in words)
        program = f"""compopt() {{ :; }}
source {script}
COMP_WORDS=({line})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_gradus
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
        found = subprocess.run(["bash", "-euo", "pipefail", "-c", program], capture_output=True, text=True, timeout=TIMEOUT, cwd=self.folder)
        self.assertEqual(found.returncode, 0, found.stderr)
        return found.stdout.split()

    def test_bash(self):
        self.assertEqual(self.complete("gradus", "tr"), ["train"])
        self.assertEqual(set(self.complete("gradus", "")), {*COMMANDS, "--help", "--version"})
        for command in COMMANDS:
            self.assertEqual(set(self.complete("gradus", command, "--")), set(self.options(command)), command)
        self.assertEqual(self.complete("gradus", "train", "--learning"), ["--learning-rate"])
        self.assertEqual(self.complete("gradus", "train", "--optimizer", "ad"), ["adam", "adamw"])
        self.assertEqual(self.complete("gradus", "train", "--activation", "soft"), ["softplus"])
        self.write("flowers.csv", "x")
        self.write("flowers.toml", "x")
        self.assertEqual(set(self.complete("gradus", "train", "flow")), {"flowers.csv", "flowers.toml"})
        self.assertEqual(set(self.complete("gradus", "train", "flowers.csv", "--config", "flow")), {"flowers.csv", "flowers.toml"})
        self.assertEqual(self.complete("gradus", "train", "flowers.csv", "--epochs", "flow"), [])

    def test_every_option_is_in_each(self):
        zsh = self.succeeds("--generate", "complete-zsh").out
        fish = self.succeeds("--generate", "complete-fish").out
        page = self.succeeds("--generate", "man").out
        for command in COMMANDS:
            for option in set(self.options(command)) - {"--help"}:
                self.assertIn(f"'{option}[", zsh)
                self.assertRegex(fish, rf"(?m)^complete -c gradus -n '__fish_seen_subcommand_from {command}' -l {option[2:]} ")
                self.assertIn(".B " + option.replace("-", "\\-"), page)
        self.assertTrue(zsh.startswith("#compdef gradus\n"))

    def test_shells_can_read_them(self):
        for kind, program in [("bash", ["bash", "-n"]), ("zsh", ["zsh", "-n"]), ("fish", ["fish", "--no-execute"])]:
            script = self.write(f"gradus.{kind}", self.succeeds("--generate", f"complete-{kind}").out)
            if shutil.which(program[0]):
                found = subprocess.run([*program, script], capture_output=True, text=True, timeout=TIMEOUT, cwd=self.folder)
                self.assertEqual((found.returncode, found.stderr), (0, ""), kind)

    def test_the_manual_page_has_no_warnings(self):
        page = self.write("gradus.1", self.succeeds("--generate", "man").out)
        self.assertTrue((self.folder / "gradus.1").read_text().startswith(".TH GRADUS 1 "))
        if not shutil.which("groff"):
            self.skipTest("skipped: groff was not found")
        found = subprocess.run(["groff", "-man", "-Tutf8", "-Kutf8", "-ww", page], capture_output=True, text=True, timeout=TIMEOUT, cwd=self.folder)
        self.assertEqual((found.returncode, found.stderr), (0, ""))
        self.assertIn("--learning-rate", found.stdout)

    def test_mistakes(self):
        self.fails(2, "--generate", "mna", says=["--generate", "'mna'", "did you mean 'man'"])
        self.fails(2, "--generate", says=["--generate", "complete-bash"])


if __name__ == "__main__":
    main()
