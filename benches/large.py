#!/usr/bin/env python3
"""Scans one very large file in each format that streams, and tells the peak memory and the time that it took.

Usage: benches/large.py [--size BYTES] [--folder FOLDER] [FORMAT...]

Needs a release build, and the Python packages zstandard and pyarrow. The files hold the people of benches/formats.py again and again, as members of
gzip, frames of Zstandard or row groups of Parquet, until they have the size that is asked for (5 GB by default). One file at a time is on the disk.
"""

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
import time

from formats import as_csv, as_jsonl, table, zstandard

ROWS = 100_000


def repeat(piece, path, size):
    with open(path, "wb") as file:
        while file.tell() < size:
            file.write(piece)


def write_gzip(path, size):
    repeat(gzip.compress(as_csv(ROWS), 6), path, size)


def write_zstandard(path, size):
    repeat(zstandard().ZstdCompressor().compress(as_jsonl(ROWS)), path, size)


def write_parquet(path, size):
    import pyarrow.parquet

    people = table(ROWS)
    with open(path, "wb") as file, pyarrow.parquet.ParquetWriter(file, people.schema, compression="snappy") as writer:
        while file.tell() < size:
            writer.write_table(people)


FORMATS = {"csv.gz": write_gzip, "jsonl.zst": write_zstandard, "parquet": write_parquet}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=", ".join(FORMATS))
    parser.add_argument("--size", type=int, default=5_000_000_000)
    parser.add_argument("--folder", help="where the files are made (default: a temporary folder)")
    arguments = parser.parse_args()
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    program = os.environ.get("LAKEGATE", os.path.join(root, "target/release/lakegate"))
    # More than Macie reads of one object, so that the files are read to their end.
    limits = ["--max-size", "20GB", "--max-expanded", "1000GB", "--max-member", "1000GB"]
    print("| format | GB | scanned GB | status | seconds | peak MB |\n|---|---:|---:|---|---:|---:|")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for name in arguments.formats or FORMATS:
            path = os.path.join(folder, f"people.{name}")
            try:
                FORMATS[name](path, arguments.size)
            except ImportError as missing:
                print(f"{name}: {missing}", file=sys.stderr)
                continue
            command = [program, "scan", "-q", "--format", "results", *limits, path]
            start = time.perf_counter()
            done = subprocess.run(["/usr/bin/time", "-f", "%M", *command], capture_output=True, text=True, check=True)
            seconds = time.perf_counter() - start
            peak = int(done.stderr.split()[-1]) / 1024
            results = [line for line in done.stdout.splitlines() if "sizeClassified" in line]
            scanned = sum(int(part.split('"')[0]) for line in results for part in line.split('"sizeClassified":"')[1:])
            statuses = sorted({part.split('"')[0] for line in results for part in line.split('"status":{"code":"')[1:]})
            size = os.path.getsize(path) / 1e9
            print(f"| {name} | {size:.2f} | {scanned / 1e9:.1f} | {' '.join(statuses)} | {seconds:.0f} | {peak:.1f} |", flush=True)
            os.remove(path)


if __name__ == "__main__":
    main()
