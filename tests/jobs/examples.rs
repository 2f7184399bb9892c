//! The examples in examples/jobs are right.

use super::{Files, analysed, job};
use std::fs;
use std::io::Write;
use std::process::Command;

#[test]
fn the_request_of_the_examples_takes_what_it_says() {
    let files = Files::new()
        .with("data/in/a.csv", "ssn\n219-45-3456\n")
        .with("data/in/b.bin", "x")
        .with("data/in/test/c.csv", "ssn\n219-45-3456\n")
        .with("data/d.csv", "ssn\n219-45-3456\n");
    let bucket = format!("uploads={}", files.file("data"));
    let run = job(&files, &["run", "examples/jobs/nightly.json", "--bucket", &bucket, "--format", "results"]);
    assert_eq!(analysed(&run), ["in/a.csv"]);
}

#[test]
fn systemd_accepts_the_units_of_the_examples() {
    let units = ["examples/jobs/lakegate.service", "examples/jobs/lakegate.timer"];
    let Ok(verified) =
        Command::new("systemd-analyze").arg("verify").args(units).current_dir(env!("CARGO_MANIFEST_DIR")).output()
    else {
        let _ = writeln!(std::io::stderr(), "skipped: there is no systemd-analyze");
        return;
    };
    let complaints = String::from_utf8_lossy(&verified.stderr).into_owned();
    let ours = complaints.lines().filter(|line| line.contains("lakegate.")).collect::<Vec<_>>();
    assert!(ours.is_empty(), "{complaints}");
}

#[test]
fn the_options_in_the_examples_exist() {
    for file in ["lakegate.service", "crontab"] {
        let text = fs::read_to_string(format!("{}/examples/jobs/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let help = job(&Files::new(), &["run", "--help"]).out;
        let options: Vec<&str> = text.split_whitespace().filter(|word| word.starts_with("--")).collect();
        assert!(options.len() >= 4, "{options:?}");
        for option in options {
            assert!(help.contains(option), "{file}: {option}");
        }
    }
}
