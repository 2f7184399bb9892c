//! `lakegate isolate`, `lakegate restore` and `lakegate scan --isolate-to` from outside.

use crate::program::{Files, Run, lakegate, run_command};
use crate::tree::{Lock, nodes};
use std::fs;
use std::path::Path;

fn files() -> Files {
    Files::new()
        .with("in/high.csv", "id,SSN\n1,219-45-3456\n2,219-45-3457\n")
        .with("in/sub/medium.csv", "id,PATIENT\n1,2db72976-43d3-45a2-ba54-1aef04f0eea2\n")
        .with("in/clean.csv", "id,count\n1,5\n2,7\n")
}

fn run(files: &Files, arguments: &[&str]) -> Run {
    run_command(lakegate().current_dir(files.path()).args(arguments))
}

fn scan(files: &Files, format: &str) {
    let custom = Path::new(env!("CARGO_MANIFEST_DIR")).join("identifiers/custom/synthea.yaml");
    let arguments = ["scan", "in", "-i", custom.to_str().unwrap(), "--format", format, "-o", "findings", "-q"];
    assert_eq!(run(files, &arguments).status, Some(0));
}

#[test]
fn findings_of_every_form_isolate_what_is_severe_enough() {
    for format in ["json", "jsonl", "events", "results"] {
        for (severity, moved) in [("high", 1), ("medium", 2), ("low", 2)] {
            let files = files();
            let start = nodes(&files.path().join("in"));
            scan(&files, format);
            let isolate =
                ["isolate", "--findings", "findings", "--source", "in", "--to", "out", "--severity", severity];
            let dry = run(&files, &[&isolate[..], &["--dry-run"]].concat());
            assert_eq!(dry.out.lines().filter(|line| line.ends_with(": would be isolated")).count(), moved, "{dry:?}");
            assert!(!files.path().join("out").exists() && nodes(&files.path().join("in")) == start);
            let first = run(&files, &isolate);
            assert_eq!((first.status, first.out.lines().count()), (Some(0), moved), "{format} {severity} {first:?}");
            assert!(files.path().join("out/files/high.csv").exists() && files.path().join("in/clean.csv").exists());
            let second = run(&files, &isolate);
            assert!(second.status == Some(0) && second.out.contains("high.csv: already isolated in "), "{second:?}");
            let back = run(&files, &["restore", "--manifest", "out/manifest.jsonl"]);
            assert_eq!(back.status, Some(0), "{back:?}");
            assert_eq!(nodes(&files.path().join("in")), start);
        }
    }
}

#[test]
fn single_keys_are_restored_and_unknown_ones_refused() {
    let files = files();
    scan(&files, "json");
    run(&files, &["isolate", "--findings", "findings", "--source", "in", "--to", "out", "--severity", "low"]);
    let unknown = run(&files, &["restore", "--manifest", "out/manifest.jsonl", "high.csv", "nobody.csv"]);
    assert_eq!(unknown.status, Some(2));
    assert!(unknown.err.contains("nobody.csv") && !files.path().join("in/high.csv").exists(), "{unknown:?}");
    let one = run(&files, &["restore", "--manifest", "out/manifest.jsonl", "sub/medium.csv"]);
    assert_eq!((one.status, one.out.lines().count()), (Some(0), 1), "{one:?}");
    assert!(files.path().join("in/sub/medium.csv").exists() && !files.path().join("in/high.csv").exists());
    let again = run(&files, &["restore", "--manifest", "out/manifest.jsonl", "sub/medium.csv"]);
    assert!(again.out.contains("already restored"), "{again:?}");
}

#[test]
fn a_scan_isolates_what_it_finds_to_a_recipient_and_restore_takes_the_identity() {
    let files = files();
    let start = nodes(&files.path().join("in"));
    let lock = Lock::new(files.path());
    fs::write(files.path().join("recipients.txt"), format!("# us\n\n{}\n", lock.recipient)).unwrap();
    let recipients = [["--age-recipient", lock.recipient.as_str()], ["--age-recipients-file", "recipients.txt"]];
    for recipient in recipients {
        let scan =
            run(&files, &[&["scan", "in", "--isolate-to", "out"][..], &recipient, &["--fail-on", "high"]].concat());
        assert_eq!(scan.status, Some(1), "a severe finding still fails: {scan:?}");
        assert!(scan.err.contains("Isolated 1 of 1 files in out"), "{scan:?}");
        assert!(files.path().join("out/files/high.csv.age").exists());
        let without = run(&files, &["restore", "--manifest", "out/manifest.jsonl"]);
        assert!(without.status == Some(3) && without.err.contains("encrypted"), "{without:?}");
        let with = run(&files, &["restore", "--manifest", "out/manifest.jsonl", "--identity", "identity.txt"]);
        assert_eq!(with.status, Some(0), "{with:?}");
        assert_eq!(nodes(&files.path().join("in")), start);
    }
}

