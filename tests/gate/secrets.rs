//! Nothing that the gate writes or says holds what was found.

use crate::program::{FORMATS, compress};
use crate::repository::Repository;
use sha2::{Digest, Sha256};

const SECRETS: [&str; 4] = ["219-45-3456", "219-45-3461", "4012888888881881", "AKIAQYLPMN5HHHFPZAM2"];

/// All forms in which a value would be told.
fn needles() -> Vec<String> {
    let plain = |value: &str| value.chars().filter(|character| character.is_alphanumeric()).collect::<String>();
    let digest = |value: &str| {
        Sha256::digest(value).iter().take(8).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    };
    SECRETS.iter().flat_map(|value| [(*value).to_owned(), plain(value), digest(value), digest(&plain(value))]).collect()
}

#[test]
fn no_baseline_hook_report_log_or_error_holds_a_planted_value() {
    let repository = Repository::new();
    let rows = "id,SSN,card number,219-45-3461\n1,219-45-3456,4012888888881881,x\n";
    let key = "aws_access_key_id = AKIAQYLPMN5HHHFPZAM2\nSSN 219-45-3456\n";
    repository
        .write("drop/people.csv", rows)
        .write("drop/people.csv.gz", compress(rows.as_bytes()))
        .write("drop/keys.txt", key)
        .write("drop/people.json", "{\"219-45-3461\": {\"ssn\": \"219-45-3456\"}, \"card number\": 4012888888881881}")
        .write("drop/cut.csv.gz", &compress(rows.repeat(50).as_bytes())[..60])
        .write("no.baseline", "{\"lakegate\":\"baseline\",\"version\":1}\n{\"object\":219-45-3456}\n")
        .write("old.baseline", "{\"lakegate\":\"baseline\",\"version\":1}\n{\"object\":\"a\",\"219-45-3456\":1}\n");
    repository.git(&["add", "-A"]);
    let mut said = String::new();
    for arguments in [
        &["hook", "--staged"][..],
        &["hook", "drop/people.csv", "drop/people.json", "drop/keys.txt", "drop/people.csv.gz"],
        &["hook", "drop/people.json"],
        &["hook", "drop/keys.txt"],
        &["hook", "drop/cut.csv.gz"],
        &["baseline", "write", "drop"],
        &["baseline", "check", "drop"],
        &["scan", "drop", "--baseline", "lakegate.baseline", "--format", "json", "--include-archived"],
        &["scan", "drop", "--baseline", "lakegate.baseline", "--format", "results"],
        &["scan", "drop", "--baseline", "no.baseline"],
        &["scan", "drop", "--baseline", "old.baseline"],
        &["baseline", "update", "drop", "--file", "no.baseline"],
    ] {
        let run = repository.lakegate(arguments);
        assert!(!run.out.is_empty() || !run.err.is_empty(), "{arguments:?} says nothing");
        said.extend([run.out, run.err]);
    }
    let half = repository.read("lakegate.baseline");
    let half =
        half.lines().filter(|line| !line.contains("people.json")).fold(String::new(), |text, line| text + line + "\n");
    repository.write("half.baseline", half.replace("\"count\":2", "\"count\":1"));
    for format in FORMATS {
        for more in [&[][..], &["--include-archived"], &["--no-inline-ignore", "--stats"]] {
            // Half of it is accepted: what is new is told, and how much of it is known.
            let arguments = ["scan", "drop", "--baseline", "half.baseline", "--format", format];
            let run = repository.lakegate(&[&arguments, more].concat());
            assert!(run.err.contains("Accepted by the baseline"), "{format}: {run:?}");
            said.extend([run.out, run.err]);
        }
    }
    repository.write("drop/people.csv", "id\n1\n");
    repository.lakegate(&["baseline", "update", "drop"]);
    let baseline = repository.read("lakegate.baseline");
    assert!(baseline.contains("USA_SOCIAL_SECURITY_NUMBER"), "{baseline}");
    said.push_str(&baseline);
    for needle in needles() {
        assert!(!said.contains(&needle), "{needle} in\n{said}");
    }
}
