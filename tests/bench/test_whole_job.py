"""bench/whole_job.py with stand-ins for gradus and for the scripts of the peers."""

import contextlib
import io
import json
import pathlib
import sys
import tempfile
import textwrap
import unittest

BENCH = pathlib.Path(__file__).resolve().parent.parent.parent / "bench"
sys.path.insert(0, str(BENCH))
import whole_job  # noqa: E402

GRADUS = """
    import json, os, pathlib, sys
    folder = pathlib.Path(sys.argv[sys.argv.index("--output") + 1])
    folder.mkdir()
    (folder / "model.safetensors").write_text("weights")
    print(json.dumps({"test": {"test_accuracy": 0.95}}))
"""

# Sleeps longer with two threads.
PEER = """
    import pathlib, sys, time
    time.sleep(0.1 * int(sys.argv[4]))
    pathlib.Path(sys.argv[2]).write_text("weights")
    print(0.94)
"""


class WholeJobTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="gradus-test-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        for name in whole_job.FILES:
            (self.folder / name).touch()
        self.gradus = self.script("gradus", GRADUS)
        self.script("torch_job.py", PEER)
        self.script("sklearn_job.py", PEER)

    def script(self, name, text):
        file = self.folder / name
        file.write_text(f"#!{sys.executable}\n" + textwrap.dedent(text))
        file.chmod(0o755)
        return file

    def run_it(self, *words, expected=0):
        """The record, and what was printed."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = whole_job.main(["--mnist", str(self.folder), "--gradus", str(self.gradus), "--peers-folder", str(self.folder),
                                   "--files", "idx", "--rounds", "2", "--threads", "1,2", "--json", str(self.folder / "record.json"),
                                   "--markdown", str(self.folder / "table.md"), *words])
        self.assertEqual(code, expected, out.getvalue() + err.getvalue())
        return json.loads((self.folder / "record.json").read_text()), out.getvalue() + err.getvalue()

    def test_programs_take_turns_and_peers_keep_the_best_number_of_threads(self):
        record, printed = self.run_it()
        self.assertEqual([list(results) for results in record["measured"]["idx"]], [["gradus", "torch", "sklearn"]] * 2)
        self.assertEqual({results["torch"]["threads"] for results in record["measured"]["idx"]}, {1})
        programs = record["summaries"][0]["programs"]
        self.assertEqual((programs["gradus"]["accuracy"], programs["torch"]["accuracy"]), (0.95, 0.94))
        self.assertGreater(programs["torch"]["times_faster"]["least"], 1.0)
        self.assertGreater(programs["torch"]["peak_memory_bytes"], 1e6)
        self.assertIn("95.00 %", printed)
        self.assertIn("| idx | Gradus |", (self.folder / "table.md").read_text())

    def test_absent_and_failing_peers(self):
        self.script("torch_job.py", "import sys; print('no torch', file=sys.stderr); sys.exit(77)")
        self.script("sklearn_job.py", "print(0.9)")
        record, printed = self.run_it(expected=1)
        self.assertEqual(record["absent"], {"torch": "no torch"})
        self.assertEqual(record["failed"], {"sklearn": "it wrote no model"})
        self.assertIn("left out: PyTorch (no torch)", printed)

    def test_what_hangs_is_ended(self):
        self.script("torch_job.py", "import time; time.sleep(60)")
        record, _ = self.run_it("--peers", "torch", "--limit", "1", expected=1)
        self.assertEqual(record["failed"], {"torch": "it did not end within 1 s"})

    def test_mistakes(self):
        (self.folder / "empty").mkdir()
        for words, expected in (
            (["--mnist", str(self.folder / "empty")], "has no train-images-idx3-ubyte"),
            (["--peers", "theano"], "no peer is named 'theano'"),
            (["--files", "xml"], "idx and csv, not 'xml'"),
            (["--gradus", "nowhere"], "nowhere is missing"),
            (["--epochs", "0"], "at least 1"),
            (["--json", str(self.folder)], "cannot be written"),
        ):
            with self.subTest(words), self.assertRaises(SystemExit) as raised, contextlib.redirect_stderr(io.StringIO()) as err:
                whole_job.main(["--mnist", str(self.folder), "--gradus", str(self.gradus), "--peers", "none", *words])
            self.assertIn(expected, err.getvalue() + str(raised.exception))

    def test_gradus_must_not_fail(self):
        self.script("gradus", "import sys; sys.exit('gradus: no such device')")
        with self.assertRaisesRegex(SystemExit, "gradus failed: gradus: no such device"), contextlib.redirect_stderr(io.StringIO()):
            self.run_it()


if __name__ == "__main__":
    unittest.main()
