//! A baseline from the outside: whatever way the data is scanned, it says the same, and it hides nothing.

use crate::program::{Files, Run, compress, lakegate, run_command};
use crate::repository::table;
use std::fs;

fn files() -> Files {
    Files::new()
        .with("drop/people.csv", table(3))
        .with("drop/in/notes.txt", "Her social security number is 219-45-3456.\n")
        .with("drop/in/people.jsonl", "{\"person\": {\"ssn\": [\"219-45-3456\", \"219-45-3457\"]}}\n")
        .with("drop/people.csv.gz", compress(table(2).as_bytes()))
        .with("drop/plain.csv", "id,count\n1,2\n")
}

fn run_in(files: &Files, folder: &str, arguments: &[&str]) -> Run {
    run_command(lakegate().current_dir(files.path().join(folder)).args(arguments))
}

fn written(files: &Files) -> String {
    fs::read_to_string(files.file("lakegate.baseline")).unwrap()
}

#[test]
fn an_entry_is_object_place_identifier_and_count_one_a_line_and_sorted() {
    let files = files();
    let run = run_in(&files, "", &["baseline", "write", "drop"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    let expected = [
        r#"{"lakegate":"baseline","version":1}"#,
        r#"{"object":"drop/in/notes.txt","identifier":"USA_SOCIAL_SECURITY_NUMBER","count":1}"#,
        r#"{"object":"drop/in/people.jsonl","path":"$.person.ssn[*]","identifier":"USA_SOCIAL_SECURITY_NUMBER","count":2}"#,
        r#"{"object":"drop/people.csv","column":"SSN","identifier":"USA_SOCIAL_SECURITY_NUMBER","count":3}"#,
        r#"{"object":"drop/people.csv.gz","column":"SSN","identifier":"USA_SOCIAL_SECURITY_NUMBER","count":2}"#,
    ];
    assert_eq!(written(&files).lines().collect::<Vec<_>>(), expected);
    assert!(!run.err.contains("219-45") && run.err.contains("4 entries for 8 occurrences"), "{}", run.err);
}

#[test]
fn any_thread_count_path_form_working_folder_and_order_gives_the_same_baseline_and_finds_nothing_new() {
    let files = files();
    let absolute = files.file("drop");
    let forms: &[(&str, &[&str])] = &[
        ("", &["drop"]),
        ("", &["./drop/"]),
        ("", &[&absolute]),
        ("", &["drop/in", "drop/people.csv.gz", "./drop/people.csv", "drop/plain.csv"]),
        ("", &["drop/people.csv.gz", "drop/people.csv", "drop/../drop/in"]),
        ("drop", &["."]),
        ("drop/in", &["..", "."]),
        ("drop", &["in", "people.csv", "people.csv.gz"]),
    ];
    let mut first = None;
    for (folder, paths) in forms {
        for threads in ["1", "2", "8"] {
            let up = "../".repeat(folder.split('/').filter(|part| !part.is_empty()).count());
            let file = format!("{up}lakegate.baseline");
            let options = ["--file", &file, "-j", threads];
            let run = run_in(&files, folder, &[&["baseline", "write", "--force"], *paths, &options].concat());
            assert_eq!(run.status, Some(0), "{folder} {paths:?}: {run:?}");
            let first = first.get_or_insert_with(|| written(&files));
            assert_eq!(&written(&files), first, "{folder} {paths:?} {threads}");
            let check = run_in(&files, folder, &[&["baseline", "check"], *paths, &options].concat());
            assert_eq!(check.status, Some(0), "{folder} {paths:?}: {check:?}");
            let arguments = [&["scan", "--fail-on", "low", "--baseline", &file, "--format", "json"], *paths].concat();
            let scan = run_in(&files, folder, &arguments);
            assert_eq!((scan.status, scan.json()["findings"].as_array().unwrap().len()), (Some(0), 0));
        }
    }
}

#[test]
fn what_is_accepted_does_not_fail_and_is_told_and_shown_when_asked_for() {
    let files = files();
    run_in(&files, "", &["baseline", "write", "drop"]);
    let scan = |more: &[&str]| {
        run_in(&files, "", &[&["scan", "drop", "--fail-on", "low", "--baseline", "lakegate.baseline"], more].concat())
    };
    let table = scan(&[]);
    assert_eq!(table.status, Some(0));
    assert!(
        table.err.contains("No findings") && table.err.contains("Accepted by the baseline: 8 occurrences in 4 objects")
    );
    for format in ["json", "jsonl"] {
        let shown = scan(&["--format", format, "--include-archived"]);
        assert_eq!(shown.out.matches("\"archived\"").count(), 4, "{}", shown.out);
        assert!(!shown.out.contains("\"archived\":false") && !shown.out.contains("\"archived\": false"));
    }
    assert_eq!(scan(&["--format", "events"]).out, "");
    // The full record of what was analysed stays full, and so does its id.
    let plain = run_in(&files, "", &["scan", "drop", "--format", "results"]);
    assert_eq!(scan(&["--format", "results"]).out, plain.out);
}

#[test]
fn more_of_the_same_or_elsewhere_is_new_and_keeps_its_full_count() {
    let files = files();
    run_in(&files, "", &["baseline", "write", "drop"]);
    fs::write(files.file("drop/people.csv"), table(5)).unwrap();
    fs::write(files.file("drop/new.csv"), table(1)).unwrap();
    let arguments = ["scan", "drop", "--baseline", "lakegate.baseline", "--fail-on", "low", "--format", "json"];
    let run = run_in(&files, "", &arguments);
    assert_eq!(run.status, Some(1));
    let findings = run.json()["findings"].clone();
    let found: Vec<_> = findings
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let count = &finding["classificationDetails"]["result"]["sensitiveData"][0]["detections"][0]["count"];
            (finding["resourcesAffected"]["s3Object"]["key"].as_str().unwrap(), count.as_u64().unwrap())
        })
        .collect();
    assert_eq!(found, [("new.csv", 1), ("people.csv", 5)]);
    assert!(run.err.contains("drop/people.csv, column SSN, USA_SOCIAL_SECURITY_NUMBER: 5 found, 3 of them accepted"));
    let check = run_in(&files, "", &["baseline", "check", "drop"]);
    assert_eq!(check.status, Some(1));
    assert!(
        check.err.contains("New:\n  drop/new.csv, column SSN, USA_SOCIAL_SECURITY_NUMBER: 1 found"),
        "{}",
        check.err
    );
}