#[test]
fn a_file_that_changed_since_the_findings_were_written_is_told_and_stays() {
    let files = files();
    scan(&files, "json");
    fs::write(files.path().join("in/high.csv"), "id,SSN\n").unwrap();
    let run = run(&files, &["isolate", "--findings", "findings", "--source", "in", "--to", "out"]);
    assert_eq!(run.status, Some(3));
    assert!(run.err.contains("high.csv: not moved, it has changed: it has 7 bytes, 35 were scanned"), "{run:?}");
    assert!(files.path().join("in/high.csv").exists());
}

#[test]
fn an_event_rule_chooses_what_is_isolated() {
    let settings = |name: &str, severity: &str| {
        let pattern = format!("{{detail: {{severity: {{description: [{severity}]}}}}}}");
        format!("  - name: {name}\n    eventPattern: {pattern}\n    targets: [mover]\n")
    };
    let described = r#"{"Name": "severe", "EventPattern": "{\"detail\": {\"severity\": {\"description\": [\"High\"]}}}",
        "Targets": [{"Id": "one", "Arn": "arn:aws:lambda:us-east-1:111122223333:function:mover"}]}"#;
    let rules = settings("severe", "High") + &settings("other", "Medium");
    let files = files().with("lakegate.yaml", format!("rules:\n{rules}")).with("rule.json", described);
    let isolate = ["isolate", "--findings", "findings", "--source", "in", "--to", "out", "--rule"];
    scan(&files, "json");
    let finding = run(&files, &[&isolate[..], &["severe"]].concat());
    assert!(finding.status == Some(2) && finding.err.contains("rules judge events"), "{finding:?}");
    scan(&files, "events");
    let unknown = run(&files, &[&isolate[..], &["nobody"]].concat());
    assert!(unknown.status == Some(2) && unknown.err.contains("severe, other"), "{unknown:?}");
    let medium = run(&files, &[&isolate[..], &["other"]].concat());
    assert_eq!((medium.status, medium.out.lines().count()), (Some(0), 1), "{medium:?}");
    assert!(files.path().join("out/files/sub/medium.csv").exists() && files.path().join("in/high.csv").exists());
    let high = run(&files, &[&isolate[..], &["severe", "--rules", "rule.json"]].concat());
    assert_eq!((high.status, high.out.lines().count()), (Some(0), 1), "{high:?}");
    assert!(!files.path().join("in/high.csv").exists());
}

#[test]
fn wrong_usage_moves_nothing() {
    let files = files().with("no.json", "[{}]").with("empty.json", "").with("two.json", two_buckets());
    scan(&files, "json");
    let start = nodes(&files.path().join("in"));
    for (arguments, message) in [
        (&["--findings", "no.json", "--source", "in", "--to", "out"][..], "value 1 is no finding"),
        (&["--findings", "empty.json", "--source", "in", "--to", "out"], "there is nothing in it"),
        (&["--findings", "gone.json", "--source", "in", "--to", "out"], "reading the findings in gone.json"),
        (&["--findings", "findings", "--source", "gone", "--to", "out"], "gone: no such folder"),
        (&["--findings", "findings", "--source", "in", "--to", "in/out"], "lie in each other"),
        (&["--findings", "two.json", "--source", "in", "--to", "out"], "several buckets (one, two)"),
        (&["--findings", "findings", "--source", "in", "--to", "out", "--age-recipient", "age1x"], "no age recipient"),
    ] {
        let run = run(&files, &[&["isolate"][..], arguments].concat());
        assert!(run.status == Some(2) && run.err.contains(message), "{message}: {run:?}");
        assert_eq!(nodes(&files.path().join("in")), start);
        assert!(!files.path().join("out").exists());
    }
    let nested = run(&files, &["scan", "in", "--isolate-to", "in/out"]);
    assert!(nested.status == Some(2) && nested.out.is_empty(), "{nested:?}");
    let lost = run(&files, &["restore", "--manifest", "gone/manifest.jsonl"]);
    assert!(lost.status == Some(2) && lost.err.contains("gone/manifest.jsonl"), "{lost:?}");
}

fn two_buckets() -> String {
    let finding = |bucket: &str| {
        serde_json::json!({
            "severity": {"description": "High"},
            "resourcesAffected": {
                "s3Bucket": {"name": bucket},
                "s3Object": {"key": "high.csv", "size": 1, "lastModified": "2025-01-01T12:00:00Z"},
            },
        })
    };
    serde_json::json!([finding("one"), finding("two")]).to_string()
}
