#!/usr/bin/env python3
"""Times a scan of the same people in each format beside a plain reader of that format that counts rows.

Usage: benches/formats.py [--rows N] [--runs N] [FORMAT...]

Needs a release build, and the Python packages of the formats that are asked for (zstandard, pyarrow, fastavro, openpyxl; a format whose package
is missing is left out with a word). The people are made up here, the same ones in every run. To add a format, add an entry to FORMATS: how its file is
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
import sqlite3
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from xml.etree import ElementTree

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


def table(rows):
    import pyarrow

    return pyarrow.table(dict(zip(COLUMNS, map(list, zip(*people(rows))))))


def write_parquet(codec):
    def write_table(path, rows):
        import pyarrow.parquet

        pyarrow.parquet.write_table(table(rows), path, compression=codec)

    return write_table


def count_parquet(path):
    import pyarrow.parquet

    return pyarrow.parquet.read_table(path).num_rows


def write_orc(path, rows):
    import pyarrow.orc

    pyarrow.orc.write_table(table(rows), path, compression="zstd")


def count_orc(path):
    import pyarrow.orc

    return pyarrow.orc.read_table(path).num_rows


def write_arrow(path, rows):
    import pyarrow

    content = table(rows)
    with pyarrow.OSFile(path, "wb") as file, pyarrow.ipc.new_file(file, content.schema) as writer:
        writer.write_table(content, max_chunksize=65536)


def count_arrow(path):
    import pyarrow

    with pyarrow.OSFile(path, "rb") as file:
        return pyarrow.ipc.open_file(file).read_all().num_rows


def write_avro(path, rows):
    import fastavro

    schema = {"type": "record", "name": "person", "fields": [{"name": name, "type": "string"} for name in COLUMNS]}
    with open(path, "wb") as file:
        fastavro.writer(file, schema, (dict(zip(COLUMNS, row)) for row in people(rows)), codec="deflate")


def count_avro(path):
    import fastavro

    with open(path, "rb") as file:
        return sum(1 for _ in fastavro.reader(file))


def write_xlsx(path, rows):
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("people")
    sheet.append(COLUMNS)
    for row in people(rows // 8):
        sheet.append(row)
    book.save(path)


def count_xlsx(path):
    import openpyxl

    return sum(1 for _ in openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True))


def write_sqlite(path, rows):
    database = sqlite3.connect(path)
    database.execute(f"CREATE TABLE people ({', '.join(COLUMNS)})")
    database.executemany(f"INSERT INTO people VALUES ({', '.join('?' * len(COLUMNS))})", people(rows))
    database.commit()
    database.close()


def count_sqlite(path):
    database = sqlite3.connect(path)
    count = sum(1 for _ in database.execute("SELECT * FROM people"))
    database.close()
    return count


def as_sql(rows):
    lines = ("(" + ", ".join(f"'{cell}'" for cell in row) + ")" for row in people(rows))
    head = f"CREATE TABLE people ({', '.join(COLUMNS)});\nINSERT INTO people VALUES\n"
    return (head + ",\n".join(lines) + ";\n").encode()


def as_xml(rows):
    cells = lambda row: "".join(f"<{name}>{cell}</{name}>" for name, cell in zip(COLUMNS, row))
    return ("<people>\n" + "".join(f"<person>{cells(row)}</person>\n" for row in people(rows)) + "</people>\n").encode()


def count_xml(path):
    count = 0
    for _, element in ElementTree.iterparse(path):
        count += element.tag == "person"
        if element.tag == "person":
            element.clear()
    return count


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
    "snappy.parquet": (write_parquet("snappy"), count_parquet),
    "zstd.parquet": (write_parquet("zstd"), count_parquet),
    "orc": (write_orc, count_orc),
    "arrow": (write_arrow, count_arrow),
    "avro": (write_avro, count_avro),
    # An eighth of the rows.
    "xlsx": (write_xlsx, count_xlsx),
    "sqlite": (write_sqlite, count_sqlite),
    "sql": (lambda path, rows: write(path, as_sql(rows)), opened(open)),
    "xml": (lambda path, rows: write(path, as_xml(rows)), count_xml),
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
