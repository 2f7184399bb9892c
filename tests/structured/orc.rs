//! ORC files. There is no small writer: one of the first version of the encodings stands here.

use super::found::places;
use super::tree::{Datum, Kind, planted, records};
use flate2::Compression;
use flate2::read::DeflateEncoder;
use proptest::prelude::*;
use std::io::Read;

/// How streams are compressed, with the number that the format gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Codec {
    None = 0,
    Zlib = 1,
    Snappy = 2,
    Zstd = 5,
}

fn varint(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// A field of a Protocol Buffers message.
fn field(number: u64, value: u64, message: &mut Vec<u8>) {
    varint(number << 3, message);
    varint(value, message);
}

fn bytes_field(number: u64, value: &[u8], message: &mut Vec<u8>) {
    varint(number << 3 | 2, message);
    varint(value.len() as u64, message);
    message.extend_from_slice(value);
}

/// Whole numbers as literals and, where they are the same, as runs.
fn integers(numbers: &[i64], signed: bool) -> Vec<u8> {
    let write = |number: i64, bytes: &mut Vec<u8>| {
        varint(if signed { ((number << 1) ^ (number >> 63)) as u64 } else { number as u64 }, bytes);
    };
    let mut bytes = Vec::new();
    let mut rest = numbers;
    while let Some(&first) = rest.first() {
        let same = rest.iter().take(130).take_while(|number| **number == first).count();
        if same >= 3 {
            bytes.extend([(same - 3) as u8, 0]);
            write(first, &mut bytes);
            rest = &rest[same..];
        } else {
            let literals = rest.len().min(128).min(2);
            bytes.push((256 - literals) as u8);
            rest[..literals].iter().for_each(|number| write(*number, &mut bytes));
            rest = &rest[literals..];
        }
    }
    bytes
}

fn bits(present: &[bool]) -> Vec<u8> {
    let packed: Vec<u8> = present
        .chunks(8)
        .map(|bits| bits.iter().enumerate().fold(0, |byte, (index, bit)| byte | u8::from(*bit) << (7 - index)))
        .collect();
    packed.chunks(128).flat_map(|chunk| [vec![(256 - chunk.len()) as u8], chunk.to_vec()].concat()).collect()
}

impl Codec {
    fn compress(self, content: &[u8]) -> Vec<u8> {
        if self == Self::None {
            return content.to_vec();
        }
        let mut stored = Vec::new();
        for (index, chunk) in content.chunks(100).enumerate() {
            let compressed = match self {
                Self::Zlib => {
                    let mut bytes = Vec::new();
                    DeflateEncoder::new(chunk, Compression::default()).read_to_end(&mut bytes).unwrap();
                    bytes
                }
                Self::Snappy => snap::raw::Encoder::new().compress_vec(chunk).unwrap(),
                _ => zstd::encode_all(chunk, 3).unwrap(),
            };
            // Some chunks stand as they are.
            let original = index % 2 == 1;
            let bytes = if original { chunk } else { &compressed };
            let header = (bytes.len() as u32) << 1 | u32::from(original);
            stored.extend_from_slice(&header.to_le_bytes()[..3]);
            stored.extend_from_slice(bytes);
        }
        stored
    }
}

/// Types in the order of their numbers: kind, subtypes, names.
type Types = Vec<(u64, Vec<u64>, Vec<String>)>;

fn types(kind: &Kind, all: &mut Types) -> u64 {
    let id = all.len() as u64;
    let (number, below, names): (u64, Vec<&Kind>, Vec<String>) = match kind {
        Kind::Text => (7, vec![], vec![]),
        Kind::Number => (4, vec![], vec![]),
        Kind::List(item) => (10, vec![item], vec![]),
        Kind::Map(value) => (11, vec![&Kind::Text, value], vec![]),
        Kind::Object(fields) => {
            (12, fields.iter().collect(), (0..fields.len()).map(|index| format!("f{index}")).collect())
        }
    };
    all.push((number, Vec::new(), names));
    let below = below.into_iter().map(|kind| types(kind, all)).collect();
    all[id as usize].1 = below;
    id
}

/// Streams of a column and those below it: kind, column, content.
fn streams(kind: &Kind, data: &[&Datum], column: &mut u64, all: &mut Vec<(u64, u64, Vec<u8>)>) {
    let id = *column;
    *column += 1;
    let present: Vec<bool> = data.iter().map(|datum| !matches!(datum, Datum::Null)).collect();
    if present.contains(&false) {
        all.push((0, id, bits(&present)));
    }
    let there: Vec<&Datum> = data.iter().copied().filter(|datum| !matches!(datum, Datum::Null)).collect();
    match kind {
        Kind::Text => {
            let texts: Vec<&str> =
                there.iter().map(|datum| if let Datum::Text(text) = datum { text } else { "" }).collect();
            all.push((1, id, texts.concat().into_bytes()));
            all.push((2, id, integers(&texts.iter().map(|text| text.len() as i64).collect::<Vec<_>>(), false)));
        }
        Kind::Number => {
            let numbers: Vec<i64> =
                there.iter().map(|datum| if let Datum::Number(number) = datum { *number } else { 0 }).collect();
            all.push((1, id, integers(&numbers, true)));
        }
        Kind::List(item) => {
            let lists: Vec<&[Datum]> =
                there.iter().map(|datum| if let Datum::List(items) = datum { &items[..] } else { &[] }).collect();
            all.push((2, id, integers(&lists.iter().map(|items| items.len() as i64).collect::<Vec<_>>(), false)));
            streams(item, &lists.iter().flat_map(|items| items.iter()).collect::<Vec<_>>(), column, all);
        }
        Kind::Map(value) => {
            let maps: Vec<&[(String, Datum)]> =
                there.iter().map(|datum| if let Datum::Map(entries) = datum { &entries[..] } else { &[] }).collect();
            all.push((2, id, integers(&maps.iter().map(|entries| entries.len() as i64).collect::<Vec<_>>(), false)));
            let keys: Vec<Datum> =
                maps.iter().flat_map(|entries| entries.iter().map(|(key, _)| Datum::Text(key.clone()))).collect();
            streams(&Kind::Text, &keys.iter().collect::<Vec<_>>(), column, all);
            let values: Vec<&Datum> = maps.iter().flat_map(|entries| entries.iter().map(|(_, value)| value)).collect();
            streams(value, &values, column, all);
        }
        Kind::Object(kinds) => {
            for (index, kind) in kinds.iter().enumerate() {
                let below: Vec<&Datum> = there
                    .iter()
                    .map(|datum| if let Datum::Object(fields) = datum { &fields[index] } else { &Datum::Null })
                    .collect();
                streams(kind, &below, column, all);
            }
        }
    }
}

/// An ORC file of the records, with so many in each stripe.
pub fn file(kinds: &[Kind], records: &[Vec<Datum>], codec: Codec, stripe: usize) -> Vec<u8> {
    let root = Kind::Object(kinds.to_vec());
    let mut file = b"ORC".to_vec();
    let mut footer = Vec::new();
    for records in records.chunks(stripe) {
        let rows: Vec<Datum> = records.iter().cloned().map(Datum::Object).collect();
        let (mut all, mut columns) = (Vec::new(), 0);
        streams(&root, &rows.iter().collect::<Vec<_>>(), &mut columns, &mut all);
        let offset = file.len();
        let mut stripe_footer = Vec::new();
        for (kind, column, content) in &all {
            let stored = codec.compress(content);
            let mut stream = Vec::new();
            field(1, *kind, &mut stream);
            field(2, *column, &mut stream);
            field(3, stored.len() as u64, &mut stream);
            bytes_field(1, &stream, &mut stripe_footer);
            file.extend(stored);
        }
        for _ in 0..columns {
            bytes_field(2, &[8, 0], &mut stripe_footer);
        }
        let data = file.len() - offset;
        let stored = codec.compress(&stripe_footer);
        let mut stripe = Vec::new();
        for (number, value) in [(1, offset), (2, 0), (3, data), (4, stored.len()), (5, records.len())] {
            field(number, value as u64, &mut stripe);
        }
        bytes_field(3, &stripe, &mut footer);
        file.extend(stored);
    }
    let mut all = Vec::new();
    types(&root, &mut all);
    for (kind, below, names) in all {
        let mut message = Vec::new();
        field(1, kind, &mut message);
        for id in below {
            field(2, id, &mut message);
        }
        for name in &names {
            bytes_field(3, name.as_bytes(), &mut message);
        }
        bytes_field(4, &message, &mut footer);
    }
    let stored = codec.compress(&footer);
    let mut postscript = Vec::new();
    field(1, stored.len() as u64, &mut postscript);
    field(2, codec as u64, &mut postscript);
    field(3, 262_144, &mut postscript);
    bytes_field(8000, b"ORC", &mut postscript);
    file.extend(stored);
    file.extend(&postscript);
    file.push(postscript.len() as u8);
    file
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_is_planted_in_orc_is_found_in_its_record_under_its_path(
        (kinds, records) in records(true),
        codec in prop::sample::select(vec![Codec::None, Codec::Zlib, Codec::Snappy, Codec::Zstd]),
        stripe in 1_usize..20,
    ) {
        prop_assert_eq!(places("a.orc", &file(&kinds, &records, codec, stripe)), planted(&records));
    }
}
