//! Throughput in bytes of the parts and of whole scans, over the committed sample.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use lakegate::blocks::{BLOCK, Classifier, StrideMasks, TextMasks};
use lakegate::identifiers::custom_load;
use lakegate::model::{ObjectInfo, Row, RowSink};
use lakegate::readers::RowReader;
use lakegate::scan::{ManagedSelection, Scanner};
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

fn sample(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/synthea").join(name);
    fs::read(path).expect("the committed sample is there")
}

fn custom() -> Vec<lakegate::identifiers::custom::CustomIdentifier> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("identifiers/custom/synthea.yaml");
    custom_load::load(&[path]).expect("the three identifiers are valid")
}

struct Count(usize);

impl RowSink for Count {
    fn row(&mut self, row: Row<'_>) {
        self.0 += row.len();
    }
}

/// Masks of 4 KiB at a time, as the engine asks for them, with each set of instructions that this machine has.
fn blocks(criterion: &mut Criterion) {
    const PIECE: usize = 4096;
    let mut group = criterion.benchmark_group("blocks");
    let bytes = sample("observations.csv");
    let bytes = &bytes[..bytes.len().min(16 * PIECE)];
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    for level in Classifier::all() {
        group.bench_function(BenchmarkId::new("table", level.name()), |bencher| {
            let mut masks = StrideMasks::new();
            bencher.iter(|| {
                for piece in black_box(bytes).chunks(PIECE) {
                    level.table(b',', piece, &mut masks);
                    black_box(&masks);
                }
            });
        });
        group.bench_function(BenchmarkId::new("text", level.name()), |bencher| {
            let mut masks = [TextMasks::default(); PIECE / BLOCK];
            bencher.iter(|| {
                for piece in black_box(bytes).chunks(PIECE) {
                    level.text(piece, &mut masks);
                    black_box(&masks);
                }
            });
        });
    }
}

/// Rows of a chunk as the reader gives them, plain and with quotes.
fn csv_reader(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("csv reader");
    let plain = sample("observations.csv");
    let quoted = String::from_utf8_lossy(&plain).replace(',', "\",\"").replace('\n', "\"\n\"").into_bytes();
    for (name, bytes) in [("plain", &plain), ("quoted", &quoted)] {
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(name), bytes, |bencher, bytes| {
            let mut reader = RowReader::new(b',');
            bencher.iter(|| {
                let mut cells = Count(0);
                reader.read_rows(black_box(bytes), name == "quoted", &mut cells);
                cells.0
            });
        });
    }
}

/// How fast text in which nothing is found is passed over.
fn prefilter(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("prefilter");
    let scanner = Scanner::builder().build().expect("the built-in identifiers are valid");
    let line = "Seen for a follow-up of the fracture; pain 3 of 10, cast removed, walks without help.\n";
    let text = line.repeat(4000);
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("clean prose", |bencher| {
        bencher.iter(|| {
            let object = ObjectInfo { key: "notes.txt".into(), ..ObjectInfo::default() };
            scanner.scan_object(object, black_box(text.as_bytes()))
        });
    });
}

/// Whole objects, with the three custom identifiers and with everything.
fn whole_scan(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("whole scan");
    let none = Scanner::builder().managed(ManagedSelection::None).custom(custom()).build().expect("valid identifiers");
    let all = Scanner::builder().custom(custom()).build().expect("valid identifiers");
    for name in ["patients.csv", "encounters.csv", "observations.csv"] {
        let bytes = sample(name);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        for (set, scanner) in [("custom", &none), ("everything", &all)] {
            group.bench_with_input(BenchmarkId::new(set, name), &bytes, |bencher, bytes| {
                bencher.iter(|| {
                    let object = ObjectInfo { key: name.into(), ..ObjectInfo::default() };
                    scanner.scan_object(object, black_box(bytes.as_slice()))
                });
            });
        }
    }
}

criterion_group!(benches, blocks, csv_reader, prefilter, whole_scan);
criterion_main!(benches);
