//! JSON as it comes, right and wrong, for property tests.

use proptest::prelude::*;
use proptest::sample::select;

/// Names of members: telling ones, prefixes of each other, and such as are written with escapes or without need for a name.
const NAMES: [&str; 24] = [
    "PATIENT",
    "PASS",
    "PASSPORT",
    "ssn",
    "name",
    "names",
    "family",
    "given",
    "text",
    "address",
    "line",
    "city",
    "postalCode",
    "first_name",
    "last_name",
    "street",
    "a",
    "ab",
    "",
    "a\\\"b",
    "\\u0061",
    "Zo\u{eb}",
    "card number",
    "123-45-6789",
];

/// Texts: some that identifiers match, some that nearly are, some with escapes.
const TEXTS: [&str; 28] = [
    "",
    " ",
    "Mary",
    "Smith",
    "Mary Smith",
    "12 Main Street",
    "Boston",
    "02134",
    "123-45-6789",
    "SSN 123-45-6789",
    "4111 1111 1111 1111",
    "2db72976-43d3-45a2-ba54-1aef04f0eea2",
    "eff8cbdb-46a6-4bf9-ac09-9b9a2b35f54c",
    "2017-11-19T17:26:54Z",
    "X12345678X",
    "S12345678",
    "passport X12345678X",
    "GB29 NWBK 6016 1331 9268 19",
    "Dr. Jane Miller lives at 12 Elm Street, Boston, MA 02134",
    "a\\\"b",
    "\\u004dary",
    "\\ud83d\\ude00 \\ud83d",
    "x\\\\",
    "Zo\u{eb} M\u{fc}ller",
    "\u{4e2d}\u{6587}",
    "numeric",
    "true",
    "A long text without anything in it that is longer than what is kept of it",
];

const NUMBERS: [&str; 12] = [
    "0",
    "-1.50e3",
    "36.94619049991618",
    "123456789",
    "4111111111111111",
    "1e999",
    "-",
    "+1",
    "-Infinity",
    "00",
    "5105105105105100",
    "-0",
];

const LITERALS: [&str; 7] = ["true", "false", "null", "NaN", "Infinity", "tru", "nul l"];

const BLANKS: [&str; 6] = ["", "", "", " ", "  ", "\t\r "];

fn value() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        6 => select(&TEXTS[..]).prop_map(|text| format!("\"{text}\"")),
        2 => select(&NUMBERS[..]).prop_map(str::to_owned),
        1 => select(&LITERALS[..]).prop_map(str::to_owned),
    ];
    let nested = leaf.prop_recursive(4, 40, 6, |inner| {
        let element = (select(&BLANKS[..]), inner.clone()).prop_map(|(blank, value)| format!("{blank}{value}{blank}"));
        let array = prop::collection::vec(element, 0..4).prop_map(|elements| format!("[{}]", elements.join(",")));
        let objects =
            prop::collection::vec(object(inner.clone()), 0..3).prop_map(|objects| format!("[{}]", objects.join(", ")));
        prop_oneof![1 => array, 3 => object(inner), 1 => objects]
    });
    nested.boxed()
}

fn object(inner: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    let member = (select(&NAMES[..]), select(&BLANKS[..]), inner)
        .prop_map(|(name, blank, value)| format!("\"{name}\"{blank}:{blank}{value}"));
    (select(&BLANKS[..]), prop::collection::vec(member, 0..7))
        .prop_map(|(blank, members)| format!("{{{}{blank}}}", members.join(&format!(",{blank}"))))
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => object(value()),
        2 => value(),
        1 => select(&BLANKS[..]).prop_map(str::to_owned),
        1 => (value(), value()).prop_map(|(first, second)| format!("{first} {second}")),
        1 => (1_usize..300, value()).prop_map(|(depth, value)| format!("{}{value}", "[{\"a\":".repeat(depth))),
        1 => select(&TEXTS[..]).prop_map(str::to_owned),
    ]
}

/// Lines of JSON, most of them like others before them, and a few bytes of them changed.
pub(crate) fn json_lines() -> impl Strategy<Value = Vec<u8>> {
    let order = prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 1..12);
    let change = (any::<prop::sample::Index>(), select(&b"\"\\{}[],:\xff\xc3\xeb\0 \n1a"[..]));
    let bom = prop::bool::weighted(0.05);
    (prop::collection::vec(line(), 1..5), order, prop::collection::vec(change, 0..4), any::<bool>(), bom).prop_map(
        |(lines, order, changes, keep, bom)| {
            let mut bytes = if bom { b"\xef\xbb\xbf".to_vec() } else { Vec::new() };
            for (index, returns) in order {
                bytes.extend_from_slice(index.get(&lines).as_bytes());
                bytes.extend_from_slice(if returns { b"\r\n" } else { b"\n" });
            }
            for (place, byte) in changes.into_iter().filter(|_| !keep) {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            bytes
        },
    )
}
