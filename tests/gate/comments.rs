//! Comments that say that something is known: heeded in running text, told, and nowhere else.

use crate::program::{Files, Run, compress, lakegate, run_command};
use std::fmt::Write;

const SSN: &str = "USA_SOCIAL_SECURITY_NUMBER";

fn scan(files: &Files, path: &str, more: &[&str]) -> Run {
    let arguments = [&["scan", path, "--fail-on", "low", "--format", "jsonl"], more].concat();
    run_command(lakegate().current_dir(files.path()).args(arguments))
}

/// How often the number is found.
fn count(run: &Run) -> u64 {
    let of = |finding: &serde_json::Value| {
        let groups = finding["classificationDetails"]["result"]["sensitiveData"].as_array().unwrap().clone();
        let detections = groups.iter().flat_map(|group| group["detections"].as_array().unwrap().clone());
        detections.filter(|found| found["type"] == SSN).map(|found| found["count"].as_u64().unwrap()).sum::<u64>()
    };
    run.lines().iter().map(of).sum()
}

#[test]
fn a_comment_takes_out_its_line_and_is_counted() {
    let text = "SSN = '219-45-3456'  # lakegate:ignore\n\
                // lakegate:ignore-next-line USA_SOCIAL_SECURITY_NUMBER -- sample\n\
                SSN = '219-45-3457'\n\
                SSN = '219-45-3458'\n";
    let files = Files::new().with("src/a.py", text).with("src/b.log", "SSN 219-45-3459 lakegate:ignore NAME\n");
    let run = scan(&files, "src", &[]);
    assert_eq!((run.status, count(&run)), (Some(1), 2));
    assert!(run.err.contains("Ignored because of comments in the text: 2 occurrences in 1 object"), "{}", run.err);
    let all = scan(&files, "src", &["--no-inline-ignore"]);
    assert_eq!(count(&all), 4);
    assert!(!all.err.contains("Ignored"), "{}", all.err);
    let hook = run_command(lakegate().current_dir(files.path()).args(["hook", "src/a.py", "--fail-on", "never"]));
    assert!(hook.out.contains("2 ignored because of comments"), "{}", hook.out);
}

#[test]
fn a_comment_that_names_no_known_identifier_takes_out_nothing_and_is_told_by_its_line() {
    let files = Files::new().with("a.txt", "\nSSN 219-45-3456 lakegate:ignore 219-45-3456\nlakegate:ignore SSN\n");
    let run = scan(&files, "a.txt", &[]);
    assert_eq!(count(&run), 2);
    assert!(run.err.contains("names no known identifier holds for nothing: a.txt, line 2, 3"), "{}", run.err);
    assert!(!run.err.contains("219-45"), "{}", run.err);
}

#[test]
fn a_comment_in_yaml_speaks_of_its_line() {
    let text = "people:\n  - ssn: 219-45-3456 # lakegate:ignore\n  # lakegate:ignore-next-line NAME\n  - ssn: 219-45-3457\n  - ssn: \"219-45-3458\" # lakegate:ignore WHAT\n";
    let files = Files::new().with("a.yaml", text).with("b.html", "<p>SSN 219-45-3456 <!-- lakegate:ignore --></p>\n");
    let run = scan(&files, "a.yaml", &[]);
    assert_eq!(count(&run), 2, "{run:?}");
    assert!(run.err.contains("1 occurrence in 1 object") && run.err.contains("a.yaml, line 5"), "{}", run.err);
    assert_eq!(count(&scan(&files, "a.yaml", &["--no-inline-ignore"])), 3);
    assert_eq!(count(&scan(&files, "b.html", &[])), 1);
}

#[test]
fn in_data_and_in_archives_a_comment_is_a_text_like_any_other() {
    let row = "219-45-3456,lakegate:ignore\n";
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("a.txt", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut archive, b"SSN 219-45-3456 lakegate:ignore\n").unwrap();
    let files = Files::new()
        .with("d/a.csv", format!("ssn,note\n{row}"))
        .with("d/open.csv", format!("ssn,note\n\"{row}"))
        .with("d/text.csv", "SSN 219-45-3456 lakegate:ignore\n")
        .with("d/a.json", "{\"ssn\": \"219-45-3456\", \"note\": \"lakegate:ignore\"}")
        .with("d/broken.jsonl", "{\"ssn\": \"219-45-3456\", \"note\": \"lakegate:ignore\"\n")
        .with("d/a.zip", archive.finish().unwrap().into_inner());
    let run = scan(&files, "d", &[]);
    assert_eq!(run.lines().len(), 6, "{run:?}");
    assert!(!run.err.contains("Ignored"), "{}", run.err);
}

#[test]
fn any_number_of_threads_ignores_the_same_in_a_long_text() {
    let text = (0..40_000).fold(String::new(), |mut text, line| {
        let mark = if line % 3 == 0 { " # lakegate:ignore" } else { "" };
        let _ = writeln!(text, "{line}: SSN 219-45-{:04}{mark}", 1 + line % 9999);
        text
    });
    let files = Files::new().with("a.log", &text).with("b.log.gz", compress(text.as_bytes()));
    let one = scan(&files, ".", &["-j", "1"]);
    let ignored = 2 * 40_000_u64.div_ceil(3);
    assert!(
        one.err.contains("Ignored because of comments in the text: 26,668 occurrences in 2 objects"),
        "{}",
        one.err
    );
    assert_eq!(count(&one), 80_000 - ignored);
    for threads in ["2", "8"] {
        assert_eq!(scan(&files, ".", &["-j", threads]).out, one.out);
    }
}

#[test]
fn jobs_and_runs_heed_no_comments() {
    for command in [&["run", "--help"][..], &["job", "run", "--help"]] {
        let run = run_command(lakegate().args(command));
        assert_eq!(run.status, Some(0));
        assert!(!run.out.contains("inline-ignore"), "{}", run.out);
    }
    // The library's own default, which jobs and runs have.
    let scanner = lakegate::scan::Scanner::builder().build().unwrap();
    let object = lakegate::model::ObjectInfo { key: "a.txt".into(), ..Default::default() };
    let report = scanner.scan_object(object, "SSN 219-45-3456 lakegate:ignore\n".as_bytes());
    assert!(report.finding.is_some());
}
