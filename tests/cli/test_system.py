"""Full disks, missing permissions, closed pipes, little memory, other languages."""

import locale
import os
import resource
import signal
import stat
import subprocess
import unittest

from product import COMMAND, RUN_FILES, TIMEOUT, ProductTest, flowers, full_device, main

MODEL = "run/model.safetensors"
NOBODY = 65534


def as_nobody():
    """Permissions mean nothing to the superuser, so such a test gives up its rights first."""
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def small_files():
    """A disk that is soon full: a larger file cannot be written. The signal that then comes has its usual action, to end."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


class System(ProductTest):
    def setUp(self):
        super().setUp()
        self.write("flowers.csv", flowers())

    def open_to_nobody(self):
        if os.geteuid() == 0:
            result = subprocess.run([COMMAND, "--version"], preexec_fn=as_nobody, capture_output=True, check=False, cwd="/")
            if result.returncode != 0:
                raise unittest.SkipTest("skipped: another user cannot run the command in this folder")
        self.folder.chmod(0o755)

    def test_standard_output_that_is_full(self):
        self.train("flowers.csv", "--epochs", "3")
        for words in [["predict", MODEL, "flowers.csv"], ["evaluate", MODEL, "flowers.csv"], ["inspect", MODEL], ["devices"],
                      ["--version"], ["--help"], ["predict", MODEL, "flowers.csv", "--output", "/dev/full"],
                      ["train", "flowers.csv", "--epochs", "3", "--overwrite"]]:
            with full_device() as device:
                result = self.gradus(*words, stdout=device)
            self.assertEqual(result.code, 3, f"{words}: {result}")
            self.assertIn("gradus: error:", result.err)
            self.assertIn("No space left", result.err)

    def test_disk_that_is_full(self):
        self.train("flowers.csv", "--epochs", "3")
        before = {name: (self.folder / "run" / name).read_bytes() for name in RUN_FILES}
        # The model does not fit.
        self.fails(3, "train", "flowers.csv", "--hidden", "500", "--epochs", "3", "--output", "run", "--overwrite",
                   preexec_fn=small_files, says="run/model.safetensors")
        self.assertEqual({name: (self.folder / "run" / name).read_bytes() for name in RUN_FILES}, before)
        self.assert_no_remains()
        # The metrics do not fit: the model, which took the time, is there.
        self.fails(3, "train", "flowers.csv", "--hidden", "2", "--epochs", "5000", "--output", "other", "--quiet",
                   preexec_fn=small_files, says="other/metrics.jsonl")
        self.succeeds("evaluate", "other/model.safetensors", "flowers.csv")
        # The predictions do not fit.
        self.write("long.csv", flowers(samples=3000))
        self.fails(3, "predict", MODEL, "long.csv", "--scores", "--output", "out.csv", preexec_fn=small_files, says="out.csv")
        self.assertFalse((self.folder / "out.csv").exists())
        self.assert_no_remains()

    def test_folder_without_permission(self):
        self.open_to_nobody()
        (self.folder / "locked").mkdir(mode=0o555)
        for output in ["locked", "locked/deeper/run", "new"]:
            if output == "new":
                self.folder.chmod(0o555)
            self.fails(3, "train", "flowers.csv", "--output", output, says=[output.split("/")[0], "ermission denied"],
                       preexec_fn=as_nobody)

    def test_file_without_permission(self):
        self.open_to_nobody()
        secret = self.write("secret.csv", flowers())
        secret.chmod(0o000)
        self.folder.chmod(0o777)
        self.fails(3, "train", "secret.csv", says=["secret.csv", "ermission denied"], preexec_fn=as_nobody)
        self.assertFalse((self.folder / "gradus-run").exists())

    def test_output_that_is_a_file(self):
        self.write("taken", "a file")
        self.fails(3, "train", "flowers.csv", "--output", "taken", says=["taken", "file"])
        self.fails(3, "train", "flowers.csv", "--output", "taken/run", says="taken")

    def test_permissions_of_what_is_written(self):
        self.train("flowers.csv", "--epochs", "3")
        mask = os.umask(0)
        os.umask(mask)
        for name in RUN_FILES:
            self.assertEqual(stat.S_IMODE((self.folder / "run" / name).stat().st_mode), 0o666 & ~mask)

    def test_reader_that_goes_away(self):
        self.write("long.csv", flowers(samples=60000))
        self.train("flowers.csv", "--epochs", "3")
        for disposition in ["", "trap '' PIPE; "]:
            completed = subprocess.run(["bash", "-c", f'{disposition}set -o pipefail; "$0" predict {MODEL} long.csv --scores | head -n 1',
                                        COMMAND], cwd=self.folder, capture_output=True, timeout=TIMEOUT, check=False)
            self.assertEqual((completed.returncode, completed.stderr), (0, b""))
            self.assertTrue(completed.stdout.startswith(b"prediction,"))

    def test_messages_that_nobody_reads_do_not_end_the_training(self):
        completed = subprocess.run(["bash", "-c", '"$0" train flowers.csv --report-every 1 2>&1 >/dev/null | head -n 1', COMMAND],
                                   cwd=self.folder, capture_output=True, timeout=TIMEOUT, check=False)
        self.assertTrue(completed.stdout.startswith(b"data"))
        self.succeeds("evaluate", "gradus-run/model.safetensors", "flowers.csv")

    def test_standard_error_that_is_closed(self):
        completed = subprocess.run(["bash", "-c", '"$0" train flowers.csv --epochs 3 2>&-', COMMAND], cwd=self.folder,
                                   capture_output=True, timeout=TIMEOUT, check=False)
        self.assertEqual(completed.returncode, 0)

    def test_network_that_no_memory_holds(self):
        result = self.fails(5, "train", "flowers.csv", "--hidden", "2000000,2000000")
        self.assertRegex(result.err, r"memory.*\d.*\d")
        self.assertFalse((self.folder / "gradus-run").exists())

    def test_network_that_cannot_be_counted(self):
        self.fails(2, "train", "flowers.csv", "--hidden", "18446744073709551615")
        self.fails(2, "train", "flowers.csv", "--hidden", "10000000000,10000000000")

    def test_other_languages(self):
        here = None
        for name in ["de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fr_FR.utf8"]:
            try:
                locale.setlocale(locale.LC_ALL, name)
                here = name
            except locale.Error:
                continue
        locale.setlocale(locale.LC_ALL, "C")
        if here is None:
            self.skipTest("skipped: no locale with a decimal comma is installed")
        self.train("flowers.csv", "--learning-rate", "0.5", "--epochs", "3")
        plain = self.succeeds("predict", MODEL, "flowers.csv", "--scores").out
        self.succeeds("train", "flowers.csv", "--learning-rate", "0.5", "--epochs", "3", "--output", "other",
                      environment={"LC_ALL": here})
        self.assertEqual(self.model_bytes(), self.model_bytes("other"))
        self.assertEqual(self.succeeds("predict", MODEL, "flowers.csv", "--scores", environment={"LC_ALL": here}).out, plain)

    def test_locale_without_utf8(self):
        self.train("flowers.csv", "--epochs", "3")
        self.succeeds("evaluate", MODEL, "flowers.csv", environment={"LC_ALL": "C"})


if __name__ == "__main__":
    main()
