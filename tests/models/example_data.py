"""Small data for models: the same on every machine and with every Python, as only Random.random() is drawn from.

Data sets of model files that lie here were made by these functions, so what a function gives stays as it is; new data is a
new function or an argument with a default.
"""

import math
import random
import struct


def table(rows, delimiter=","):
    """The text of a table; cells with a comma are quoted."""
    return "".join(delimiter.join(f'"{cell}"' if "," in str(cell) else str(cell) for cell in row) + "\n" for row in rows)


def noise(generator):
    """Nearly normal, of mean 0 and deviation 1: the sum of twelve uniform numbers, less 6."""
    return sum(generator.random() for _ in range(12)) - 6


def pick(generator, choices):
    return choices[int(generator.random() * len(choices))]


def flowers(samples, seed, kinds=("rose", "tulip", "daisy, white"), names=("length", "width", "height", "kind"), target=True):
    """Three classes by three numbers: rows, the first of which holds the names unless there are none."""
    generator = random.Random(seed)
    centres = [(0.0, 0.0, 5.0), (4.0, 0.0, 0.0), (0.0, 4.0, 1.0)]
    rows = [list(names)] if names else []
    for index in range(samples):
        values = [f"{centre + 0.9 * noise(generator):.3f}" for centre in centres[index % 3]]
        rows.append([*values, kinds[index % 3]])
    return rows if target else [row[:-1] for row in rows]


def passengers(samples, seed, target=True):
    """Two classes by names and numbers, some of which are missing; ids and cabins tell nothing."""
    generator = random.Random(seed)
    rows = [["id", "class", "cabin", "sex", "age", "port", "survived"]]
    for index in range(samples):
        sex = pick(generator, ["male", "female"])
        age = int(generator.random() * 80)
        cabin = pick(generator, "ABCDEFGH") + pick(generator, "12")
        port = "" if index % 13 == 7 else pick(generator, ["Cherbourg", "Queenstown", "Southampton"])
        survived = "yes" if (sex == "female") != (age < 12) else "no"
        rows.append([index, pick(generator, [1, 2, 3]), cabin, sex, "" if index % 7 == 4 else age, port, survived])
    return rows if target else [row[:-1] for row in rows]


def houses(samples, seed, target=True):
    """A price by two numbers, one of them with a long tail, and a district; the column `lots` is constant."""
    generator = random.Random(seed)
    rows = [["size", "distance", "district", "lots", "price"]]
    for _ in range(samples):
        size = 20 + 180 * generator.random()
        distance = math.exp(1.5 * noise(generator))
        district = pick(generator, ["hill", "lake", "old town"])
        price = 50000 + 900 * size - 2000 * math.log(distance) + (30000 if district == "lake" else 0) + 2000 * noise(generator)
        rows.append([f"{size:.2f}", f"{distance:.4g}", district, 1, f"{price:.2f}"])
    return rows if target else [row[:-1] for row in rows]


def motions(samples, seed, target=True):
    """Two numbers of different size, `far` and `near`, by two others."""
    generator = random.Random(seed)
    rows = [["speed", "far", "angle", "near"]]
    for _ in range(samples):
        speed, angle = 1 + 9 * generator.random(), generator.random()
        rows.append([f"{speed:.3f}", f"{1000 * speed * math.cos(angle):.2f}", f"{angle:.4f}", f"{speed * angle / 10:.4f}"])
    return rows if target else [row[0:1] + row[2:3] for row in rows]


def weather(samples, seed, target=True):
    """Two labels, `hot` and `wet`, which a day may both have."""
    generator = random.Random(seed)
    rows = [["warmth", "damp", "wind", "hot", "wet"]]
    for _ in range(samples):
        warmth, damp, wind = noise(generator), noise(generator), noise(generator)
        rows.append([f"{warmth:.3f}", f"{damp:.3f}", f"{wind:.3f}", int(warmth > 0.2), int(damp - 0.3 * wind > 0)])
    return rows if target else [row[:3] for row in rows]


def faults(samples, seed, target=True):
    """Two classes, one of them rare, and by how much each row counts."""
    generator = random.Random(seed)
    rows = [["heat", "load", "weight", "fault"]]
    for index in range(samples):
        is_rare = index % 6 == 0
        heat, load = noise(generator) + (1.5 if is_rare else 0), noise(generator)
        rows.append([f"{heat:.3f}", f"{load:.3f}", 3 if is_rare else pick(generator, [0.5, 1, 2]), "yes" if is_rare else "no"])
    return rows if target else [row[:2] for row in rows]


def images(samples, seed, height=6, width=6):
    """Grey values of bars and their classes: upright (0), lying (1)."""
    generator = random.Random(seed)
    pixels, labels = [], []
    for index in range(samples):
        label, place = index % 2, 1 + int(generator.random() * (min(height, width) - 2))
        for row in range(height):
            for column in range(width):
                bright = (column if label == 0 else row) == place
                pixels.append(int((150 if bright else 0) + 100 * generator.random()))
        labels.append(label)
    return pixels, labels


def idx(values, shape):
    """An IDX file of bytes."""
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape) + bytes(values)


def npy(values, shape, kind):
    """A NumPy file, version 1.0, of `<f4` or `|u1`."""
    shape_text = "(" + "".join(f"{extent}, " for extent in shape).rstrip() + ")"
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape_text}, }}"
    header += " " * ((64 - (10 + len(header) + 1) % 64) % 64) + "\n"
    letter = {"<f4": "f", "|u1": "B"}[kind]
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode("ascii") + struct.pack(f"<{len(values)}{letter}", *values)
