#!/usr/bin/env python3
"""Scans one very large file in each format that streams, and tells the peak memory and the time that it took.

Usage: benches/large.py [--size BYTES] [--folder FOLDER] [FORMAT...]

Needs a release build, the sample set of benches/compare.sh (`benches/compare.sh 1 synthea` makes it), and the Python packages zstandard and pyarrow. The
files hold the observations of that set again and again, as members of gzip, frames of Zstandard or row groups of Parquet, until they have the size that is
asked for (5 GB by default). One file at a time is on the disk.
"""

import argparse
import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
OBSERVATIONS = os.path.join(ROOT, "target/compare/synthea/observations.csv")


def repeat(piece, path, size):
    with open(path, "wb") as file:
        while file.tell() < size:
            file.write(piece)


def write_gzip(path, size):
    with open(OBSERVATIONS, "rb") as file:
        repeat(gzip.compress(file.read(), 1), path, size)


def write_zstandard(path, size):
    import zstandard

    with open(OBSERVATIONS, newline="", encoding="utf-8") as file:
        lines = "".join(json.dumps(row) + "\n" for row in csv.DictReader(file))
    repeat(zstandard.ZstdCompressor(level=1).compress(lines.encode()), path, size)


def write_parquet(path, size):
    import pyarrow.csv
    import pyarrow.parquet

    observations = pyarrow.csv.read_csv(OBSERVATIONS)
    options = {"compression": "snappy", "use_dictionary": False}
    with open(path, "wb") as file, pyarrow.parquet.ParquetWriter(file, observations.schema, **options) as writer:
        while file.tell() < size:
            writer.write_table(observations, row_group_size=100_000)


FORMATS = {"csv.gz": write_gzip, "jsonl.zst": write_zstandard, "parquet": write_parquet}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=", ".join(FORMATS))
    parser.add_argument("--size", type=int, default=5_000_000_000)
    parser.add_argument("--folder", help="where the files are made (default: a temporary folder)")
    arguments = parser.parse_args()
    program = os.environ.get("LAKEGATE", os.path.join(ROOT, "target/release/lakegate"))
    # More than Macie reads of one object, so that the files are read to their end.
    limits = ["--max-size", "20GB", "--max-expanded", "1000GB", "--max-member", "1000GB"]
    custom = ["-i", os.path.join(ROOT, "identifiers/custom/synthea.yaml")]
    print("| format | GB | scanned GB | status | seconds | peak MB |\n|---|---:|---:|---|---:|---:|")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for name in arguments.formats or FORMATS:
            path = os.path.join(folder, f"observations.{name}")
            try:
                FORMATS[name](path, arguments.size)
            except ImportError as missing:
                print(f"{name}: {missing}", file=sys.stderr)
                continue
            command = [program, "scan", "-q", "--format", "results", *custom, *limits, path]
            start = time.perf_counter()
            done = subprocess.run(["/usr/bin/time", "-f", "%M", *command], capture_output=True, text=True, check=True)
            seconds = time.perf_counter() - start
            peak = int(done.stderr.split()[-1]) / 1024
            results = [line for line in done.stdout.splitlines() if "sizeClassified" in line]
            scanned = max(int(part.split('"')[0]) for line in results for part in line.split('"sizeClassified":"')[1:])
            statuses = sorted({part.split('"')[0] for line in results for part in line.split('"status":{"code":"')[1:]})
            size = os.path.getsize(path) / 1e9
            print(f"| {name} | {size:.2f} | {scanned / 1e9:.1f} | {' '.join(statuses)} | {seconds:.0f} | {peak:.1f} |", flush=True)
            os.remove(path)


if __name__ == "__main__":
    main()
