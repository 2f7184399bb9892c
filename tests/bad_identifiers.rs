//! What the program does with definitions and settings that are wrong: it says where and why, and scans nothing.

mod program;

use program::{Files, Run, run};

/// Scans with one file of definitions that is wrong.
fn scan_with(name: &str, definitions: &str) -> (Files, Run) {
    let files = Files::new().with("data/a.csv", "id,SSN\n1,219-45-3456\n").with(name, definitions);
    let run = run(&["scan", &files.file("data"), "-i", &files.file(name), "--format", "json"]);
    (files, run)
}

fn is_refused(run: &Run) {
    assert_eq!(run.status, Some(2), "{run:?}");
    assert_eq!(run.out, "", "nothing stands on standard output");
    assert!(!run.err.contains("Examined"), "{}", run.err);
}

#[test]
fn a_wrong_definition_is_refused_with_its_file_line_and_column_and_nothing_is_scanned() {
    let long = format!("name: A\nregex: '{}'\n", "a".repeat(513));
    for (definitions, place, message) in [
        ("name: A\nregex: '['\n", "2:8", "regex"),
        ("name: A\nregex: 'a(?=b)'\n", "2:8", "look"),
        ("name: A\nregex: '(?<!a)b'\n", "2:8", "look"),
        ("name: A\nregex: '(a)\\1'\n", "2:8", "backreference"),
        (&long, "2:8", "512"),
        ("name: A\nregex: a\nkeywords: [PATIENT, id]\n", "3:21", "\"id\" has 2 characters"),
        (
            "name: A\nregex: a\nseverityLevels:\n  - {occurrencesThreshold: 9, severity: LOW}\n  - {occurrencesThreshold: 5, severity: HIGH}\n",
            "5:",
            "threshold",
        ),
        ("name: A\nregex: a\nkeyword: [PATIENT]\n", "3:1", "keyword"),
        ("name: A\nregex: [a\n", "", ""),
        ("name: A\n  regex: a\n", "2:", ""),
    ] {
        let (files, run) = scan_with("custom.yaml", definitions);
        is_refused(&run);
        let expected = format!("{}:{place}", files.file("custom.yaml"));
        assert!(run.err.contains(&expected), "{definitions}\n{}", run.err);
        assert!(run.err.to_lowercase().contains(&message.to_lowercase()), "{definitions}\n{}", run.err);
        assert!(run.err.starts_with("lakegate: "), "{}", run.err);
    }
}

#[test]
fn all_mistakes_of_all_files_are_told_at_once() {
    let (files, _) = scan_with("x/a.yaml", "name: A\nregex: '['\nkeywords: [ab]\n");
    let files = files.with("x/b.json", "{\"name\": \"B\", \"regex\": \"a\", \"colour\": 1}");
    let run = run(&["scan", &files.file("data"), "-i", &files.file("x")]);
    is_refused(&run);
    for place in ["a.yaml:2:8", "a.yaml:3:12", "b.json:1:29"] {
        assert!(run.err.contains(place), "{place}\n{}", run.err);
    }
}

#[test]
fn a_definition_file_that_is_not_there_or_is_no_text_is_refused() {
    let files =
        Files::new().with("a.csv", "id\n1\n").with("raw.yaml", [0xff, 0xfe, 0x00, 0x80]).with("none/readme.md", "");
    for definitions in [files.file("no.yaml"), files.file("raw.yaml"), files.file("none")] {
        let run = run(&["scan", &files.file("a.csv"), "-i", &definitions]);
        is_refused(&run);
        assert!(run.err.contains(&definitions), "{}", run.err);
    }
}

#[test]
fn wrong_settings_are_refused_and_a_near_name_is_offered() {
    let files = Files::new().with("a.csv", "id,SSN\n1,219-45-3456\n");
    let file = files.file("a.csv");
    for (arguments, message) in [
        (vec!["--managed", "USA_SOCIAL_SECURITY_NUMBERS"], "USA_SOCIAL_SECURITY_NUMBER"),
        (vec!["--managed", "recommended,NO_SUCH"], "recommended"),
        (vec!["--exclude-managed", "NO_SUCH"], "NO_SUCH"),
        (vec!["--managed", "none"], "no identifier"),
        (vec!["--format", "xml"], "xml"),
        (vec!["--fail-on", "severe"], "severe"),
        (vec!["--account", "123"], "twelve digits"),
        (vec!["-j", "0"], "0"),
        (vec!["--no-such-option"], "--no-such-option"),
        (vec!["-o", "/no/such/folder/out.json"], "/no/such/folder/out.json"),
        (vec!["/no/such/file.csv"], "/no/such/file.csv"),
    ] {
        let run = run(&[&["scan", &file][..], &arguments].concat());
        is_refused(&run);
        assert!(run.err.contains(message), "{arguments:?}\n{}", run.err);
    }
    is_refused(&run(&["scan"]));
    is_refused(&run(&[]));
}

#[test]
fn a_time_that_is_none_is_refused() {
    let files = Files::new().with("a.csv", "id,SSN\n1,219-45-3456\n");
    let mut command = program::lakegate();
    let run = program::run_command(command.args(["scan", &files.file("a.csv")]).env("SOURCE_DATE_EPOCH", "today"));
    is_refused(&run);
    assert!(run.err.contains("SOURCE_DATE_EPOCH"), "{}", run.err);
}
