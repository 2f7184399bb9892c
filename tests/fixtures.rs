//! The sample data in `fixtures/synthea/` and the program that generates it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "../fixtures/generator/mod.rs"]
mod generator;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::rc::Rc;

use generator::{Extra, Plan, Volume};

/// Lines of the files of the sample of April 2020, headers included.
const APRIL_2020: [(&str, u64); 16] = [
    ("allergies.csv", 598),
    ("careplans.csv", 3_484),
    ("conditions.csv", 8_377),
    ("devices.csv", 79),
    ("encounters.csv", 53_347),
    ("imaging_studies.csv", 856),
    ("immunizations.csv", 15_479),
    ("medications.csv", 42_990),
    ("observations.csv", 299_698),
    ("organizations.csv", 1_120),
    ("patients.csv", 1_172),
    ("payer_transitions.csv", 3_802),
    ("payers.csv", 11),
    ("procedures.csv", 34_982),
    ("providers.csv", 5_856),
    ("supplies.csv", 1),
];

/// Files by name.
type Files = BTreeMap<String, Vec<u8>>;

/// A writer whose bytes stay readable after the generator has dropped it.
#[derive(Default, Clone)]
struct Memory(Rc<RefCell<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn plan(seed: u64, patients: u64) -> Plan {
    Plan { seed, volume: Volume::Patients(patients), grow_to: 0, also: Vec::new(), also_size: 0 }
}

/// What the README's command writes to `fixtures/synthea/`.
fn committed_plan() -> Plan {
    plan(2020, 22)
}

fn generate(plan: &Plan) -> Files {
    let mut opened: Vec<(String, Memory)> = Vec::new();
    let written = generator::generate(plan, |name| {
        let memory = Memory::default();
        opened.push((name.to_owned(), memory.clone()));
        Ok(Box::new(memory))
    })
    .unwrap();
    let files: Files = opened.into_iter().map(|(name, memory)| (name, memory.0.take())).collect();
    for file in written {
        assert_eq!(file.bytes, files[file.name].len() as u64, "the reported size of {}", file.name);
    }
    files
}

/// The rows of a file, each as a map from column to cell.
fn rows(files: &Files, name: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(files[name].as_slice()).deserialize().collect::<Result<_, _>>().unwrap()
}

fn column(files: &Files, name: &str, column: &str) -> Vec<String> {
    rows(files, name).into_iter().map(|mut row| row.remove(column).unwrap()).collect()
}

#[test]
fn the_committed_set_is_what_the_generator_writes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/synthea");
    let generated = generate(&committed_plan());
    let on_disk: Files = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    assert_eq!(on_disk.keys().collect::<Vec<_>>(), generated.keys().collect::<Vec<_>>());
    for (name, bytes) in &generated {
        assert!(on_disk[name] == *bytes, "{name} differs from what the generator writes");
    }
    assert!(generated.values().map(Vec::len).sum::<usize>() < 2_000_000);
}

