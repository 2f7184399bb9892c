//! Files that were damaged in thousands of ways: every scan ends, with what could be read and in bounded memory.

use super::found::scan;
use super::tree::{Datum, Kind};
use super::{avro, columnar, ods, orc, sqlite, xlsx};
use apache_avro::{Codec, DeflateSettings};
use arrow_ipc::CompressionType;
use lakegate::model::Status;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

/// Damaged files of each kind.
const MUTATIONS: u32 = 300;

/// A small generator of pseudo-random numbers (xorshift64*), the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit.max(1)
    }
}

/// The records that are damaged.
fn records() -> (Vec<Kind>, Vec<Vec<Datum>>) {
    let kinds = vec![
        Kind::Text,
        Kind::Number,
        Kind::List(Box::new(Kind::Text)),
        Kind::Map(Box::new(Kind::Object(vec![Kind::Number, Kind::List(Box::new(Kind::Number))]))),
    ];
    let records = (0..40)
        .map(|index| {
            let text = |prefix: &str| Datum::Text(format!("{prefix}-ABCD-{index:04}"));
            let object = Datum::Object(vec![Datum::Number(index), Datum::List(vec![Datum::Number(7); 3])]);
            vec![
                text("PLANT"),
                if index % 3 == 0 { Datum::Null } else { Datum::Number(42_424_242_000_000 + index) },
                Datum::List(vec![text("a"), text("b")]),
                Datum::Map(vec![("key".to_owned(), object)]),
            ]
        })
        .collect();
    (kinds, records)
}

fn fixtures() -> Vec<(&'static str, Vec<u8>)> {
    let (kinds, records) = records();
    let batch = columnar::batch(&kinds, &records);
    let parquet = |compression| {
        let properties = WriterProperties::builder().set_compression(compression).set_max_row_group_row_count(Some(15));
        columnar::parquet(&batch, properties.build())
    };
    let batches = [batch.clone()];
    vec![
        ("plain.parquet", parquet(Compression::UNCOMPRESSED)),
        ("snappy.parquet", parquet(Compression::SNAPPY)),
        ("zstd.parquet", parquet(Compression::ZSTD(parquet::basic::ZstdLevel::default()))),
        ("plain.arrow", columnar::arrow(&batches, None, true)),
        ("zstd.arrow", columnar::arrow(&batches, Some(CompressionType::ZSTD), true)),
        ("lz4.arrows", columnar::arrow(&batches, Some(CompressionType::LZ4_FRAME), false)),
        ("plain.avro", avro::file(&kinds, &records, Codec::Null, 10)),
        ("deflate.avro", avro::file(&kinds, &records, Codec::Deflate(DeflateSettings::default()), 10)),
        ("snappy.avro", avro::file(&kinds, &records, Codec::Snappy, 10)),
        ("plain.orc", orc::file(&kinds, &records, orc::Codec::None, 15)),
        ("zlib.orc", orc::file(&kinds, &records, orc::Codec::Zlib, 15)),
        ("a.sqlite", sqlite::sample()),
        ("a.xlsx", xlsx::sample()),
        ("a.ods", ods::sample()),
    ]
}

/// Damages a file: a few bytes, a number, a piece that is left out or comes twice, or its end.
fn damage(file: &mut Vec<u8>, random: &mut Random) {
    const NUMBERS: [u64; 8] = [0, 1, 0x7F, 0xFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, u64::MAX];
    for _ in 0..=random.below(3) {
        // Most of what is fatal stands at the start and at the end.
        let at = match random.below(4) {
            0 => random.below(200.min(file.len())),
            1 => file.len() - 1 - random.below(300.min(file.len())),
            _ => random.below(file.len()),
        };
        match random.below(8) {
            0 => file.truncate(at),
            1 => {
                let end = (at + random.below(64)).min(file.len());
                file.drain(at..end);
            }
            2 => {
                let end = (at + random.below(64)).min(file.len());
                let piece = file[at..end].to_vec();
                file.splice(at..at, piece);
            }
            3 => {
                let number = NUMBERS[random.below(NUMBERS.len())].to_le_bytes();
                let width = [1, 2, 4, 8][random.below(4)];
                for (byte, value) in file[at..].iter_mut().zip(&number[..width]) {
                    *byte = *value;
                }
            }
            _ => file[at] ^= 1 << random.below(8),
        }
        if file.is_empty() {
            return;
        }
    }
}

#[test]
fn damaged_files_are_read_as_far_as_they_go_and_end() {
    let mut random = Random(0x5EED_CAFE_F00D);
    for (name, file) in fixtures() {
        assert_eq!(scan(name, &file).coverage.status, Status::Complete, "{name}");
        let mut incomplete = 0;
        for _ in 0..MUTATIONS {
            let mut damaged = file.clone();
            damage(&mut damaged, &mut random);
            let report = scan(name, &damaged);
            incomplete += u32::from(report.coverage.status != Status::Complete);
            let detail = report.coverage.detail;
            assert!(!detail.contains("please report"), "{name}: a reader broke");
            assert!(!detail.contains("PLANT"), "{name}: {detail}");
        }
        assert!(incomplete > MUTATIONS / 10, "{name}: the damage is noticed");
    }
    assert!(memory_at_its_height().is_none_or(|kilobytes| kilobytes < 1_500_000), "memory is bounded");
}

/// The most memory that this process has had, where the system tells.
fn memory_at_its_height() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
