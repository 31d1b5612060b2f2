"""Colours and a moving line on a terminal, and nowhere else."""

import fcntl
import os
import pty
import struct
import subprocess
import termios

from product import COMMAND, TIMEOUT, ProductTest, flowers, main


class Terminal(ProductTest):
    def setUp(self):
        super().setUp()
        self.write("flowers.csv", flowers())

    def on_terminal(self, *words, columns=100, environment=None):
        """Runs with standard error on a terminal. Returns the exit code, standard output and what the terminal got."""
        settings = {key: value for key, value in os.environ.items() if key not in ["NO_COLOR", "TERM"]}
        settings.update({"TERM": "xterm", **(environment or {})})
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen([COMMAND, *words], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs,
                                   env=settings)
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux says so when the other side is closed
                break
            if not part:
                break
            shown += part
        os.close(ours)
        out, _ = process.communicate(timeout=TIMEOUT)
        return process.returncode, out.decode(), shown.decode()

    def test_moving_line(self):
        code, out, shown = self.on_terminal("train", "flowers.csv", "--epochs", "300")
        self.assertEqual(code, 0, shown)
        self.assertIn("\r\x1b[K[", shown)
        self.assertIn("\x1b[1mdata", shown)
        self.assertIn("300/300", shown)
        # The line that moved is gone in the end, and a report stands on a line of its own.
        self.assertIn("\r\x1b[Kepoch", shown)
        self.assertTrue(shown.rstrip().endswith("flowers.csv"), shown[-200:])
        self.assertNotIn("\x1b", out)

    def test_moving_line_fits_the_terminal(self):
        _, _, shown = self.on_terminal("train", "flowers.csv", "--epochs", "300", columns=40)
        moving = [part.split("\r")[0] for part in shown.split("\r\x1b[K")[1:] if part.startswith("[")]
        self.assertTrue(moving)
        self.assertLess(max(map(len, moving)), 40)

    def test_moving_line_of_folds(self):
        code, out, shown = self.on_terminal("train", "flowers.csv", "--folds", "2", "--epochs", "300")
        self.assertEqual(code, 0, shown)
        for fold in ["fold 1/2", "fold 2/2"]:
            self.assertIn(f"\r\x1b[K{fold}  [", shown)
            self.assertIn(f"\r\x1b[K{fold}  cost", shown)
        self.assertNotIn("\x1b", out)

    def test_plain_text_where_it_is_asked_for(self):
        for environment in [{"NO_COLOR": "1"}, {"TERM": "dumb"}]:
            code, _, shown = self.on_terminal("train", "flowers.csv", "--epochs", "50", "--overwrite", environment=environment)
            self.assertEqual(code, 0)
            self.assertNotIn("\x1b", shown)
            self.assertNotIn("\r", shown.replace("\r\n", "\n"))
            self.assertIn("epoch 50/50", shown)

    def test_empty_no_color_asks_for_nothing(self):
        _, _, shown = self.on_terminal("train", "flowers.csv", "--epochs", "5", environment={"NO_COLOR": ""})
        self.assertIn("\x1b", shown)

    def test_quiet_on_a_terminal(self):
        _, out, shown = self.on_terminal("train", "flowers.csv", "--epochs", "50", "--quiet")
        self.assertEqual(shown, "")
        self.assertIn("accuracy", out)

    def test_coloured_error(self):
        code, _, shown = self.on_terminal("train", "missing.csv")
        self.assertEqual(code, 3)
        self.assertIn("gradus: \x1b[1;31merror:\x1b[0m missing.csv", shown)

    def test_log(self):
        log = self.succeeds("train", "flowers.csv", "--epochs", "50").err
        self.assertNotIn("\x1b", log)
        self.assertNotIn("\r", log)
        self.assertEqual(log.count("\nepoch "), 25)

    def test_error_without_terminal_is_plain_and_clean(self):
        self.write("a\x1b[2Jb.csv", "")
        self.assertNotIn("\x1b", self.fails(3, "train", "a\x1b[2Jb.csv").err)


if __name__ == "__main__":
    main()