#[test]
fn the_preset_has_the_line_counts_of_april_2020_and_every_row_fits_its_header() {
    let folder = tempfile::tempdir().unwrap();
    let preset = Plan { volume: Volume::April2020, ..plan(2020, 0) };
    let written = generator::generate(&preset, |name| {
        Ok(Box::new(BufWriter::with_capacity(1 << 20, File::create(folder.path().join(name))?)))
    })
    .unwrap();
    let total: u64 = written.iter().map(|file| file.bytes).sum();
    assert!((81_000_000..83_000_000).contains(&total), "{total} bytes");
    let mut reported: Vec<_> = written.iter().map(|file| (file.name, file.rows)).collect();
    reported.sort_unstable();
    assert_eq!(reported, APRIL_2020);
    for (name, lines) in APRIL_2020 {
        let path = folder.path().join(name);
        let content = fs::read(&path).unwrap();
        assert_eq!(memchr::memchr_iter(b'\n', &content).count() as u64, lines, "lines of {name}");
        assert!(!content.contains(&b'\r'), "{name} has LF line ends");
        let mut reader = csv::Reader::from_path(&path).unwrap();
        let mut record = csv::ByteRecord::new();
        let mut records = 1;
        // The reader refuses a row that is longer or shorter than the header.
        while reader.read_byte_record(&mut record).unwrap() {
            records += 1;
        }
        assert_eq!(records, lines, "rows of {name}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_gives_others() {
    let (first, again, other) = (generate(&plan(7, 5)), generate(&plan(7, 5)), generate(&plan(8, 5)));
    assert!(first == again);
    for (name, bytes) in &first {
        assert_eq!(other[name] == *bytes, name == "supplies.csv", "{name} of two seeds");
    }
}

#[test]
fn rows_refer_to_patients_encounters_and_organisations_that_exist() {
    let files = generate(&committed_plan());
    let ids = |name: &str| column(&files, name, "Id").into_iter().collect::<HashSet<_>>();
    let targets = [
        ("PATIENT", ids("patients.csv")),
        ("ENCOUNTER", ids("encounters.csv")),
        ("ORGANIZATION", ids("organizations.csv")),
        ("PROVIDER", ids("providers.csv")),
        ("PAYER", ids("payers.csv")),
    ];
    assert_eq!(targets[0].1.len(), 22, "ids are unique");
    let mut references = 0;
    for name in files.keys() {
        for row in rows(&files, name) {
            for (name_of_column, existing) in &targets {
                if let Some(id) = row.get(*name_of_column).filter(|id| !id.is_empty()) {
                    assert!(existing.contains(id), "{name_of_column} {id} in {name}");
                    references += 1;
                }
            }
        }
    }
    assert!(references > 10_000);
}

/// The dihedral group's product and the permutation of Verhoeff's scheme (J. Verhoeff, "Error Detecting Decimal Codes",
/// 1969), computed instead of tabulated.
fn verhoeff_holds(code: &str) -> bool {
    fn product(a: u32, b: u32) -> u32 {
        match (a < 5, b < 5) {
            (true, true) => (a + b) % 5,
            (true, false) => (a + b - 5) % 5 + 5,
            (false, true) => (a - 5 + 5 - b) % 5 + 5,
            (false, false) => (a + 5 - b) % 5,
        }
    }
    const PERMUTATION: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let digits = code.chars().rev().map(|digit| digit.to_digit(10).unwrap());
    let sum = (0_u32..).zip(digits).fold(0, |sum, (position, digit)| {
        let permuted = (0..position % 8).fold(digit, |digit, _| PERMUTATION[digit as usize]);
        product(sum, permuted)
    });
    sum == 0
}

/// The mod 10 check digit of the LOINC Users' Guide: every second digit doubled, from the right.
fn loinc_holds(code: &str) -> bool {
    let (number, check) = code.split_once('-').unwrap();
    let sum: u32 = (0..)
        .zip(number.chars().rev())
        .map(|(position, digit)| digit.to_digit(10).unwrap() * if position % 2 == 0 { 2 } else { 1 })
        .map(|digit| digit / 10 + digit % 10)
        .sum();
    check.parse() == Ok((10 - sum % 10) % 10)
}

#[test]
fn snomed_and_loinc_codes_carry_a_valid_check_digit() {
    assert!(!verhoeff_holds("59621001") && !loinc_holds("8302-3"), "a wrong digit is noticed");
    // Enough patients for every code that the generator knows to come up.
    let files = generate(&plan(1, 60));
    let snomed_columns = [
        ("allergies.csv", "CODE"),
        ("careplans.csv", "CODE"),
        ("careplans.csv", "REASONCODE"),
        ("conditions.csv", "CODE"),
        ("devices.csv", "CODE"),
        ("encounters.csv", "CODE"),
        ("encounters.csv", "REASONCODE"),
        ("imaging_studies.csv", "BODYSITE_CODE"),
        ("medications.csv", "REASONCODE"),
        ("procedures.csv", "CODE"),
        ("procedures.csv", "REASONCODE"),
    ];
    let mut snomed = HashSet::new();
    for (name, name_of_column) in snomed_columns {
        snomed.extend(column(&files, name, name_of_column).into_iter().filter(|code| !code.is_empty()));
    }
    for code in &snomed {
        assert!(verhoeff_holds(code), "SNOMED CT {code}");
    }
    let mut loinc: HashSet<_> = column(&files, "observations.csv", "CODE").into_iter().collect();
    loinc.retain(|code| !matches!(code.as_str(), "QALY" | "DALY" | "QOLS"));
    for code in &loinc {
        assert!(loinc_holds(code), "LOINC {code}");
    }
    assert!(snomed.len() > 100 && loinc.len() > 40, "{} and {} codes", snomed.len(), loinc.len());
}

/// How many of the values `accepts` is true for.
fn count(values: &[String], accepts: impl Fn(&str) -> bool) -> usize {
    values.iter().filter(|value| accepts(value)).count()
}

fn digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[test]
fn the_committed_set_has_the_counts_that_its_readme_states() {
    let files = generate(&committed_plan());
    let of_patients = |name| column(&files, "patients.csv", name);
    let passport = |text: &str, length| {
        text.strip_prefix('X').and_then(|rest| rest.strip_suffix('X')).is_some_and(|number| digits(number, length))
    };
    let readme = include_str!("../fixtures/README.md");
    let states = |what: &str, count: usize| {
        assert!(count > 0, "no {what} in the set");
        let line = format!("| {what} | {count} |");
        assert!(readme.lines().any(|stated| stated == line), "README.md lacks the line: {line}");
    };
    states("patients", of_patients("Id").len());
    states(
        "SSN of the form 999-nn-nnnn",
        count(&of_patients("SSN"), |text| text.starts_with("999-") && text.len() == 11),
    );
    let licence = |text: &str| text.strip_prefix("S999").is_some_and(|number| digits(number, 5));
    states("driving licences S999nnnnn", count(&of_patients("DRIVERS"), licence));
    states("empty driving licences", count(&of_patients("DRIVERS"), str::is_empty));
    states("passports with eight digits", count(&of_patients("PASSPORT"), |text| passport(text, 8)));
    states("passports with seven digits", count(&of_patients("PASSPORT"), |text| passport(text, 7)));
    states("empty passports", count(&of_patients("PASSPORT"), str::is_empty));
    states("patients who died", count(&of_patients("DEATHDATE"), |text| !text.is_empty()));
    let beyond_ascii = |text: &str| !text.is_ascii();
    let names = [of_patients("FIRST"), of_patients("LAST"), column(&files, "providers.csv", "NAME")].concat();
    states("names with letters outside ASCII", count(&names, beyond_ascii));
    states("empty postal codes", count(&of_patients("ZIP"), str::is_empty));
    let phones = column(&files, "organizations.csv", "PHONE");
    states("telephone numbers in ten digits", count(&phones, |text| digits(text, 10)));
    states("telephone numbers with dashes", count(&phones, |text| text.split('-').count() == 3));
    states("toll-free numbers 1-8nn-", count(&column(&files, "payers.csv", "PHONE"), |text| text.starts_with("1-8")));
    let uninsured = |row: &&BTreeMap<String, String>| row["NAME"] == "NO_INSURANCE" && row["PHONE"].is_empty();
    states("payers NO_INSURANCE without address", rows(&files, "payers.csv").iter().filter(uninsured).count());
    states("device identifiers (UDI)", count(&column(&files, "devices.csv", "UDI"), |text| text.starts_with("(01)")));
    let values = column(&files, "observations.csv", "VALUE");
    states("observed values with ten decimals or more", {
        count(&values, |text| text.split_once('.').is_some_and(|(_, decimals)| decimals.len() >= 10))
    });
    states("observed values in words", count(&column(&files, "observations.csv", "TYPE"), |text| text == "text"));
    states("observed scores", count(&column(&files, "observations.csv", "UNITS"), |text| text == "{score}"));
    states("observations without encounter", count(&column(&files, "observations.csv", "ENCOUNTER"), str::is_empty));
}

#[test]
fn a_set_grows_to_the_size_asked_for_by_further_observations() {
    let small = generate(&plan(3, 4));
    let grown = generate(&Plan { grow_to: 3_000_000, ..plan(3, 4) });
    let total: usize = grown.values().map(Vec::len).sum();
    assert!((3_000_000..3_001_000).contains(&total), "{total} bytes");
    for (name, bytes) in &small {
        assert!(grown[name].starts_with(bytes), "{name} begins as the small one does");
        assert_eq!(grown[name].len() > bytes.len(), name == "observations.csv");
    }
    assert!(column(&grown, "observations.csv", "PATIENT").len() > 10_000);
}

#[test]
fn further_formats_are_written_on_demand() {
    let also = vec![Extra::Notes, Extra::ObservationsJsonl, Extra::Log];
    let files = generate(&Plan { also, also_size: 300_000, ..plan(4, 3) });
    let notes = column(&files, "notes.csv", "TEXT");
    assert!((300_000..310_000).contains(&files["notes.csv"].len()));
    assert!(count(&notes, |text| text.contains('\n')) > 100 && count(&notes, |text| text.contains('"')) > 100);
    assert!(
        count(&notes, |text| text.contains("SSN ")) > 50 && count(&notes, |text| text.contains("credit card ")) > 50
    );

    let values = column(&files, "observations.csv", "VALUE");
    let lines = String::from_utf8(files["observations.jsonl"].clone()).unwrap();
    let objects: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), values.len());
    for (object, value) in objects.iter().zip(&values) {
        match &object["VALUE"] {
            serde_json::Value::String(text) => assert_eq!(text, value),
            number => assert_eq!(number.as_f64(), value.parse().ok()),
        }
    }

    let log = String::from_utf8(files["booking.log"].clone()).unwrap();
    assert!((300_000..301_000).contains(&log.len()));
    assert!(log.lines().all(|line| line.starts_with("2020-04-2")) && log.contains(" ssn ") && log.contains("born "));
}
