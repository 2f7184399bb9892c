//! Thousands of damaged files, the same ones in every run: whatever a file holds, a scan of it ends with a report.

use crate::write::{Codec, Kind, encrypted_zip};
use crate::{scan_with, scanner_within};
use lakegate::model::Quotas;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Damaged copies of each file.
const COPIES: u64 = 600;

/// A generator of numbers that are the same in every run (Marsaglia's xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }
}

/// One to four kinds of damage: bytes changed, a run of bytes taken away, doubled or zeroed, a number made huge, the end cut
/// off.
fn damage(bytes: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(damaged.len());
        let end = (at + 1 + numbers.below(16)).min(damaged.len());
        match numbers.below(7) {
            0 if !damaged.is_empty() => damaged[at] = numbers.next().to_le_bytes()[0],
            1 if !damaged.is_empty() => damaged[at] ^= 1 << numbers.below(8),
            2 => drop(damaged.drain(at..end)),
            3 => {
                let run = damaged[at..end].to_vec();
                damaged.splice(at..at, run);
            }
            4 => damaged[at..end].fill(0),
            5 => damaged[at..end].fill(0xFF),
            _ => damaged.truncate(at),
        }
    }
    damaged
}

fn files() -> Vec<(String, Vec<u8>)> {
    let row = |number: u32| format!("{number},\"Doe, Jane {number}\",219-09-4821,1970-01-{:02}\n", number % 28 + 1);
    let table = "id,name,ssn,birthdate\n".to_owned() + &(0..40).map(row).collect::<String>();
    let record = |number: u32| {
        format!("{{\"id\": {number}, \"who\": {{\"ssn\": \"219-09-4821\"}}, \"x\": [1, \"a\\u00e9\"]}}\n")
    };
    let records = (0..40).map(record).collect::<String>();
    let document = format!("[{}]", records.trim_end().replace('\n', ",\n"));
    let utf16: Vec<u8> = table.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let members = vec![
        ("in/people.csv".to_owned(), table.clone().into_bytes()),
        ("in/people.jsonl".to_owned(), records.clone().into_bytes()),
        ("note.txt".to_owned(), b"Her social security number is 219-09-4821.\n".repeat(20)),
    ];
    let mut files = vec![
        ("a.csv".to_owned(), table.clone().into_bytes()),
        ("a16.csv".to_owned(), utf16),
        ("a.jsonl".to_owned(), records.into_bytes()),
        ("a.json".to_owned(), document.into_bytes()),
        ("secret.zip".to_owned(), encrypted_zip(&members)),
    ];
    for kind in Kind::ALL {
        files.push((format!("a.{}", kind.extension()), kind.write(&members)));
    }
    for codec in Codec::ALL {
        files.push((format!("a.csv.{}", codec.extension()), codec.write(table.as_bytes())));
    }
    let inner = Kind::Zip(zip::CompressionMethod::Deflated).write(&members);
    files.push(("a.tar.zst".to_owned(), Codec::Zstd.write(&Kind::Tar.write(&[("in.zip".to_owned(), inner)]))));
    files
}

#[test]
fn a_scan_of_any_damaged_file_ends_with_a_report() {
    let quotas = Quotas { expanded_bytes: 4_000_000, member_bytes: 2_000_000, members: 1000, ..Quotas::default() };
    let scanner = scanner_within(quotas);
    let mut numbers = Numbers(0x2545_F491_4F6C_DD1D);
    let mut broke = Vec::new();
    for (name, bytes) in files() {
        for copy in 0..COPIES {
            let damaged = damage(&bytes, &mut numbers);
            let report = catch_unwind(AssertUnwindSafe(|| scan_with(&scanner, &name, &damaged)));
            let report = report.unwrap_or_else(|_| panic!("a panic in {name}, copy {copy}, came out of the scan"));
            let details = report.members.iter().map(|member| &member.coverage.detail).chain([&report.coverage.detail]);
            if details.into_iter().any(|detail| detail.contains("broke the reader")) {
                broke.push(format!("{name}, copy {copy}"));
            }
        }
    }
    assert!(broke.is_empty(), "readers panicked, if under guard: {broke:?}");
}
