//! Allow lists that are for some identifiers, objects or columns only.

use crate::program::{Files, Run, lakegate, run_command};

fn scan(list: &str, paths: &[&str]) -> Run {
    let files = Files::new()
        .with("drop/samples/a.csv", "ssn,note\n219-45-3456,SSN 219-45-3456\n")
        .with("drop/a.csv", "ssn,other ssn\n219-45-3456,219-45-3456\n")
        .with("drop/a.json", "{\"person\": {\"ssn\": [\"219-45-3456\"]}}")
        .with("drop/a.txt", "SSN 219-45-3456\n")
        .with("list.yaml", format!("name: sample\ncriteria:\n  regex: 219-45-34\\d\\d\n{list}"));
    let arguments = ["--allow-list", "list.yaml", "--format", "csv", "-q"];
    run_command(lakegate().current_dir(files.path()).arg("scan").args(paths).args(arguments))
}

/// What is still found, as file and columns.
fn found(list: &str, paths: &[&str]) -> Vec<String> {
    let run = scan(list, paths);
    assert_eq!(run.status, Some(0), "{run:?}");
    let mut reader = csv::Reader::from_reader(run.out.as_bytes());
    let names = reader.headers().unwrap().clone();
    let at = |name: &str| names.iter().position(|known| known == name).unwrap_or_else(|| panic!("{name} in {names:?}"));
    let (key, count) = (at("key"), at("count"));
    let mut found: Vec<String> = reader
        .records()
        .map(|row| row.unwrap())
        .filter(|row| !row[count].is_empty())
        .map(|row| format!("{} {}", &row[key], &row[count]))
        .collect();
    found.dedup();
    found
}

#[test]
fn a_list_without_a_scope_is_for_everything() {
    assert_eq!(found("", &["drop"]), Vec::<String>::new());
}

#[test]
fn a_list_for_identifiers_leaves_the_others() {
    assert_eq!(found("identifiers: [USA_SOCIAL_SECURITY_NUMBER]\n", &["drop"]), Vec::<String>::new());
    assert_eq!(found("identifiers: [CREDIT_CARD_NUMBER]\n", &["drop"]).len(), 4);
}

#[test]
fn a_list_for_objects_is_for_the_ends_of_their_paths_in_any_form() {
    let list = "objects: ['samples/*.csv', '*.txt']\n";
    assert_eq!(found(list, &["drop"]), ["a.csv 2", "a.json 1"]);
    for path in ["drop/samples", "./drop/samples/a.csv", "drop/samples/../samples/"] {
        assert_eq!(found(list, &[path]), Vec::<String>::new(), "{path}");
    }
    assert_eq!(found("objects: ['drop/']\n", &["drop"]), Vec::<String>::new());
}

#[test]
fn a_list_for_columns_is_for_record_members_too_and_not_for_running_text() {
    assert_eq!(found("columns: [SSN]\n", &["drop"]), ["a.csv 1", "a.txt 1", "samples/a.csv 1"]);
    assert_eq!(found("columns: [ssn, note]\nobjects: [samples/]\n", &["drop"]), ["a.csv 2", "a.json 1", "a.txt 1"]);
}

#[test]
fn a_wrong_scope_is_an_error_with_its_place() {
    for (list, message) in [
        ("identifiers: [SSN]\n", "there is no identifier \"SSN\""),
        ("objects: ['a[']\n", "list.yaml:4:11: this is no glob"),
        ("columns: []\n", "list.yaml:4:10: columns is empty"),
        ("columns: ssn\n", "columns is a list"),
        ("column: [ssn]\n", "did you mean \"columns\"?"),
    ] {
        let run = scan(list, &["drop"]);
        assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{list}");
        assert!(run.err.contains(message), "{list}: {}", run.err);
    }
}
