"""--device cuda, on the emulated GPU of tests/cuda_emulation: the module that is loaded, and what the command does with it."""

import os
import shutil
import subprocess
import unittest
from pathlib import Path

from product import ProductTest, flowers, main, prices, write_image_folder

MODULE = os.environ.get("GRADUS_TEST_CUDA_MODULE", "")
NETWORK = ["--hidden", "5", "--epochs", "6", "--seed", "3", "--report-every", "2"]


def with_module(path=MODULE):
    return {"environment": {"GRADUS_CUDA_MODULE": str(path)}}


@unittest.skipUnless(MODULE, "skipped: the CUDA toolkit or Boost.Context is missing")
class Cuda(ProductTest):
    def train_on(self, device, *words, output):
        return self.succeeds(
            "train", *words, "--device", device, "--output", output, "--json", "--quiet", **with_module()
        ).json()

    def test_devices_shows_the_gpu_and_auto_takes_it(self):
        found = self.succeeds("devices", "--json", **with_module()).json()
        gpu = {device["name"]: device for device in found["devices"]}["cuda:0"]
        self.assertEqual(found["auto"], "cuda:0")
        self.assertTrue(gpu["usable"])
        self.assertEqual(gpu["compute_capability"], "9.0")
        self.assertEqual(gpu["memory_bytes"], 2**30)
        self.assertLessEqual(gpu["free_memory_bytes"], 2**30)
        self.assertRegex(gpu["driver"], r"CUDA \d+\.\d+")
        text = self.succeeds("devices", **with_module()).out
        self.assertRegex(text, r"cuda:0 .*compute capability 9\.0, .* free of 1.0 GiB, driver .*\(auto takes this one\)")

    def test_training_agrees_with_the_cpu(self):
        self.write("flowers.csv", flowers())
        self.write("prices.csv", prices())
        write_image_folder(self.folder / "images")
        cases = [
            ("flowers.csv", "--test-fraction", "0.2"),
            ("flowers.csv", "--batch-size", "7", "--test-fraction", "0.2"),
            ("prices.csv", "--batch-size", "16", "--activation", "tanh"),
            ("images", "--batch-size", "8"),
        ]
        for number, case in enumerate(cases):
            with self.subTest(case):
                on_cpu = self.train_on("cpu", *case, *NETWORK, output=f"cpu{number}")
                on_gpu = self.train_on("cuda", *case, *NETWORK, output=f"gpu{number}")
                self.assertEqual((on_cpu["device"], on_gpu["device"]), ("cpu", "cuda:0"))
                for key, value in on_cpu.items():
                    if key.endswith("_cost"):
                        self.assertAlmostEqual(on_gpu[key], value, delta=1e-5 * value, msg=key)
                    elif key.endswith(("_accuracy", "_rmse")):
                        self.assertAlmostEqual(on_gpu[key], value, delta=1e-4 * abs(value), msg=key)

    def test_a_run_on_the_cpu_does_not_load_the_module(self):
        self.write("flowers.csv", flowers())

        def loads_the_module(device):
            log = self.folder / f"loader-{device}"
            environment = {**with_module()["environment"], "LD_DEBUG": "files", "LD_DEBUG_OUTPUT": str(log)}
            self.succeeds("train", "flowers.csv", *NETWORK, "--device", device, "--output", device, environment=environment)
            logs = list(self.folder.glob(f"loader-{device}.*"))
            self.assertTrue(logs)
            return any(Path(MODULE).name in each.read_text(errors="replace") for each in logs)

        self.assertFalse(loads_the_module("cpu"))
        self.assertTrue(loads_the_module("auto"))

    def test_the_same_run_gives_the_same_bytes(self):
        self.write("flowers.csv", flowers())
        for precision in ["fp32", "tf32", "bf16"]:
            with self.subTest(precision):
                models = []
                for run in ["first", "second"]:
                    words = ("flowers.csv", *NETWORK, "--batch-size", "7", "--precision", precision)
                    self.train_on("cuda", *words, output=precision + run)
                    models.append(self.model_bytes(precision + run))
                self.assertEqual(*models)

    def test_a_model_goes_from_device_to_device(self):
        self.write("flowers.csv", flowers())
        self.train_on("cuda", "flowers.csv", *NETWORK, output="gpu")
        model = "gpu/model.safetensors"
        outputs = {}
        for device in ["cpu", "cuda"]:
            figures = self.succeeds("evaluate", model, "flowers.csv", "--device", device, "--json", **with_module()).json()
            words = ("predict", model, "flowers.csv", "--device", device)
            outputs[device] = (figures["accuracy"], self.succeeds(*words, **with_module()).out)
        self.assertEqual(outputs["cpu"], outputs["cuda"])
        self.assertIn("cuda:0, fp32", self.succeeds("inspect", model).out)

    def test_a_network_that_does_not_fit_in_the_gpu(self):
        self.write("flowers.csv", flowers())
        words = ("train", "flowers.csv", "--device", "cuda", "--hidden", "20000,20000")
        self.fails(5, *words, says=["not enough memory on the GPU", "1.6 GB", "of 1.1 GB are free"], **with_module())
        self.assertFalse((self.folder / "gradus-run" / "model.safetensors").exists())

    def test_a_gpu_that_is_not_there(self):
        self.write("flowers.csv", flowers())
        self.fails(2, "train", "flowers.csv", "--device", "cuda:1", says=["cuda:1", "there is 1 GPU"], **with_module())

    def test_a_module_that_cannot_be_loaded_says_why(self):
        self.write("flowers.csv", flowers())
        other = self.write("libother.so", b"no library")
        cases = [("nowhere.so", "nowhere.so"), (other, "cannot be loaded")]
        libc = next((path for path in ["/lib/x86_64-linux-gnu/libm.so.6", "/lib64/libm.so.6"] if os.path.exists(path)), None)
        if libc:
            cases.append((libc, "it is another library"))
        for path, reason in cases:
            with self.subTest(path):
                self.fails(2, "train", "flowers.csv", "--device", "cuda", "--overwrite", says=["cuda", reason], **with_module(path))
                self.assertIn(reason, self.succeeds("devices", **with_module(path)).out)
                # What does not ask for a GPU runs on the CPU.
                self.succeeds("train", "flowers.csv", "--epochs", "1", "--overwrite", **with_module(path))

    def test_a_module_beside_the_program_is_found(self):
        command = self.folder / "bin" / "gradus"
        module = self.folder / "lib" / "gradus" / "libgradus_cuda.so"
        for target, source in [(command, os.environ["GRADUS_COMMAND"]), (module, MODULE)]:
            target.parent.mkdir(parents=True)
            shutil.copy(source, target)
        environment = {key: value for key, value in os.environ.items() if key != "GRADUS_CUDA_MODULE"}
        found = subprocess.run([command, "devices"], capture_output=True, text=True, env=environment, check=True).stdout
        self.assertIn("CUDA emulation", found)


if __name__ == "__main__":
    main()
