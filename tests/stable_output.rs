//! The same input gives the same bytes however it is scanned, and no output tells what was found.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use aho_corasick::AhoCorasick;
use lakegate::identifiers::builtin;
use program::{FORMATS, Files, compress, run};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::ops::Range;

const CUSTOM: &str = "identifiers/custom/synthea.yaml";

#[test]
fn any_number_of_threads_gives_identical_bytes_in_every_format() {
    // Files of several parts, whose results come in any order, beside small and broken ones.
    let patients = fs::read_to_string("fixtures/synthea/patients.csv").unwrap();
    let (header, rows) = patients.split_once('\n').unwrap();
    let encounters = fs::read("fixtures/synthea/encounters.csv").unwrap();
    let long = format!("{header}\n{}", rows.repeat(250));
    let truncated = compress(&encounters);
    let json: String = (0..9000).fold(String::new(), |mut lines, number| {
        let _ = writeln!(
            lines,
            "{{\"person\": {{\"ssn\": \"219-45-{:04}\", \"note\": \"PATIENT {number}\"}}}}",
            number % 9999 + 1
        );
        lines
    });
    let files = Files::new()
        .with("long.csv", &long)
        .with("long.csv.gz", compress(long.as_bytes()))
        .with("people.jsonl", json)
        .with("notes.txt", "Her social security number is 219-45-3456.\n".repeat(8000))
        .with("broken.csv.gz", &truncated[..truncated.len() / 2])
        .with("nul.csv", "id,ssn\n1,219-45-\x003456\n")
        .with("empty.csv", "");
    let folder = files.path().to_str().unwrap();
    for format in FORMATS {
        let scan = |threads: &str| {
            let folders = ["fixtures/synthea", folder];
            run(&["scan", folders[0], folders[1], "-q", "-i", CUSTOM, "--format", format, "-j", threads])
        };
        let one = scan("1");
        assert_eq!(one.status, Some(3), "{}", one.err);
        assert!(one.out.len() > 1000);
        for threads in ["2", "8"] {
            let many = scan(threads);
            assert!(many.out == one.out, "{format} differs with {threads} threads");
            assert_eq!((many.status, many.err), (one.status, one.err.clone()));
        }
        assert!(scan("8").out == one.out, "{format} differs from run to run");
    }
}

/// Values that must not be told, in files of all kinds that hold them.
struct Planted {
    files: Files,
    values: BTreeSet<String>,
}

impl Planted {
    fn new() -> Self {
        Self { files: Files::new(), values: BTreeSet::new() }
    }

    fn file(&mut self, name: &str, content: &str) {
        let files = std::mem::replace(&mut self.files, Files::new());
        self.files = files.with(name, content).with(&format!("gz/{name}.gz"), compress(content.as_bytes()));
    }

    fn value(&mut self, value: &str) {
        self.values.insert(value.to_owned());
        // Without what separates its groups it is the same secret.
        self.values.insert(value.chars().filter(|character| character.is_alphanumeric()).collect());
    }

    /// What must not be said: every value, and either half of its digest.
    fn needles(&self) -> Vec<String> {
        let mut needles: Vec<String> = self.values.iter().cloned().collect();
        for value in &self.values {
            let digest = Sha256::digest(value).iter().fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            });
            needles.extend([digest[..32].to_owned(), digest[32..].to_owned()]);
        }
        needles
    }

    /// Searches all that the program says in any format.
    fn search(&self) {
        let needles = self.needles();
        let search = AhoCorasick::builder().ascii_case_insensitive(true).build(&needles).unwrap();
        let folder = self.files.path().to_str().unwrap();
        for format in FORMATS {
            // Wide enough that no value is hidden by being cut.
            let arguments = ["scan", folder, "-i", CUSTOM, "--format", format];
            let run = program::run_command(program::lakegate().env("COLUMNS", "2000").args(arguments));
            assert!(run.out.contains("USA_SOCIAL_SECURITY_NUMBER"), "{format}: nothing was found");
            for (stream, text) in [("standard output", &run.out), ("standard error", &run.err)] {
                let said = search.find_overlapping_iter(text).find(|found| !is_chance(text, found.range()));
                if let Some(found) = said {
                    let start =
                        (0..=found.start().saturating_sub(200)).rev().find(|start| text.is_char_boundary(*start));
                    panic!("{format} on {stream}: {}", &text[start.unwrap()..found.end()]);
                }
            }
        }
    }
}

