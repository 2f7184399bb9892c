//! Invented people, and one table of them.

/// Names of the columns.
pub const COLUMNS: [&str; 10] =
    ["first_name", "last_name", "ssn", "birth_date", "phone", "address", "city", "state", "zip", "credit_card"];

const NAMES: [(&str, &str); 12] = [
    ("James", "Miller"),
    ("Mary", "Johnson"),
    ("Robert", "Garcia"),
    ("Patricia", "Davis"),
    ("John", "Wilson"),
    ("Jennifer", "Anderson"),
    ("Michael", "Thompson"),
    ("Linda", "Martinez"),
    ("David", "Robinson"),
    ("Elizabeth", "Clark"),
    ("William", "Lewis"),
    ("Barbara", "Walker"),
];

const STREETS: [&str; 4] = ["Oak Street", "Sherman Avenue", "Maple Drive", "Chapel Road"];
const CITIES: [(&str, &str, &str); 4] =
    [("Houston", "TX", "77002"), ("Oakland", "CA", "94618"), ("Toledo", "OH", "43602"), ("Fort Worth", "TX", "76104")];

/// Rows of the table, one a person.
pub fn people() -> Vec<[String; 10]> {
    let person = |(index, (given, family)): (usize, &(&str, &str))| {
        let (city, state, zip) = CITIES[index % CITIES.len()];
        [
            (*given).to_owned(),
            (*family).to_owned(),
            format!("{}-{}-{}", 213 + 7 * index, 21 + index, 4821 + 13 * index),
            format!("19{}-0{}-1{}", 50 + index, 1 + index % 9, index % 10),
            format!("713-555-{:04}", 1200 + 37 * index),
            format!("{} {}", 309 + 11 * index, STREETS[index % STREETS.len()]),
            city.to_owned(),
            state.to_owned(),
            zip.to_owned(),
            card(index as u64),
        ]
    };
    NAMES.iter().enumerate().map(person).collect()
}

/// A number with a valid check digit (ISO/IEC 7812-1, annex B).
fn card(index: u64) -> String {
    let body = (455_673_758_689_900 + 7919 * index).to_string();
    let doubled = |(place, digit): (usize, u32)| if place % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit };
    let sum: u32 = body.chars().rev().filter_map(|digit| digit.to_digit(10)).enumerate().map(doubled).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}
