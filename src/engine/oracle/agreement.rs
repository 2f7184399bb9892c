//! The judge agrees with the simple search on texts made of telling pieces.

use super::judge::Judge as Simple;
use crate::engine::Engine;
use crate::engine::judge::Judge;
use crate::engine::plan::{FieldPlan, NameUse};
use crate::identifiers::builtin;
use crate::identifiers::custom_load;
use crate::identifiers::custom_match::CompiledCustom;
use crate::identifiers::set::ManagedSet;
use proptest::prelude::*;
use std::cell::RefCell;
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let managed = ManagedSet::new(builtin::managed(), |_| true).expect("the built-in identifiers are sound");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/identifiers/custom/synthea.yaml");
    let custom = custom_load::load(&[file.into()]).expect("the custom identifiers are sound");
    Engine::new(managed, custom.iter().map(|custom| CompiledCustom::new(custom).expect("sound")).collect())
});

/// Texts for which an identifier file says what is found in them, and each keyword and anchor.
static PIECES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut pieces: Vec<String> = Vec::new();
    for (_, file) in builtin::documented() {
        for identifier in &file.identifiers {
            pieces.extend(identifier.keywords.iter().chain(&identifier.more_keywords).cloned());
            pieces.extend(identifier.examples.iter().map(|example| example.text.clone()));
            pieces.extend(identifier.examples.iter().flat_map(|example| example.found.clone()));
            pieces.extend(identifier.counter_examples.iter().map(|example| example.text.clone()));
            pieces.extend(identifier.patterns.iter().flat_map(|pattern| pattern.anchors.clone()));
        }
    }
    pieces.retain(|piece| piece.len() < 400);
    pieces
});

const NAMES: &[&str] = &[
    "Mary",
    "Smith",
    "SMITH",
    "mary",
    "smith",
    "pallavi",
    "dubey",
    "Dr.",
    "J.",
    "van",
    "de la",
    "O'Brien",
    "Jean-Luc",
    "Lars",
    "Ödegård",
    "Wal\u{200B}ker",
    "Gerardo48",
    "Rentería94",
    "Hospital",
    "Street",
    "Jr.",
    "Mary's",
    "McDonald",
    "don't",
    "James",
    "Robert",
    "LOPEZ,",
    "Patient:",
    "my name is",
    "Mr.",
    "Paris",
    "Jackson,",
    "Иван",
    "Name: ",
    "and",
    "the",
    "Officer",
    "San",
    "University",
    "Texas",
    "Brown,",
    "A",
    "B.C.",
    "iPhone",
    "user_",
    "Del",
    "rio",
    "\u{A0}",
    "Zhang",
    "wei",
    "Prof",
    "Mrs",
];
const PLACES: &[&str] = &[
    "452 Maple St, Apt 3B, Springfield, IL 62704",
    "IL 62704-1234",
    "P.O. Box 14370, Salem, OR 97309",
    "Hauptstraße 5, 10115 Berlin",
    "12 rue de la Paix, 75002 Paris",
    "Via Roma 3, 00184 Roma",
    "10 Downing Street, London SW1A 2AA",
    "63 Shreve Street, Digby, NS B0V 1A0",
    "12 George St, Sydney NSW 2000",
    "7500 Blessing Avenue\nAustin, Texas 78752",
    "Suite 200",
    "MA 01843",
    "D-60311 Frankfurt",
    "Apt 85",
    "529 Fairbanks",
    "Lawrence,",
    "Unit 4181 Box 1281",
    "DPO AA 57553",
    "Room 12",
    "Lange Straße 12a",
    "Calle Mayor 7",
    "28013 Madrid",
    "K1A 0B1",
    "2000",
    "Main Street",
    "Oak Ln",
    "New York",
    "British Columbia",
    "402 Willow Creek Road Denver CO 80202",
    "1/55",
    "Am Markt 3",
];
const NUMBERS: &[&str] = &[
    "219-09-4821",
    "4111 1111 1111 1111",
    "4111111111111111",
    "5500-0000-0000-0004",
    "617-242-2714",
    "(617) 242-2714",
    "+49 30 1234567",
    "0049 30 1234567",
    "GB29 NWBK 6016 1331 9268 19",
    "gb29nwbk60161331926819",
    "593aaa05-d864-1df7-5b96-155fbdb19f28",
    "1985-05-12",
    "12.5",
    "S12345678",
    "X12345678X",
    "05/12/1985",
    "$120",
    "1",
    "22",
    "333",
    "4444",
    "55555",
    "666666",
    "88888888",
    "999999999",
    "1234567890",
    "12345678901234",
    "00",
    "+",
    "AB123456C",
    "123,456,789",
    "12:30:45",
    "2020-04-21T00:00:00Z",
    "A1",
    "B2B",
    "0800 123 4567",
];
const JOINTS: &[&str] = &[
    " ",
    " ",
    " ",
    " ",
    " ",
    " ",
    " ",
    "  ",
    ", ",
    ". ",
    ": ",
    "\n",
    "\n\n",
    "-",
    "_",
    "/",
    "=",
    "\"",
    "'",
    "(",
    ")",
    ";",
    "\t",
    "",
    "",
    "é",
    "\u{2019}",
    "#",
    "@",
    "\\n",
    ":",
    " is ",
    " the word before it and a few more ",
    " 0123456789 and much that keeps them apart, so that no keyword is near any more, however long the way may be made: ",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => any::<prop::sample::Index>().prop_map(|index| index.get(&PIECES).clone()),
        3 => prop::sample::select(NAMES).prop_map(String::from),
        2 => prop::sample::select(PLACES).prop_map(String::from),
        4 => prop::sample::select(NUMBERS).prop_map(String::from),
        1 => "[A-Za-z0-9]{1,12}",
        1 => "\\PC{1,4}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    let joint = prop::sample::select(JOINTS);
    proptest::collection::vec((piece(), joint), 0..40).prop_map(|pieces| {
        let mut text = String::new();
        for (piece, joint) in pieces {
            text.push_str(&piece);
            text.push_str(joint);
        }
        text
    })
}