#[test]
fn an_edit_elsewhere_in_a_file_changes_nothing() {
    let files = files();
    run_in(&files, "", &["baseline", "write", "drop"]);
    let before = written(&files);
    let moved = table(3).replace("id,SSN\n", "id,SSN\n7,\n8,\n9,\n");
    fs::write(files.file("drop/people.csv"), moved).unwrap();
    fs::write(files.file("drop/in/notes.txt"), "A line.\n\nHer social security number is 219-45-3456.\n").unwrap();
    assert_eq!(run_in(&files, "", &["baseline", "check", "drop"]).status, Some(0));
    run_in(&files, "", &["baseline", "update", "drop"]);
    assert_eq!(written(&files), before);
}

#[test]
fn a_new_value_on_a_line_that_holds_an_accepted_one_is_new() {
    let files = files();
    run_in(&files, "", &["baseline", "write", "drop"]);
    let text = "Her social security number is 219-45-3456. Their social security number is 219-45-3999.\n";
    fs::write(files.file("drop/in/notes.txt"), text).unwrap();
    let run = run_in(&files, "", &["scan", "drop", "--baseline", "lakegate.baseline", "--fail-on", "low"]);
    assert_eq!(run.status, Some(1));
    assert!(run.err.contains("2 found, 1 of them accepted"), "{}", run.err);
}

#[test]
fn what_is_no_more_is_told_by_check_and_scan_and_lowered_by_update_which_keeps_reasons() {
    let files = files();
    let note = ["--reason", "sample data", "--expires", "2099-12-31"];
    run_in(&files, "", &[&["baseline", "write", "drop"][..], &note].concat());
    fs::write(files.file("drop/people.csv"), table(1)).unwrap();
    fs::remove_file(files.file("drop/in/notes.txt")).unwrap();
    let check = run_in(&files, "", &["baseline", "check", "drop"]);
    assert_eq!(check.status, Some(1));
    for line in [
        "drop/in/notes.txt, USA_SOCIAL_SECURITY_NUMBER: the file is no more",
        "drop/people.csv, column SSN, USA_SOCIAL_SECURITY_NUMBER: 3 accepted, 1 found",
    ] {
        assert!(check.err.contains(line), "{}", check.err);
    }
    let scan = run_in(&files, "", &["scan", "drop", "--baseline", "lakegate.baseline", "--fail-on", "low"]);
    assert_eq!(scan.status, Some(0));
    assert!(scan.err.contains("3 accepted, 1 found"), "{}", scan.err);
    // One that looks at other files has nothing to say of these.
    let other = run_in(&files, "", &["scan", "drop/plain.csv", "--baseline", "lakegate.baseline"]);
    assert!(!other.err.contains("accept"), "{}", other.err);
    assert_eq!(run_in(&files, "", &["baseline", "update", "drop"]).status, Some(0));
    let lowered = written(&files);
    assert_eq!(lowered.lines().count(), 4, "{lowered}");
    assert_eq!(lowered.matches("\"expires\":\"2099-12-31\",\"reason\":\"sample data\"").count(), 3);
    assert!(lowered.contains("\"count\":1,"));
    assert_eq!(run_in(&files, "", &["baseline", "check", "drop"]).status, Some(0));
}

