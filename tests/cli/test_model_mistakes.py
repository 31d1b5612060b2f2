"""A model file that is truncated, altered, of a newer format, or not a model; and data that does not fit it."""

import json
import random
import struct
import zlib

from product import DIGITS, ProductTest, flowers, main

MODEL = "run/model.safetensors"


def compact(header):
    return json.dumps(header, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()


class ModelMistakes(ProductTest):
    def setUp(self):
        super().setUp()
        self.write("flowers.csv", flowers())
        self.train("flowers.csv", "--epochs", "2")
        self.whole = self.model_bytes()

    def refuses(self, content, *says):
        self.write("bad.safetensors", content)
        for command in [["evaluate", "bad.safetensors", "flowers.csv"], ["predict", "bad.safetensors", "flowers.csv"],
                        ["inspect", "bad.safetensors"]]:
            self.fails(3, *command, says=["bad.safetensors", *says])

    def with_header(self, change):
        """The model with another header."""
        size = struct.unpack("<Q", self.whole[:8])[0]
        header = json.loads(self.whole[8 : 8 + size])
        tensors = self.whole[8 + size :]
        change(header)
        if "__metadata__" in header:
            # The checksum is that of the header without it, and of the tensors.
            header["__metadata__"].pop("crc32")
            header["__metadata__"]["crc32"] = f"{zlib.crc32(tensors, zlib.crc32(compact(header))):08x}"
        text = compact(header)
        return struct.pack("<Q", len(text)) + text + tensors

    def test_file_that_is_not_there(self):
        for command in ["evaluate", "predict"]:
            self.fails(3, command, "missing.safetensors", "flowers.csv", says="missing.safetensors")
        self.fails(3, "inspect", "missing.safetensors", says="missing.safetensors")
        (self.folder / "empty").mkdir()
        self.fails(3, "evaluate", "empty", "flowers.csv", says="folder")

    def test_not_a_model(self):
        self.refuses(b"")
        self.refuses(b"length,width\n1,2\n")
        self.refuses(bytes(1000))
        self.fails(3, "predict", "flowers.csv", "flowers.csv", says="flowers.csv")

    def test_of_another_program(self):
        self.refuses(self.with_header(lambda header: header.pop("__metadata__")), "Gradus")
        self.refuses(self.with_header(lambda header: header["__metadata__"].update(format="pt")), "Gradus")

    def test_of_a_newer_format(self):
        self.refuses(self.with_header(lambda header: header["__metadata__"].update(format_version="99")), "99", "newer")

    def test_truncated(self):
        for size in [1, 7, 8, 9, 100, len(self.whole) // 2, len(self.whole) - 1]:
            self.refuses(self.whole[:size])

    def test_altered_numbers(self):
        for place in [8 + struct.unpack("<Q", self.whole[:8])[0], len(self.whole) - 1]:
            damaged = bytearray(self.whole)
            damaged[place] ^= 4
            self.refuses(bytes(damaged), "altered")

    def test_too_long(self):
        self.refuses(self.whole + b"\0")

    def test_sizes_that_lie(self):
        for size in [0, 1, 2**31, 2**40, 2**63, 2**64 - 1]:
            self.refuses(struct.pack("<Q", size) + self.whole[8:])

        def grow(header):
            header["layers.0.weight"]["shape"] = [2**40, 2**40]

        self.refuses(self.with_header(grow))

    def test_parts_that_are_missing(self):
        for key in ["network", "preprocessing", "class_names", "schema"]:
            self.refuses(self.with_header(lambda header, key=key: header["__metadata__"].pop(key)))
        self.refuses(self.with_header(lambda header: header.pop("layers.1.bias")))

    def test_altered_anywhere_never_crashes(self):
        generator = random.Random(11)
        header_end = 8 + struct.unpack("<Q", self.whole[:8])[0]
        for _ in range(150):
            damaged = bytearray(self.whole)
            damaged[generator.randrange(header_end)] ^= 1 << generator.randrange(8)
            self.write("bad.safetensors", bytes(damaged))
            self.fails(3, "inspect", "bad.safetensors", says="bad.safetensors")

    def test_data_whose_width_does_not_fit(self):
        self.fails(3, "evaluate", MODEL, DIGITS, says="digits.csv")
        self.write("narrow.csv", "1,2\n3,4\n")
        self.fails(3, "predict", MODEL, "narrow.csv", says=["narrow.csv", "2", "3"])
        self.write("wide.csv", "1,2,3,4,5,6\n3,4,5,6,7,8\n")
        self.fails(3, "predict", MODEL, "wide.csv", says=["wide.csv", "6", "3"])

    def test_missing_column_is_named(self):
        self.write("lacking.csv", "\n".join(",".join(line.split(",")[:2]) for line in flowers().splitlines()) + "\n")
        self.fails(3, "predict", MODEL, "lacking.csv", says=["lacking.csv", "'height'"])

    def test_evaluation_needs_the_target(self):
        self.write("untold.csv", "\n".join(",".join(line.split(",")[:3]) for line in flowers().splitlines()) + "\n")
        self.succeeds("predict", MODEL, "untold.csv")
        self.fails(3, "evaluate", MODEL, "untold.csv", says=["untold.csv", "kind"])

    def test_unknown_class(self):
        self.write("new.csv", flowers().replace("tulip", "orchid"))
        self.fails(3, "evaluate", MODEL, "new.csv", says=["new.csv:3:4", "'orchid'"])


if __name__ == "__main__":
    main()
