#!/usr/bin/env python3
"""Times a scan of the same people in each format beside a plain reader of that format that counts rows.

Usage: benches/formats.py [--rows N] [--runs N] [FORMAT...]

Needs a release build, and the Python packages of the formats that are asked for (zstandard for .zst; a format whose package is missing is
left out with a word). The people are made up here, the same ones in every run. To add a format, add an entry to FORMATS: how its file is
written, and how its rows are counted.
"""

import argparse
import bz2
import csv
import gzip
import io
import json
import lzma
import os
import random
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile

COLUMNS = ["id", "first", "last", "birthdate", "ssn", "phone", "street", "city", "note"]


def people(rows):
    """Rows of made-up people."""
    chance = random.Random(7)
    first, last = ["Jane", "Rick", "Ann", "Bob", "Eve", "Carlos"], ["Roe", "Doe", "Smith", "Garcia", "Miller"]
    for number in range(rows):
        yield [
            str(number),
            chance.choice(first),
            chance.choice(last),
            f"19{chance.randrange(40, 99)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
            f"{chance.randrange(1, 600):03}-{chance.randrange(1, 99):02}-{chance.randrange(1, 9999):04}",
            f"617-555-{chance.randrange(10000):04}",
            f"{chance.randrange(1, 9999)} Main Street",
            chance.choice(["Boston", "Lowell", "Salem"]),
            f"{chance.getrandbits(64):016x}",
        ]


def as_csv(rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(people(rows))
    return text.getvalue().encode()


def as_jsonl(rows):
    return "".join(json.dumps(dict(zip(COLUMNS, row))) + "\n" for row in people(rows)).encode()


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


def write_zip(path, rows):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(4):
            archive.writestr(f"part-{part}.csv", as_csv(rows // 4))


def count_zip(path):
    with zipfile.ZipFile(path) as archive:
        return sum(count_lines(archive.open(name)) for name in archive.namelist())


def write_tar(path, rows, mode="w"):
    with tarfile.open(path, mode) as archive:
        for part in range(4):
            content = as_csv(rows // 4)
            info = tarfile.TarInfo(f"part-{part}.csv")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


def count_tar(path):
    with tarfile.open(path) as archive:
        return sum(count_lines(archive.extractfile(member)) for member in archive)


def count_lines(stream):
    count = 0
    while piece := stream.read(1 << 20):
        count += piece.count(b"\n")
    return count


def zstandard():
    import zstandard as package

    return package


def opened(opener):
    return lambda path: count_lines(opener(path, "rb"))


# Name: (writes the file of so many rows, counts its rows).
FORMATS = {
    "csv": (lambda path, rows: write(path, as_csv(rows)), opened(open)),
    "jsonl": (lambda path, rows: write(path, as_jsonl(rows)), opened(open)),
    "csv.gz": (lambda path, rows: write(path, gzip.compress(as_csv(rows), 6)), opened(gzip.open)),
    "csv.bz2": (lambda path, rows: write(path, bz2.compress(as_csv(rows))), opened(bz2.open)),
    "csv.xz": (lambda path, rows: write(path, lzma.compress(as_csv(rows), preset=3)), opened(lzma.open)),
    "csv.zst": (
        lambda path, rows: write(path, zstandard().ZstdCompressor().compress(as_csv(rows))),
        lambda path: count_lines(zstandard().ZstdDecompressor().stream_reader(open(path, "rb"))),
    ),
    "zip": (write_zip, count_zip),
    "tar": (write_tar, count_tar),
    "tar.gz": (lambda path, rows: write_tar(path, rows, "w:gz"), count_tar),
}


def seconds(action, runs):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=", ".join(FORMATS))
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    program = os.environ.get("LAKEGATE", os.path.join(root, "target/release/lakegate"))
    print("| format | MB | lakegate ms | plain reader ms | ratio | peak MB |\n|---|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.formats or FORMATS:
            make, count = FORMATS[name]
            path = os.path.join(folder, f"people.{name}")
            try:
                make(path, arguments.rows)
            except ImportError as missing:
                print(f"{name}: {missing}", file=sys.stderr)
                continue
            command = [program, "scan", "-q", "--format", "jsonl", "-o", os.devnull, path]
            scan = seconds(lambda: subprocess.run(command, check=True), arguments.runs)
            plain = seconds(lambda: count(path), arguments.runs)
            measured = subprocess.run(["/usr/bin/time", "-f", "%M", *command], capture_output=True, text=True, check=True)
            peak = int(measured.stderr.split()[-1]) / 1024
            size = os.path.getsize(path) / 1e6
            print(f"| {name} | {size:.1f} | {scan * 1e3:.0f} | {plain * 1e3:.0f} | {scan / plain:.2f} | {peak:.1f} |", flush=True)
            os.remove(path)


if __name__ == "__main__":
    main()
