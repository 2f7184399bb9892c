//! Avro files, written with the library of the Avro project.

use super::found::places;
use super::tree::{Datum, Kind, planted, records};
use apache_avro::types::Value;
use apache_avro::{Bzip2Settings, Codec, DeflateSettings, Schema, Writer, XzSettings, ZstandardSettings};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::HashMap;

fn schema(kind: &Kind, names: &mut u32) -> Json {
    let inner = match kind {
        Kind::Text => json!("string"),
        Kind::Number => json!("long"),
        Kind::List(item) => json!({"type": "array", "items": schema(item, names)}),
        Kind::Map(value) => json!({"type": "map", "values": schema(value, names)}),
        Kind::Object(fields) => record(fields, names),
    };
    json!(["null", inner])
}

fn record(kinds: &[Kind], names: &mut u32) -> Json {
    *names += 1;
    let name = format!("r{names}");
    let fields: Vec<Json> = kinds
        .iter()
        .enumerate()
        .map(|(index, kind)| json!({"name": format!("f{index}"), "type": schema(kind, names)}))
        .collect();
    json!({"type": "record", "name": name, "fields": fields})
}

fn value(datum: &Datum) -> Value {
    let inner = match datum {
        Datum::Null => return Value::Union(0, Box::new(Value::Null)),
        Datum::Text(text) => Value::String(text.clone()),
        Datum::Number(number) => Value::Long(*number),
        Datum::List(items) => Value::Array(items.iter().map(value).collect()),
        Datum::Map(entries) => {
            let entries: HashMap<String, Value> =
                entries.iter().map(|(key, datum)| (key.clone(), value(datum))).collect();
            Value::Map(entries)
        }
        Datum::Object(fields) => object(fields),
    };
    Value::Union(1, Box::new(inner))
}

fn object(fields: &[Datum]) -> Value {
    Value::Record(fields.iter().enumerate().map(|(index, datum)| (format!("f{index}"), value(datum))).collect())
}

/// An Avro file of the records, flushed after every `block` of them.
pub fn file(kinds: &[Kind], records: &[Vec<Datum>], codec: Codec, block: usize) -> Vec<u8> {
    let schema = Schema::parse_str(&record(kinds, &mut 0).to_string()).unwrap();
    let mut writer = Writer::with_codec(&schema, Vec::new(), codec);
    for (index, record) in records.iter().enumerate() {
        writer.append(object(record)).unwrap();
        if (index + 1) % block == 0 {
            writer.flush().unwrap();
        }
    }
    writer.into_inner().unwrap()
}

fn codec() -> impl Strategy<Value = Codec> {
    prop::sample::select(vec![
        Codec::Null,
        Codec::Deflate(DeflateSettings::default()),
        Codec::Snappy,
        Codec::Bzip2(Bzip2Settings::default()),
        Codec::Xz(XzSettings::default()),
        Codec::Zstandard(ZstandardSettings::default()),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_is_planted_in_avro_is_found_in_its_record_under_its_path(
        (kinds, records) in records(true),
        codec in codec(),
        block in 1_usize..20,
    ) {
        prop_assert_eq!(places("a.avro", &file(&kinds, &records, codec, block)), planted(&records));
    }
}