thread_local! {
    static JUDGES: RefCell<(Simple, Judge)> = RefCell::default();
}

fn shown(text: &str, found: &[(usize, usize, u16)]) -> Vec<(usize, String, String)> {
    let name = |index: u16| ENGINE.managed.identifiers.get(usize::from(index)).map(|known| known.reference.id.clone());
    let show = |&(start, end, index): &(usize, usize, u16)| {
        (start, text[start..end].to_string(), name(index).unwrap_or_else(|| "custom".into()))
    };
    found.iter().map(show).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn running_text_is_judged_as_the_simple_search_judges_it(text in text()) {
        JUDGES.with_borrow_mut(|(simple, judge)| {
            let expected = shown(&text, simple.running(&ENGINE, &text));
            prop_assert_eq!(shown(&text, judge.running(&ENGINE, &text)), expected);
            Ok(())
        })?;
    }

    #[test]
    fn values_are_judged_as_the_simple_search_judges_them(
        text in text(),
        name in any::<prop::sample::Index>(),
        names in prop::sample::select(&[NameUse::None, NameUse::Whole, NameUse::Given, NameUse::Running][..]),
        (named, full_address, running_text) in any::<(bool, bool, bool)>(),
    ) {
        let name = if named { name.get(&PIECES).as_str() } else { "note" };
        let plan = FieldPlan { names, full_address, running_text, ..FieldPlan::from_names(&ENGINE, &[name]) };
        JUDGES.with_borrow_mut(|(simple, judge)| {
            let expected = shown(&text, simple.ranges(&ENGINE, &plan, &text));
            prop_assert_eq!(shown(&text, judge.ranges(&ENGINE, &plan, &text)), expected);
            Ok(())
        })?;
    }
}