/// True for a few digits inside an id or a fingerprint, which are long and made from paths and names: of thousands of those,
/// some hold the digits of a short value.
fn is_chance(text: &str, found: Range<usize>) -> bool {
    let hexadecimal = |byte: &u8| byte.is_ascii_hexdigit();
    let before = text.as_bytes()[..found.start].iter().rev().take_while(|byte| hexadecimal(byte)).count();
    let behind = text.as_bytes()[found.end..].iter().take_while(|byte| hexadecimal(byte)).count();
    let inside = text.as_bytes()[found.clone()].iter().all(hexadecimal);
    found.len() < 16 && inside && before + found.len() + behind >= 32
}

#[test]
fn no_output_holds_a_value_of_any_identifier_or_its_digest() {
    let mut planted = Planted::new();
    planted.file("ssn.csv", "id,SSN\n1,219-45-3456\n2,219-45-3457\n");
    for (_, file) in builtin::documented() {
        for identifier in &file.identifiers {
            for (number, example) in (1..).zip(&identifier.examples) {
                // What is shorter stands in numbers, names and times that have nothing to do with it.
                let secrets = example.found.iter().filter(|value| value.chars().count() >= 7);
                for value in secrets {
                    planted.value(value);
                }
                let name = format!("{}-{number}", identifier.id.replace(['(', ')'], ""));
                let quoted = example.text.replace('"', "\"\"");
                match &example.column {
                    Some(column) => {
                        planted.file(
                            &format!("{name}.csv"),
                            &format!("id,\"{column}\"\n1,\"{quoted}\"\n2,\"{quoted}\"\n"),
                        );
                        let record = serde_json::json!({ column: example.text });
                        planted.file(&format!("{name}.json"), &record.to_string());
                        planted.file(&format!("{name}.jsonl"), &format!("{record}\n{record}\n"));
                        // Broken half-way, so that the rest is read as text.
                        planted.file(&format!("{name}-broken.json"), &format!("{{\"a\": {record}, oops {record}"));
                        planted.file(
                            &format!("{name}-broken.csv"),
                            &format!("id,\"{column}\"\n1,\"{quoted}\"\n2,\"{quoted}\n"),
                        );
                    }
                    None => planted.file(&format!("{name}.txt"), &example.text),
                }
            }
        }
    }
    assert!(planted.values.len() > 150, "{} values", planted.values.len());
    planted.search();
}

#[test]
fn a_column_name_that_is_itself_a_value_is_not_shown() {
    let mut planted = Planted::new();
    planted.file("plain.csv", "id,SSN\n1,219-45-3456\n");
    planted.file("header.csv", "id,SSN 219-45-3461\n1,219-45-3462\n2,219-45-3463\n");
    planted.file("note.csv", "id,ssn,note\n219-45-3464,219-45-3465,SSN 219-45-3466\n");
    planted.file("bare.csv", "id,219-45-3467,ssn\n1,x,219-45-3468\n2,x,219-45-3469\n");
    planted.file("card.csv", "card number 4012888888881881,card number\n4012888888881881,5555555555554444\n");
    for value in ["219-45-3456", "4012888888881881", "5555555555554444"] {
        planted.value(value);
    }
    for last in 3461..=3469 {
        planted.value(&format!("219-45-{last}"));
    }
    planted.search();
}

#[test]
fn a_member_name_that_is_itself_a_value_is_not_shown() {
    let mut planted = Planted::new();
    planted.file("plain.json", "{\"ssn\": \"219-45-3456\"}");
    planted.file("bare.json", "{\"ssn\": {\"219-45-3461\": {\"ssn\": \"219-45-3462\"}}}");
    planted.file("named.json", "{\"SSN 219-45-3463\": {\"ssn\": \"219-45-3464\"}}");
    planted.file(
        "lines.jsonl",
        "{\"people\": {\"219-45-3465\": {\"ssn\": \"219-45-3466\"}}}\n{\"219453467\": {\"ssn\": \"219-45-3468\"}}\n",
    );
    planted.file("mail.json", "{\"4012888888881881\": {\"ssn\": \"219-45-3469\"}}");
    planted.value("219-45-3456");
    planted.value("4012888888881881");
    for last in 3461..=3469 {
        planted.value(&format!("219-45-{last}"));
    }
    planted.search();
}
