"""The fitting of curves, on curves whose exponent is known."""

import argparse
import dataclasses
import os
import random
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(os.environ["GRADUS_SOURCE_DIR"]) / "bench"))
import scaling  # noqa: E402

VALUES = (1, 4, 16, 64, 256, 1024)


class Fit(unittest.TestCase):
    def test_a_power_law(self):
        for power in (-1.0, 0.0, 0.5, 2.0):
            fitted = scaling.fit([(x, 7.0 * x**power) for x in VALUES], power)
            self.assertAlmostEqual(fitted["exponent"], power, places=12)
            self.assertEqual(fitted["bends"], [])

    def test_noise_is_no_bend(self):
        noise = random.Random(1)
        fitted = scaling.fit([(x, x**2 * noise.uniform(0.95, 1.05)) for x in VALUES], 2)
        self.assertAlmostEqual(fitted["exponent"], 2.0, delta=0.05)
        self.assertEqual(fitted["bends"], [])

    def test_a_constant_part_bends_where_it_is_large(self):
        fitted = scaling.fit([(x, 50.0 + x) for x in VALUES], 1)
        self.assertEqual([(bend["from"], bend["to"]) for bend in fitted["bends"]], [(1, 4), (4, 16), (16, 64), (64, 256)])
        self.assertAlmostEqual(fitted["exponent"], 0.8, delta=0.1)

    def test_the_upper_half_counts(self):
        fitted = scaling.fit([(1, 1.0), (2, 1.0), (4, 1.0), (8, 8.0), (16, 64.0)], 3)
        self.assertGreater(fitted["exponent"], 2.9)

    def test_a_point_has_no_exponent(self):
        self.assertIsNone(scaling.fit([(4, 2.0)], 1)["exponent"])
        self.assertIsNone(scaling.fit([], 1)["exponent"])
        self.assertIsNone(scaling.exponent([(4, 2.0), (4, 3.0)]))

    def test_more_threads_than_cores_are_not_tried(self):
        self.assertEqual(scaling.curves(1)["threads"].values, (1,))
        self.assertEqual(scaling.curves(6)["threads"].values, (1, 2, 4))

    def test_every_curve_names_networks(self):
        for curve in scaling.curves(2).values():
            for value in curve.values:
                words = curve.words(value)
                self.assertGreaterEqual(words[words.index("--samples") + 1], words[words.index("--batch") + 1])

    def test_peers_get_the_network_that_gradus_is_measured_with(self):
        curve = scaling.curves(2)["width"]
        workload = curve.workload(64)
        self.assertEqual((workload["widths"], workload["batch"], workload["samples"]), ([784, 64, 64, 10], 128, 8192))
        options = argparse.Namespace(gradus_bench="gradus-bench", device="cpu")
        words = scaling.compare.gradus_words(workload, False, options, "fp32")
        self.assertEqual(words[1 : 1 + len(curve.words(64))], curve.words(64))
        self.assertNotIn("--output-activation", words)
        self.assertIn("--output-activation", scaling.compare.gradus_words(workload, True, options, "fp32"))

    def test_a_point_has_what_its_peers_took(self):
        curve = dataclasses.replace(scaling.curves(1)["batch"], values=(4, 64))
        peer = scaling.compare.PEERS["torch"]
        along = scaling.PeersAlong(curve, Path("."), argparse.Namespace(peers={"torch": peer, "jax": scaling.compare.PEERS["jax"]}))
        for value, times in ((4, (20.0, 10.0, 30.0)), (64, (640.0,))):
            comparison = along.comparisons[value]
            comparison.rounds = [{"torch": [{"threads": 1, "version": "2", "step_microseconds": {"median": time}}]} for time in times]
            comparison.absent["jax"] = "this Python has no package jax"
        self.assertEqual(along.found(4)["torch"]["samples_per_second"], {"median": 2e5, "least": 4e6 / 30.0, "greatest": 4e5})
        self.assertEqual(along.found(64)["torch"]["step_microseconds"]["median"], 640.0)
        self.assertEqual(list(along.found(4)), ["torch"])
        self.assertEqual(along.left_out(), {"jax": "this Python has no package jax"})


if __name__ == "__main__":
    unittest.main()
