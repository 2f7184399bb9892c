//! The search for mailing addresses agrees with the simple one on texts made of what addresses are made of.

use super::{postal_address as simple, street as simple_street};
use crate::engine::{postal_address, street};
use proptest::prelude::*;

const STREETS: &[&str] = &[
    "452 Maple St",
    "867 Ackerman Lane Unit 71",
    "P.O. Box 14370",
    "PO Box 12",
    "Mary PO Box 12",
    "Post Office Box 5",
    "Unit 4181 Box 1281",
    "unit 12",
    "PSC 4785",
    "HC 74 Box 189",
    "RR 2",
    "Locked Bag 7",
    "Private Box 9",
    "Postfach 12 34",
    "BP 40",
    "pob 5",
    "USS Nimitz",
    "USNS Mercy",
    "Box 12",
    "B\u{F3}x 12",
    "Hauptstraße 5",
    "Lange Straße 12a",
    "LINDENWEG 5",
    "LINDENWEG 5 Hinterhaus",
    "Vía Láctea 3",
    "12 \u{11}/2 Elm St",
    "PSC 4785, Box 12",
    "Foo-Gasse 7",
    "Am Markt 3",
    "Im Alten Hof 12",
    "12 rue de la Paix",
    "5 bis, avenue Foch",
    "Via Roma 3",
    "via roma 3",
    "C/ Alcalá 45",
    "C/Mayor 7",
    "Carrera 7 # 71-21",
    "Piazza del Duomo, 12",
    "10 Downing Street",
    "1/55 Raws Cres",
    "64-20 175th Street",
    "2163 WEST 2200 SOUTH",
    "12 1/2 Elm St",
    "12 - Elm St",
    "3300 BLK WELLER RD",
    "402 Willow Creek Road Denver",
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
    "1-2-3-4",
    "24 HR tablets 5",
    "0123 Oak Street",
    "100 Way of the World",
    "Apt 3B",
    "Suite 200",
    "#12",
    "2nd Floor",
    "Building\u{A0}7",
    "12\u{202F}Oak\u{A0}Lane",
];
const PLACES: &[&str] = &[
    "Springfield",
    "San Luis Obispo",
    "St. John's",
    "Winston-Salem",
    "Bad Homburg vor der Höhe",
    "Frankfurt am Main",
    "Stoke (on) Trent",
    "NATIONAL CITY",
    "springfield",
    "Of the sea",
    "L'Aquila",
    "München",
    "Paris",
    "Ahern.",
    "X",
    "Ab",
    "Ördög falva",
];
const REGIONS: &[&str] = &[
    "IL",
    "MA",
    "OR.",
    "Texas",
    "West Virginia",
    "New York",
    "NS",
    "Nova Scotia",
    "N.S.",
    "B.C",
    "Québec",
    "NSW",
    "Vic",
    "New South Wales",
    "UK",
    "U.K.",
    "England",
    "España",
    "USA",
    "ZZ",
    "il",
    "D-",
    "F-",
    "X-",
    "Dr.",
];
const CODES: &[&str] = &[
    "62704",
    "62704-1234",
    "62704-12345",
    "2000",
    "02139",
    "B0V 1A0",
    "B0V1A0",
    "b0v 1a0",
    "SW1A 2AA",
    "M1 1AE",
    "DN551PT",
    "A123BC",
    "AB12",
    "A1",
    "10115",
    "75002",
    "12345x",
    "x12345",
    "123456",
    "1234",
    "8234",
];
const JOINTS: &[&str] = &[
    " ",
    " ",
    " ",
    " ",
    ", ",
    ", ",
    ", ",
    ",",
    "\n",
    "\r\n",
    "  ",
    " ,, ",
    "\t",
    ": ",
    "; ",
    "\"",
    "(",
    ") ",
    "-",
    "/",
    "\u{A0}",
    "\u{202F}",
    "\u{2003}",
    "",
    ". ",
    "#",
    "é",
    " Lives at ",
    " the word ",
    " in ",
    "'",
    "\u{11}",
    "_",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => prop::sample::select(STREETS).prop_map(String::from),
        4 => prop::sample::select(PLACES).prop_map(String::from),
        3 => prop::sample::select(REGIONS).prop_map(String::from),
        4 => prop::sample::select(CODES).prop_map(String::from),
        1 => "[A-Za-z0-9]{1,9}",
        1 => "\\PC{1,3}",
    ]
}

/// Streets, cities, regions and codes mostly in the order of an address.
fn text() -> impl Strategy<Value = String> {
    let joint = || prop::sample::select(JOINTS);
    let address = (
        proptest::option::of((piece(), joint())),
        (prop::sample::select(STREETS), joint()),
        proptest::option::of((prop::sample::select(STREETS), joint())),
        (prop::sample::select(PLACES), joint()),
        (prop::sample::select(REGIONS), joint()),
        (prop::sample::select(CODES), joint()),
        proptest::option::of((prop::sample::select(PLACES), joint())),
    );
    let address = address.prop_map(|(first, street, second, city, region, code, last)| {
        let first = first.map(|(piece, joint)| piece + joint).unwrap_or_default();
        let parts = [Some(street), second, Some(city), Some(region), Some(code), last];
        parts.into_iter().flatten().fold(first, |text, (piece, joint)| text + piece + joint)
    });
    let loose = (piece(), joint()).prop_map(|(piece, joint)| piece + joint);
    proptest::collection::vec(prop_oneof![2 => address, 3 => loose], 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 40_000, ..ProptestConfig::default() })]

    #[test]
    fn addresses_are_those_of_the_simple_search(text in text()) {
        prop_assert_eq!(postal_address::addresses_in(&text), simple::addresses_in(&text));
        prop_assert_eq!(postal_address::is_full_address(&text), simple::is_full_address(&text));
    }

    #[test]
    fn street_lines_and_units_are_those_of_the_simple_search(
        pieces in proptest::collection::vec((piece(), prop::sample::select(JOINTS)), 0..4),
    ) {
        let text: String = pieces.into_iter().map(|(piece, joint)| piece + joint).collect();
        prop_assert_eq!(street::is_street_line(&text), simple_street::is_street_line(&text));
        prop_assert_eq!(street::is_unit(&text), simple_street::is_unit(&text));
    }
}
