//! Random records: trees of objects, lists, maps, texts and numbers, some of which are planted.

use proptest::prelude::*;

/// The type of a value.
#[derive(Debug, Clone)]
pub enum Kind {
    Text,
    Number,
    List(Box<Kind>),
    Map(Box<Kind>),
    /// Its fields are called `f0`, `f1` and so on.
    Object(Vec<Kind>),
}

/// A value of a type.
#[derive(Debug, Clone)]
pub enum Datum {
    Null,
    Text(String),
    Number(i64),
    List(Vec<Datum>),
    Map(Vec<(String, Datum)>),
    Object(Vec<Datum>),
}

/// Types of a record's fields; with maps, if the format has them.
pub fn fields(maps: bool) -> impl Strategy<Value = Vec<Kind>> {
    let leaf = prop_oneof![Just(Kind::Text), Just(Kind::Number)];
    let kind = leaf.prop_recursive(3, 12, 3, move |inner| {
        let list = inner.clone().prop_map(|item| Kind::List(Box::new(item)));
        let object = prop::collection::vec(inner.clone(), 1..4).prop_map(Kind::Object);
        if maps {
            prop_oneof![list, object, inner.prop_map(|value| Kind::Map(Box::new(value)))].boxed()
        } else {
            prop_oneof![list, object].boxed()
        }
    });
    prop::collection::vec(kind, 1..5)
}

/// Values of a type, null ones included.
pub fn datum(kind: &Kind) -> BoxedStrategy<Datum> {
    let value = match kind {
        Kind::Text => prop_oneof![
            2 => "[a-z ]{0,12}".prop_map(Datum::Text),
            1 => "PLANT-[A-Z]{4}-[0-9]{4}".prop_map(Datum::Text),
            1 => "[a-z\u{e9}\u{1f600}]{1,4} PLANT-[A-Z]{4}-[0-9]{4}".prop_map(Datum::Text),
        ]
        .boxed(),
        Kind::Number => prop_oneof![
            any::<i64>()
                .prop_filter("planted by chance", |number| !number.to_string().contains("42424242"))
                .prop_map(Datum::Number),
            (42_424_242_000_000_i64..42_424_242_999_999).prop_map(Datum::Number),
        ]
        .boxed(),
        Kind::List(item) => prop::collection::vec(datum(item), 0..4).prop_map(Datum::List).boxed(),
        Kind::Map(value) => {
            let entries = prop::collection::btree_map("[a-z]{1,5}", datum(value), 0..3);
            entries.prop_map(|entries| Datum::Map(entries.into_iter().collect())).boxed()
        }
        Kind::Object(fields) => record(fields).prop_map(Datum::Object).boxed(),
    };
    prop_oneof![5 => value, 1 => Just(Datum::Null)].boxed()
}

fn record(fields: &[Kind]) -> BoxedStrategy<Vec<Datum>> {
    fields.iter().map(datum).collect::<Vec<_>>().boxed()
}

/// A record type and records of it.
pub fn records(maps: bool) -> impl Strategy<Value = (Vec<Kind>, Vec<Vec<Datum>>)> {
    fields(maps).prop_flat_map(|fields| {
        let records = prop::collection::vec(record(&fields), 0..30);
        (Just(fields), records)
    })
}

/// Places of all planted values, as the tests tell them, sorted.
pub fn planted(records: &[Vec<Datum>]) -> Vec<String> {
    let mut places = Vec::new();
    for (index, record) in records.iter().enumerate() {
        for (field, datum) in record.iter().enumerate() {
            walk(datum, format!("{index} $.f{field}"), &mut places);
        }
    }
    places.sort();
    places
}

fn walk(datum: &Datum, path: String, places: &mut Vec<String>) {
    match datum {
        Datum::Null => {}
        Datum::Text(text) => places.extend(text.contains("PLANT-").then_some(path)),
        Datum::Number(number) => places.extend(number.to_string().starts_with("42424242").then_some(path)),
        Datum::List(items) => {
            items.iter().enumerate().for_each(|(index, item)| walk(item, format!("{path}[{index}]"), places));
        }
        Datum::Map(entries) => {
            for (key, value) in entries {
                walk(value, format!("{path}.{key}"), places);
            }
        }
        Datum::Object(fields) => {
            fields.iter().enumerate().for_each(|(index, field)| walk(field, format!("{path}.f{index}"), places));
        }
    }
}
