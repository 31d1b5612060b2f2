"""bench/compare.py with stand-ins for gradus-bench and for the peers: who takes part, what is a ratio, what is recorded."""

import contextlib
import io
import json
import os
import pathlib
import sys
import tempfile
import textwrap
import unittest

SOURCE_DIR = pathlib.Path(__file__).resolve().parent.parent.parent
BENCH = SOURCE_DIR / "bench"
sys.path.insert(0, str(BENCH))
import compare  # noqa: E402
import records  # noqa: E402

GRADUS = """
    import json, pathlib, sys
    words = sys.argv[1:]
    value = lambda name: words[words.index(name) + 1]
    if "--list" in words:
        print(json.dumps([{"name": "small", "widths": [4, 3, 2], "batch": 2, "samples": 8},
                          {"name": "broken", "widths": [1, 1], "batch": 1, "samples": 1}]))
        sys.exit()
    if "broken" in words:
        sys.exit("gradus-bench: out of order")
    identity = "--output-activation" in words
    if "--write-start" in words:
        folder = pathlib.Path(value("--write-start"))
        folder.mkdir()
        (folder / "start.json").write_text(json.dumps({"costs": [0.5, 0.25], "identity": identity}))
        sys.exit()
    microseconds = (20.0 if identity else 10.0) * (1 if value("--threads") == "1" else 3)
    print(json.dumps({"version": "9", "machine": {"cpu": "an abacus"}, "steps": [{"threads": int(value("--threads")),
        "step_microseconds": {"median": microseconds}, "share_of_products": {"median": 0.5}, "samples_per_second": 1e6}]}))
"""

# Computes what COSTS says, and takes 40 microseconds, or 30 with two threads.
PEER = """
    import json, os, sys
    sys.path.insert(0, BENCH_PEERS)
    import outcome
    value = lambda name: sys.argv[sys.argv.index(name) + 1]
    start = json.load(open(value("--start") + "/start.json"))
    deviation = outcome.require_same_training("stand-in", COSTS, start["costs"])
    print(json.dumps({"peer": "stand-in", "version": "7", "threads": int(value("--threads")), "identity": start["identity"],
        "coretype": os.environ.get("OPENBLAS_CORETYPE"), "step_microseconds": {"median": 40.0 if value("--threads") == "1" else 30.0}}))
"""


class CompareTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="gradus-test-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.gradus = self.script("gradus-bench", GRADUS)

    def script(self, name, text):
        file = self.folder / name
        file.write_text(f"#!{sys.executable}\n" + textwrap.dedent(text).replace("BENCH_PEERS", repr(str(BENCH / "peers"))))
        file.chmod(0o755)
        return file

    def peer(self, key, costs="[0.5, 0.25]"):
        self.script(compare.PEERS[key].script, PEER.replace("COSTS", costs))

    def compare(self, *words, expected=0):
        """The record, and what was printed."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = compare.main(["--gradus-bench", str(self.gradus), "--peers-folder", str(self.folder), "--workloads", "small",
                                 "--rounds", "2", "--threads", "1,2", "--json", str(self.folder / "record.json"),
                                 "--markdown", str(self.folder / "table.md"), *words])
        self.assertEqual(code, expected, out.getvalue() + err.getvalue())
        return json.loads((self.folder / "record.json").read_text()), out.getvalue() + err.getvalue()

    def test_a_ratio_is_formed_with_the_best_number_of_threads_of_each(self):
        self.peer("torch")
        record, printed = self.compare("--peers", "torch")
        summary = record["summaries"][0]["peers"]["torch"]
        self.assertEqual(summary["times_faster"], {"median": 3.0, "least": 3.0, "greatest": 3.0})
        self.assertEqual(summary["threads"], [2, 2])
        self.assertEqual(summary["version"], "7")
        self.assertIn("3 (3 to 3)", printed)
        self.assertIn("| small |", (self.folder / "table.md").read_text())
        self.assertEqual([list(results) for results in record["measured"][0]["rounds"]], [["gradus", "torch"]] * 2)
        self.assertEqual(record["measured"][0]["gradus"]["machine"], {"cpu": "an abacus"})

    def test_a_number_of_threads_that_is_clearly_slower_is_tried_once(self):
        self.peer("torch")
        record, _ = self.compare("--peers", "torch")
        tried = [[entry["threads"] for entry in results["torch"]] for results in record["measured"][0]["rounds"]]
        self.assertEqual(tried, [[1, 2], [2]])

    def test_a_peer_of_identities_is_compared_with_that_variant(self):
        self.peer("sklearn")
        record, printed = self.compare("--peers", "sklearn")
        self.assertEqual(record["summaries"][0]["peers"]["sklearn"]["times_faster"]["median"], 1.5)
        self.assertTrue(record["measured"][0]["rounds"][0]["sklearn"][0]["identity"])
        self.assertIn("identities", printed)

    def test_another_training_is_not_timed(self):
        self.peer("torch", "[0.5, 0.2501]")
        self.peer("jax")
        record, printed = self.compare("--peers", "torch,jax", expected=1)
        self.assertEqual(list(record["summaries"][0]["peers"]), ["jax"])
        for part in ("not the same training", "0.5, 0.2501", "0.5, 0.25 "):
            self.assertIn(part, record["summaries"][0]["failed"]["torch"])
        self.assertIn("not the same training", printed)
        self.assertNotIn("torch", record["measured"][0]["rounds"][1])

    def test_costs_within_the_tolerance_and_nan(self):
        self.peer("torch", "[0.5, 0.25001]")
        self.compare("--peers", "torch")
        self.peer("torch", "[0.5, float('nan')]")
        self.compare("--peers", "torch", expected=1)
        self.peer("torch", "[0.5]")
        self.compare("--peers", "torch", expected=1)

    def test_an_absent_peer_is_announced_and_recorded(self):
        self.script("torch_eager.py", "import sys; print('a warning\\nno package torch', file=sys.stderr); sys.exit(77)")
        record, printed = self.compare("--peers", "torch")
        self.assertEqual(record["absent"], {"torch": "no package torch"})
        self.assertEqual(printed.count("left out: PyTorch eager (no package torch)"), 1)
        self.assertIn("| absent |", (self.folder / "table.md").read_text())

    def test_crashes_and_nonsense(self):
        self.script("torch_eager.py", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
        self.script("torch_compiled.py", "print('hello')")
        self.script("jax_steps.py", "print('{}')")
        record, _ = self.compare("--peers", "torch,torch-compiled,jax,fann", expected=1)
        failed = record["summaries"][0]["failed"]
        self.assertIn("signal 11", failed["torch"])
        self.assertIn("no result", failed["torch-compiled"])
        self.assertIn("no result", failed["jax"])
        self.assertIn("fann_steps.py", failed["fann"])  # there is no such file

    def test_a_peer_that_hangs_is_ended(self):
        self.script("torch_eager.py", "import time; time.sleep(60)")
        record, _ = self.compare("--peers", "torch", "--limit", "1", expected=1)
        self.assertIn("did not end within 1 s", record["summaries"][0]["failed"]["torch"])

    def test_variables_that_slow_numpy_are_unset(self):
        os.environ["OPENBLAS_CORETYPE"] = "Prescott"
        self.addCleanup(os.environ.pop, "OPENBLAS_CORETYPE")
        self.peer("torch")
        record, _ = self.compare("--peers", "torch")
        self.assertIn("OPENBLAS_CORETYPE", record["unset"])
        self.assertIsNone(record["measured"][0]["rounds"][0]["torch"][0]["coretype"])

    def test_gradus_alone_and_gradus_failing(self):
        record, _ = self.compare("--peers", "none")
        self.assertEqual(record["summaries"][0]["step_microseconds"]["median"], 10.0)
        record, printed = self.compare("--peers", "none", "--workloads", "broken,small", expected=1)
        self.assertIn("out of order", record["broken"][0])
        self.assertEqual([summary["workload"] for summary in record["summaries"]], ["small"])
        self.assertIn("out of order", printed)

    def test_mistakes(self):
        for words, expected in (
            (["--workloads", "huge"], "no workload is named 'huge'; there are small, broken"),
            (["--peers", "theano"], "no peer on cpu is named 'theano'"),
            (["--device", "abacus"], "cpu, cuda or cuda:N"),
            (["--precision", "tf32"], "'tf32' is not a precision of cpu"),
            (["--rounds", "0"], "at least 1"),
            (["--threads", "many"], "whole numbers"),
            (["--json", str(self.folder)], "cannot be written"),
            (["--gradus-bench", "nowhere"], "nowhere is missing"),
        ):
            with self.subTest(words), self.assertRaises(SystemExit) as raised, contextlib.redirect_stderr(io.StringIO()) as err:
                compare.main(["--gradus-bench", str(self.gradus), "--workloads", "small", "--peers", "none", *words])
            self.assertIn(expected, err.getvalue() + str(raised.exception))

    def test_every_peer_announces_a_missing_package(self):
        for peer in compare.PEERS.values():
            with self.subTest(peer.name):
                # -S: a Python without packages.
                ended = records.run([sys.executable, "-S", BENCH / "peers" / peer.script, "--start", self.folder,
                                     *(["--device", "cuda"] if peer.devices == ("cuda",) else [])], 60)
                self.assertEqual((ended.code, ended.err.strip()), (compare.LEFT_OUT, "this Python has no package numpy"))


if __name__ == "__main__":
    unittest.main()
