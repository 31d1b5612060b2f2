"""Data that cannot be learnt from: the message names the place, and the exit code is 3."""

import gzip
import struct

from product import ProductTest, flowers, idx, main, npy, write_image_folder


class DataMistakes(ProductTest):
    def refuses(self, data, *says, options=(), code=3):
        result = self.fails(code, "train", data, *options, says=says)
        self.assertFalse((self.folder / "gradus-run").exists())
        return result

    def refuses_text(self, text, *says, options=()):
        self.write("data.csv", text)
        self.refuses("data.csv", "data.csv", *says, options=options)

    def test_files_that_are_not_there(self):
        self.refuses("missing.csv", "missing.csv")
        self.refuses("no/such/folder", "no/such/folder")
        self.refuses("missing.idx,labels.idx", "missing.idx")
        self.write("x.npy", npy([1.0, 2.0], (2, 1), "<f4"))
        self.refuses("x.npy,y.npy", "y.npy")
        self.write("flowers.csv", flowers())
        self.refuses("flowers.csv", "absent.csv", options=["--test", "absent.csv"])

    def test_empty_files(self):
        self.refuses_text("")
        self.refuses_text("\n\n")
        self.refuses_text("a,b,c\n")
        self.fails(3, "train", "-", stdin=b"")

    def test_folder_without_images(self):
        (self.folder / "nothing").mkdir()
        self.refuses("nothing", "nothing", "train-images")
        write_image_folder(self.folder / "half")
        (self.folder / "half/t10k-labels-idx1-ubyte").unlink()
        self.refuses("half", "half", "t10k-labels")

    def test_ragged_row(self):
        self.refuses_text("a,b,c\n1,2,x\n3,4\n5,6,y\n", "data.csv:3", "2 fields", "3")
        self.refuses_text("a,b,c\n1,2,x\n3,4,y,9\n", "data.csv:3", "4 fields")

    def test_text_in_a_numeric_column(self):
        self.refuses_text("a,b,c\n1,2,x\n3,4,y\n5,oops,y\n", "data.csv:4:2", "'oops'", "b")

    def test_missing_value(self):
        self.refuses_text("a,b,c\n1,2,x\n,4,y\n", "data.csv:3:1", "missing")
        self.refuses_text("a,b,c\n1,2,x\n3,NA,y\n", "data.csv:3:2", "missing")
        self.refuses_text("a,b,c\n1,2,x\n3,4,\n", "data.csv:3:3", "missing")

    def test_missing_values_beside_bytes(self):
        """Bytes have no missing values: a policy for them would have no effect, and those of other sets are an error."""
        self.write("x.npy", npy(list(range(20)), (10, 2), "|u1"))
        self.write("y.npy", npy([i % 2 for i in range(10)], (10,), "<i8"))
        self.write("held-out.npy", npy([1.0, float("nan"), 3.0, 4.0], (2, 2), "<f4"))
        self.write("classes.npy", npy([0, 1], (2,), "<i8"))
        for option in ["--validation", "--test"]:
            held_out = [option, "held-out.npy,classes.npy"]
            located = "held-out.npy: row 1, column 2"
            self.refuses("x.npy,y.npy", located, "the model is trained without missing values", options=held_out)
        for policy in ["mean", "median", "indicator"]:
            reason = "--missing has no effect, since the training data is bytes"
            self.refuses("x.npy,y.npy", reason, options=["--missing", policy], code=2)

    def test_not_finite(self):
        for value in ["nan", "NaN", "inf", "-Infinity", "1e999"]:
            self.refuses_text(f"a,b,c\n1,2,x\n3,{value},y\n", "data.csv:3:2")

    def test_no_feature(self):
        self.refuses_text("c\nx\ny\n", "data.csv", "no feature")
        self.refuses_text("a,c\n1,x\n2,y\n", "data.csv", "no feature is left", options=["--ignore", "a"])

    def test_one_class_only(self):
        self.refuses_text("a,b,c\n1,2,x\n3,4,x\n", "data.csv", "class", "'x'")

    def test_quote_that_does_not_end(self):
        self.refuses_text('a,b,c\n1,2,"x\n3,4,y\n', "data.csv:2:3", "quote")

    def test_damaged_gzip(self):
        whole = gzip.compress(flowers().encode())
        self.write("cut.csv.gz", whole[:-20])
        self.refuses("cut.csv.gz", "cut.csv.gz", "truncated")
        self.write("altered.csv.gz", whole[:100] + bytes([whole[100] ^ 0xFF]) + whole[101:])
        self.refuses("altered.csv.gz", "altered.csv.gz")

    def test_binary_instead_of_text(self):
        self.write("noise.csv", bytes(range(256)) * 20)
        self.refuses("noise.csv", "noise.csv")
        self.write("wide.csv", flowers().encode("utf-16"))
        self.refuses("wide.csv", "wide.csv", "UTF-16")

    def test_names_that_are_not_utf8(self):
        self.write("latin.csv", "länge,b,c\n1,2,x\n3,4,y\n".encode("latin-1"))
        self.refuses("latin.csv", "latin.csv", "UTF-8", "iconv")
        self.write("latin.csv", "a,b,c\né,2,x\nz,4,y\n".encode("latin-1"))
        self.refuses("latin.csv", "latin.csv", "UTF-8", "iconv")
        self.write("latin.csv", "a,b,c\n1,2,é\n3,4,y\n".encode("latin-1"))
        self.refuses("latin.csv", "latin.csv", "UTF-8", "iconv")

    def test_wrong_magic(self):
        self.write("kinds.idx", idx([0, 1], (2,)))
        self.write("pictures.idx", b"PK" + idx([1] * 8, (2, 2, 2))[2:])
        self.refuses("pictures.idx,kinds.idx", "pictures.idx")
        self.write("pictures.idx", b"\0\0\x0d\3" + idx([1] * 8, (2, 2, 2))[4:])  # floats
        self.refuses("pictures.idx,kinds.idx", "pictures.idx", "0x0d")

    def test_truncated_images(self):
        self.write("kinds.idx", idx([0, 1], (2,)))
        whole = idx(range(8), (2, 2, 2))
        for size in [0, 3, 4, 9, 16, len(whole) - 1]:
            self.write("pictures.idx", whole[:size])
            self.refuses("pictures.idx,kinds.idx", "pictures.idx")
        self.write("pictures.idx", whole + b"!")
        self.refuses("pictures.idx,kinds.idx", "pictures.idx")

    def test_sizes_that_overflow(self):
        self.write("kinds.idx", idx([0, 1], (2,)))
        self.write("pictures.idx", b"\0\0\x08\3" + struct.pack(">III", 2**32 - 1, 2**32 - 1, 2**32 - 1) + b"few")
        self.refuses("pictures.idx,kinds.idx", "pictures.idx")
        self.write("pictures.idx", b"\0\0\x08\3" + struct.pack(">III", 2**31, 28, 28) + b"few")
        self.refuses("pictures.idx,kinds.idx", "pictures.idx")
        self.write("x.npy", npy([], (2**40, 2**40), "<f8"))
        self.write("y.npy", npy([0, 1], (2,), "<i8"))
        self.refuses("x.npy,y.npy", "x.npy")

    def test_counts_that_differ(self):
        self.write("pictures.idx", idx(range(12), (3, 2, 2)))
        self.write("kinds.idx", idx([0, 1], (2,)))
        self.refuses("pictures.idx,kinds.idx", "pictures.idx has 3", "kinds.idx has 2")
        self.write("x.npy", npy([1.0, 2.0, 3.0], (3, 1), "<f4"))
        self.write("y.npy", npy([0, 1], (2,), "<i8"))
        self.refuses("x.npy,y.npy", "x.npy", "y.npy")

    def test_truncated_numpy(self):
        whole = npy([1.0, 2.0, 3.0, 4.0], (2, 2), "<f8")
        self.write("y.npy", npy([0, 1], (2,), "<i8"))
        for size in [0, 5, 9, 40, len(whole) - 1]:
            self.write("x.npy", whole[:size])
            self.refuses("x.npy,y.npy", "x.npy")

    def test_numpy_of_another_kind(self):
        self.write("y.npy", npy([0, 1], (2,), "<i8"))
        self.write("x.npy", npy([1.0, 2.0], (2, 1), "<f4").replace(b"<f4", b"<c8"))
        self.refuses("x.npy,y.npy", "x.npy", "<c8")

    def test_test_data_that_does_not_fit(self):
        self.write("flowers.csv", flowers())
        self.write("other.csv", "length,width,kind\n1,2,rose\n3,4,tulip\n")
        self.refuses("flowers.csv", "other.csv", "height", options=["--test", "other.csv"])
        self.write("new.csv", flowers().replace("tulip", "orchid"))
        self.refuses("flowers.csv", "new.csv", "'orchid'", options=["--test", "new.csv"])

    def test_option_that_does_not_fit_the_source(self):
        write_image_folder(self.folder / "images")
        self.refuses("images", "images", options=["--target", "label"], code=2)


if __name__ == "__main__":
    main()
