//! The hook on files that it is given by name.

use crate::program::{Files, Run, compress, lakegate, run_command};
use crate::repository::table;

fn hook(files: &Files, arguments: &[&str]) -> Run {
    run_command(lakegate().current_dir(files.path()).arg("hook").args(arguments))
}

#[test]
fn exactly_the_named_files_are_scanned_and_counted() {
    let files = Files::new().with("a.csv", "id,n\n1,2\n").with("b.csv", "id,n\n1,2\n").with("c.csv", table(3));
    let run = hook(&files, &["a.csv", "b.csv"]);
    let expected = (Some(0), "lakegate: 2 files examined, no findings\n", "");
    assert_eq!((run.status, run.out.as_str(), run.err.as_str()), expected);
    let quiet = hook(&files, &["a.csv", "-q"]);
    assert_eq!((quiet.status, quiet.out.as_str()), (Some(0), ""));
}

#[test]
fn a_planted_number_stops_with_file_row_column_and_what_to_do_on_at_most_ten_lines() {
    let files = (0..12).fold(Files::new(), |files, number| files.with(&format!("data {number}.csv"), table(3)));
    let named: Vec<String> = (0..12).map(|number| format!("data {number}.csv")).collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    for count in [1, 3, 12] {
        let run = hook(&files, &named[..count]);
        assert_eq!(run.status, Some(1));
        assert!(run.out.lines().count() <= 10 && run.err.is_empty(), "{}", run.out);
        for part in [
            &*format!("lakegate: stopped, {count} file"),
            "  data 0.csv: row 2, column SSN: USA_SOCIAL_SECURITY_NUMBER (High), 3 times",
            "Drop or mask",
            "lakegate scan 'data 0.csv'",
            "lakegate baseline write 'data 0.csv'",
        ] {
            assert!(run.out.contains(part), "{part}\n{}", run.out);
        }
        assert!(!run.out.contains("219-45"), "{}", run.out);
    }
}

#[test]
fn the_first_place_is_told_in_the_unit_of_its_format() {
    let files = Files::new()
        .with("notes.txt", "Nothing here.\nHer social security number is 219-45-3456.\n")
        .with("people.jsonl", "{\"a\": 1}\n{\"ssn\": \"219-45-3456\"}\n")
        .with("plain.csv.gz", compress(table(1).as_bytes()));
    for (file, place) in
        [("notes.txt", "line 2, column 31"), ("people.jsonl", "record 2, $.ssn"), ("plain.csv.gz", "row 2, column SSN")]
    {
        let run = hook(&files, &[file]);
        assert!(run.out.contains(&format!("  {file}: {place}: USA_SOCIAL_SECURITY_NUMBER")), "{}", run.out);
    }
}

#[test]
fn the_threshold_decides_and_lesser_findings_are_told_in_the_one_line() {
    let files = Files::new().with("a.csv", "first_name,last_name\nMary,Smith\nJohn,Miller\nAnna,Jones\n");
    assert_eq!(hook(&files, &["a.csv"]).status, Some(1));
    let run = hook(&files, &["a.csv", "--fail-on", "high"]);
    assert_eq!(run.status, Some(0));
    assert!(
        run.out.starts_with("lakegate: 1 file examined, 1 finding (1 ") && run.out.lines().count() == 1,
        "{}",
        run.out
    );
}

#[test]
fn what_could_not_be_examined_is_status_3_and_says_why() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n";
    let cut = compress(&b"id,note\n1,nothing\n".repeat(50));
    let files = Files::new()
        .with("big.csv", pointer)
        .with("cut.csv.gz", &cut[..40])
        .with("a.csv", "id,n\n1,2\n")
        .with("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
        .with("ssn.csv", table(1));
    let run = hook(&files, &["big.csv", "a.csv", "gone.csv"]);
    assert_eq!(run.status, Some(3));
    for part in ["1 of 3 files examined", "big.csv: a pointer of Git LFS", "gone.csv: does not exist"] {
        assert!(run.out.contains(part), "{part}\n{}", run.out);
    }
    assert_eq!(hook(&files, &["cut.csv.gz", "-q"]).status, Some(3));
    let both = hook(&files, &["big.csv", "ssn.csv"]);
    assert_eq!(both.status, Some(1));
    assert!(both.out.contains("Not examined: 1 file, the first is big.csv") && both.out.lines().count() <= 10);
    let picture = hook(&files, &["a.png", "a.csv"]);
    assert_eq!(picture.status, Some(0));
    assert!(
        picture.out.contains("1 of 2 files examined") && picture.out.contains("1 out of scope (a.png"),
        "{}",
        picture.out
    );
}

#[test]
fn no_files_at_all_is_an_error_and_not_a_pass() {
    let run = hook(&Files::new(), &[]);
    assert_eq!((run.status, run.out.as_str()), (Some(2), ""));
}

#[test]
fn what_a_baseline_accepts_passes_and_only_what_is_new_is_named() {
    let files = Files::new().with("drop/a.csv", table(3)).with("drop/b.csv", table(2));
    let write = run_command(lakegate().current_dir(files.path()).args(["baseline", "write", "drop"]));
    assert_eq!(write.status, Some(0));
    let options = ["--baseline", "lakegate.baseline"];
    let run = hook(&files, &[&["drop/a.csv", "drop/b.csv"][..], &options].concat());
    assert_eq!(run.status, Some(0));
    assert!(run.out.contains("5 occurrences accepted by the baseline"), "{}", run.out);
    let files = files.with("drop/b.csv", table(4));
    let run = hook(&files, &[&["drop/a.csv", "drop/b.csv"][..], &options].concat());
    assert_eq!(run.status, Some(1));
    assert!(
        run.out
            .contains("drop/b.csv: row 2, column SSN: USA_SOCIAL_SECURITY_NUMBER (High), 4 times, 2 of them accepted")
    );
    assert!(!run.out.contains("drop/a.csv:") && run.out.contains("--accept-new --file lakegate.baseline drop/b.csv"));
}