#[test]
fn an_expired_entry_counts_no_more() {
    let files = files();
    // The clock of these tests stands in January 2025.
    run_in(&files, "", &["baseline", "write", "drop", "--expires", "2025-01-01"]);
    let run = run_in(&files, "", &["scan", "drop", "--baseline", "lakegate.baseline", "--fail-on", "low"]);
    assert_eq!(run.status, Some(1));
    assert!(run.err.contains("Expired in lakegate.baseline:"), "{}", run.err);
    assert_eq!(run_in(&files, "", &["baseline", "check", "drop"]).status, Some(1));
    let accept = ["baseline", "update", "drop", "--accept-new", "--expires", "2025-06-30"];
    assert_eq!(run_in(&files, "", &accept).status, Some(0));
    assert_eq!(written(&files).matches("2025-06-30").count(), 4);
    assert_eq!(run_in(&files, "", &["baseline", "check", "drop"]).status, Some(0));
}

#[test]
fn files_inside_archives_and_sheets_have_entries_of_their_own() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, rows) in [("a/x.csv", 2), ("y.csv", 1)] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, table(rows).as_bytes()).unwrap();
    }
    let mut book = rust_xlsxwriter::Workbook::new();
    for name in ["May", "June"] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.write_string(0, 0, "SSN").unwrap();
        sheet.write_string(1, 0, "219-45-3456").unwrap();
    }
    let files = Files::new()
        .with("drop/all.zip", archive.finish().unwrap().into_inner())
        .with("drop/book.xlsx", book.save_to_buffer().unwrap());
    run_in(&files, "", &["baseline", "write", "drop"]);
    let expected = [
        r#"{"lakegate":"baseline","version":1}"#,
        r#"{"object":"drop/all.zip!/a/x.csv","column":"SSN","identifier":"USA_SOCIAL_SECURITY_NUMBER","count":2}"#,
        r#"{"object":"drop/all.zip!/y.csv","column":"SSN","identifier":"USA_SOCIAL_SECURITY_NUMBER","count":1}"#,
        r#"{"object":"drop/book.xlsx","sheet":"June","column":"SSN","identifier":"USA_SOCIAL_SECURITY_NUMBER","count":1}"#,
        r#"{"object":"drop/book.xlsx","sheet":"May","column":"SSN","identifier":"USA_SOCIAL_SECURITY_NUMBER","count":1}"#,
    ];
    assert_eq!(written(&files).lines().collect::<Vec<_>>(), expected);
    let scan = run_in(&files, "", &["scan", "drop", "--baseline", "lakegate.baseline", "--fail-on", "low"]);
    assert_eq!(scan.status, Some(0), "{scan:?}");
    // Only what is new in the archive is named.
    let kept = written(&files)
        .lines()
        .filter(|line| !line.contains("y.csv"))
        .fold(String::new(), |text, line| text + line + "\n");
    fs::write(files.file("lakegate.baseline"), kept).unwrap();
    let scan = run_in(&files, "", &["scan", "drop", "--baseline", "lakegate.baseline", "--format", "csv"]);
    assert!(scan.out.contains("y.csv") && !scan.out.contains("x.csv"), "{}", scan.out);
}

#[test]
fn a_broken_or_missing_baseline_stops_before_anything_is_scanned() {
    let files = files().with("broken", "{\"lakegate\":\"baseline\",\"version\":1}\n{\"object\":\"a\",\"cuont\":1}\n");
    let run = run_in(&files, "", &["scan", "drop", "--baseline", "broken"]);
    assert_eq!((run.status, run.out.as_str()), (Some(2), ""));
    assert!(run.err.contains("broken: line 2, column") && run.err.contains("unknown member `cuont`"), "{}", run.err);
    let run = run_in(&files, "", &["hook", "drop/people.csv", "--baseline", "missing"]);
    assert_eq!(run.status, Some(2));
    assert!(run.err.contains("missing") && run.err.contains("baseline write"), "{}", run.err);
    run_in(&files, "", &["baseline", "write", "drop"]);
    let again = run_in(&files, "", &["baseline", "write", "drop"]);
    assert_eq!(again.status, Some(2));
    assert!(again.err.contains("baseline update"), "{}", again.err);
}
