"""devices: what can be trained on, and why not on the rest."""

import os

from product import ProductTest, main


class Devices(ProductTest):
    def test_json(self):
        found = self.succeeds("devices", "--json").json()
        by_name = {device["name"]: device for device in found["devices"]}
        cpu = by_name["cpu"]
        self.assertTrue(cpu["usable"])
        self.assertEqual(cpu["cores"], len(os.sched_getaffinity(0)))
        self.assertGreater(cpu["free_memory_bytes"], 2**20)
        self.assertTrue(cpu["description"])
        self.assertTrue(cpu["features"])
        self.assertTrue(by_name[found["auto"]]["usable"])
        for device in found["devices"]:
            self.assertEqual("reason" in device, not device["usable"])

    def test_text(self):
        lines = self.succeeds("devices").out.splitlines()
        self.assertTrue(lines[0].startswith("cpu"))
        self.assertRegex(lines[0], r"\d+ cores?, [\d.]+ GiB free")
        self.assertEqual(sum("auto takes this one" in line for line in lines), 1)
        for line in lines:
            if line.startswith("cuda"):
                self.assertRegex(line, r"not usable: .+|GiB")


if __name__ == "__main__":
    main()
