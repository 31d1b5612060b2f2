"""Ctrl-C: the first finishes the step and writes the model, the second ends at once."""

import json
import os
import shutil
import signal
import subprocess
import time

from product import COMMAND, RUN_FILES, TIMEOUT, ProductTest, flowers, main

MODEL = "gradus-run/model.safetensors"
LONG = ["--epochs", "1000000000000", "--report-every", "100", "--batch-size", "10"]


class Interrupt(ProductTest):
    def setUp(self):
        super().setUp()
        self.write("flowers.csv", flowers())

    def start(self, *words, **options):
        """Starts a long training and waits until it has reported."""
        process = subprocess.Popen([COMMAND, "train", "flowers.csv", *LONG, *words], cwd=self.folder, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        for line in process.stderr:
            if line.startswith("epoch"):
                return process
        self.fail(f"no report; exit {process.wait()}")

    def end(self, process):
        out, err = process.communicate(timeout=TIMEOUT)
        return process.returncode, out, err

    def test_first_writes_the_model(self):
        process = self.start("--json")
        process.send_signal(signal.SIGINT)
        code, out, err = self.end(process)
        self.assertEqual(code, 130, err)
        self.assertIn("stopping after this step; a second Ctrl-C ends at once", err)
        self.assertRegex(err, r"gradus: interrupted in epoch \d+ after [\d,]+ steps?; " + MODEL + " holds the model at that point")
        self.assertIn('"end":"stopped"', out)
        self.assertEqual(sorted(path.name for path in (self.folder / "gradus-run").iterdir()), RUN_FILES)
        self.assertEqual(self.succeeds("evaluate", MODEL, "flowers.csv", "--json").json()["samples"], 90)
        self.assertGreater(self.succeeds("inspect", MODEL, "--json").json()["training"]["steps"], 100)

    def test_with_a_validation_part_it_is_the_best_model(self):
        process = self.start("--json", "--validation-fraction", "0.2")
        process.send_signal(signal.SIGINT)
        code, out, err = self.end(process)
        self.assertEqual(code, 130, err)
        result = json.loads(out)
        self.assertRegex(err, MODEL + rf" holds the model of the best epoch, {result['best_epoch']}\n")
        self.assertLessEqual(result["best_epoch"], result["epochs"])

    def test_terminate_does_the_same(self):
        process = self.start()
        process.send_signal(signal.SIGTERM)
        code, out, err = self.end(process)
        self.assertEqual(code, 143, err)
        self.assertIn("stopped", out)
        self.succeeds("evaluate", MODEL, "flowers.csv")

    def test_hanging_up_does_the_same(self):
        process = self.start()
        process.send_signal(signal.SIGHUP)
        code, out, err = self.end(process)
        self.assertEqual(code, 129, err)
        self.assertIn("stopped", out)
        self.succeeds("evaluate", MODEL, "flowers.csv")

    def test_while_the_result_is_written(self):
        # Whoever opens a pipe to write waits for a reader, so this run waits behind the model it has written.
        for number, code in [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]:
            shutil.rmtree(self.folder / "gradus-run", ignore_errors=True)
            (self.folder / "gradus-run").mkdir()
            os.mkfifo(self.folder / "gradus-run/options.json")
            process = subprocess.Popen([COMMAND, "train", "flowers.csv", "--epochs", "3", "--quiet", "--overwrite"], cwd=self.folder,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.addCleanup(process.kill)
            until = time.monotonic() + TIMEOUT
            while not (self.folder / "gradus-run/metrics.jsonl").exists():
                self.assertLess(time.monotonic(), until)
                time.sleep(0.01)
            process.send_signal(number)
            self.assertIn("second Ctrl-C", process.stderr.readline())
            self.assertIn('"epochs"', (self.folder / "gradus-run/options.json").read_text())
            ended, out, err = self.end(process)
            self.assertEqual(ended, code, err)
            self.assertIn("finished", out)
            self.assertIn(f"gradus: interrupted after the last epoch; {MODEL} holds the finished model", err)
            self.succeeds("evaluate", MODEL, "flowers.csv")

    def test_predictions_leave_nothing_half_written(self):
        self.succeeds("train", "flowers.csv", "--epochs", "3", "--quiet")
        for number, code in [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]:
            self.write("out/old.csv", "the old file")
            process = subprocess.Popen([COMMAND, "predict", MODEL, "-", "--output", "out/old.csv"], cwd=self.folder,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.addCleanup(process.kill)
            until = time.monotonic() + TIMEOUT
            while len(list((self.folder / "out").iterdir())) < 2:
                self.assertLess(time.monotonic(), until)
                time.sleep(0.01)
            process.send_signal(number)
            self.assertEqual(process.wait(timeout=TIMEOUT), code)
            for stream in [process.stdin, process.stdout, process.stderr]:
                stream.close()
            self.assert_no_remains()
            self.assertEqual((self.folder / "out/old.csv").read_text(), "the old file")

    def test_quiet_still_says_it(self):
        process = subprocess.Popen([COMMAND, "train", "flowers.csv", *LONG, "--quiet"], cwd=self.folder, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        code, _, err = self.end(process)
        self.assertEqual(code, 130)
        self.assertIn("holds the model at that point", err)

    def test_second_ends_at_once(self):
        # Steps of many seconds: the first signal waits for the step, the second does not.
        lines = ["x,y,z"] + [f"{i % 13},{i % 17},{i % 2}" for i in range(20000)]
        self.write("slow.csv", "\n".join(lines) + "\n")
        process = subprocess.Popen([COMMAND, "train", "slow.csv", "--hidden", "2000,2000", "--learning-rate", "0.1", "--threads", "1"],
                                   cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        for line in process.stderr:
            if line.startswith("baseline"):
                break
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        for line in process.stderr:
            if "second Ctrl-C" in line:
                break
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        code, out, _ = self.end(process)
        self.assertEqual(code, 130)
        self.assertLess(time.monotonic() - sent, 5)
        self.assertEqual(out, "")
        # Nothing half-written, and no folder without a run.
        self.assertFalse((self.folder / "gradus-run").exists())

    def test_second_keeps_an_earlier_run(self):
        self.succeeds("train", "flowers.csv", "--epochs", "3", "--quiet")
        before = {name: (self.folder / "gradus-run" / name).read_bytes() for name in RUN_FILES}
        process = self.start("--overwrite")
        process.kill()
        self.end(process)
        after = {name: (self.folder / "gradus-run" / name).read_bytes() for name in RUN_FILES}
        self.assertEqual(after, before)

    def test_while_reading_ends_at_once(self):
        process = subprocess.Popen([COMMAND, "train", "-"], cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        process.stdin.write(b"a,b,c\n1,2,x\n")
        process.stdin.flush()
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=TIMEOUT), 130)
        for stream in [process.stdin, process.stdout, process.stderr]:
            stream.close()
        self.assertFalse((self.folder / "gradus-run").exists())

    def test_ignored_interrupt_stays_ignored(self):
        process = self.start(preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGTERM)
        self.assertEqual(self.end(process)[0], 143)

    def test_other_commands_end_as_any_program(self):
        process = subprocess.Popen([COMMAND, "inspect", "-"], cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        time.sleep(0.3)
        os.kill(process.pid, signal.SIGINT)
        self.assertEqual(process.wait(timeout=TIMEOUT), -signal.SIGINT)
        for stream in [process.stdin, process.stdout, process.stderr]:
            stream.close()


if __name__ == "__main__":
    main()
