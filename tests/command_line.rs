//! The contract of the command line: exit statuses, where output goes, how objects are named.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use program::{FORMATS, Files, compress, lakegate, run, run_command};
use serde_json::Value;
use std::fs;
use std::process::Stdio;

const CUSTOM: &str = "identifiers/custom/synthea.yaml";

fn files() -> Files {
    let cut = compress(&b"id,note\n1,nothing\n".repeat(50));
    Files::new()
        .with("high/a.csv", "id,SSN\n1,219-45-3456\n2,219-45-3457\n")
        .with("medium/a.csv", "id,PATIENT\n1,2db72976-43d3-45a2-ba54-1aef04f0eea2\n")
        .with("clean/a.csv", "id,count\n1,5\n2,7\n")
        .with("cut/a.csv.gz", &cut[..cut.len() - 9])
        .with("picture/a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
}

#[test]
fn the_exit_status_says_what_was_found_and_what_was_missed_whatever_the_format() {
    let files = files();
    for (folders, fail_on, expected) in [
        (&["clean"][..], "never", 0),
        (&["clean"], "low", 0),
        (&["high"], "never", 0),
        (&["high"], "low", 1),
        (&["high"], "high", 1),
        (&["medium"], "high", 0),
        (&["medium"], "medium", 1),
        (&["cut"], "never", 3),
        (&["cut", "clean"], "high", 3),
        (&["cut", "medium"], "high", 3),
        (&["cut", "high"], "high", 1),
        (&["picture"], "low", 0),
    ] {
        let paths: Vec<String> = folders.iter().map(|folder| files.file(folder)).collect();
        for format in FORMATS {
            let mut command = lakegate();
            let run = run_command(command.arg("scan").args(&paths).args([
                "-i",
                CUSTOM,
                "--fail-on",
                fail_on,
                "--format",
                format,
            ]));
            assert_eq!(run.status, Some(expected), "{folders:?} {fail_on} {format}\n{}", run.err);
        }
    }
}

#[test]
fn stats_say_on_standard_error_what_each_identifier_and_column_cost_and_found_and_change_nothing_else() {
    let files = files()
        .with("high/b.jsonl", "{\"ssn\": \"219-45-3458\"}\n{\"ssn\": \"219-45-3459\"}\n")
        .with("high/c.txt", "SSN 219-45-3450\n");
    let folders = [files.file("high"), files.file("medium")];
    let scan = |more: &[&str]| {
        let mut command = lakegate();
        command.env("SOURCE_DATE_EPOCH", "1700000000");
        run_command(command.arg("scan").args(&folders).args(["-i", CUSTOM, "--format", "jsonl", "-q"]).args(more))
    };
    let (plain, measured) = (scan(&[]), scan(&["--stats"]));
    assert_eq!((measured.status, &measured.out), (plain.status, &plain.out));
    assert_eq!(plain.err, "");
    let row = |name: &str| {
        let line = measured
            .err
            .lines()
            .find(|line| line.ends_with(name))
            .unwrap_or_else(|| panic!("{name}: {}", measured.err));
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    // Time and its unit, values, matches.
    assert_eq!(row("  Patient ID")[3], "1");
    assert_eq!(row("  US Passport")[3], "0");
    assert_eq!(row("  managed patterns")[3], "5");
    assert_eq!(row("  USA_SOCIAL_SECURITY_NUMBER")[0], "5");
    assert_eq!(row("high/a.csv: SSN")[2..4], ["2", "2"]);
    assert_eq!(row("high/b.jsonl: ssn")[2], "2");
    assert_eq!(row("high/c.txt: text")[2], "1");
    assert!(!measured.err.contains("219-45"));
}

#[test]
fn help_and_version_are_no_errors() {
    for arguments in [&["--help"][..], &["--version"], &["scan", "--help"], &["identifiers", "--help"]] {
        let run = run(arguments);
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""), "{arguments:?}");
        assert!(!run.out.is_empty());
    }
}

#[test]
fn findings_go_to_standard_output_and_everything_else_to_standard_error() {
    let files = files();
    let run = run(&["scan", files.path().to_str().unwrap(), "-i", CUSTOM, "--format", "json"]);
    assert_eq!(run.json()["findings"].as_array().unwrap().len(), 2);
    for part in [
        "Examined 4 of 5 objects",
        "2 findings in 5 objects: 1 High, 1 Medium",
        "cut/a.csv.gz: PARTIAL, MALFORMED_FILE",
        "Out of scope",
    ] {
        assert!(run.err.contains(part), "{part}\n{}", run.err);
    }
    let quiet = self::run(&["scan", files.path().to_str().unwrap(), "-i", CUSTOM, "--format", "json", "-q"]);
    assert_eq!((quiet.out, quiet.err.as_str(), quiet.status), (run.out, "", run.status));
}

#[test]
fn an_output_file_gets_what_standard_output_would_and_is_not_scanned_itself() {
    let files = files();
    let folder = files.path().to_str().unwrap().to_owned();
    let printed = run(&["scan", &folder, "-i", CUSTOM, "--format", "json"]);
    let output = files.file("findings.json");
    for _ in 0..2 {
        let run = run(&["scan", &folder, "-i", CUSTOM, "-o", &output]);
        assert_eq!((run.status, run.out.as_str()), (Some(3), ""));
        assert!(run.err.contains("Examined 4 of 5 objects"), "{}", run.err);
        assert_eq!(fs::read_to_string(&output).unwrap(), printed.out);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let files = Files::new().with("a.csv", "id,SSN\n1,219-45-3456\n");
    for arguments in [
        vec!["scan", "fixtures/synthea", "-i", CUSTOM, "--format", "table"],
        vec!["scan", "fixtures/synthea", "-i", CUSTOM, "--format", "json"],
        vec!["scan", "fixtures/synthea", "-i", CUSTOM, "--format", "results"],
        vec!["identifiers", "list"],
    ] {
        let mut child = lakegate().args(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}");
    }
    let mut command = lakegate();
    command.args(["scan", &files.file("a.csv"), "--format", "json"]).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(0), "standard error may be closed as well");
}

fn object(finding: &Value) -> &Value {
    &finding["resourcesAffected"]["s3Object"]
}

#[test]
fn bucket_prefix_account_and_region_stand_in_the_findings() {
    let files = files();
    let high = files.file("high");
    let options =
        ["--bucket", "drop-zone", "--key-prefix", "in/2024/", "--account", "123456789012", "--region", "eu-west-1"];
    let run = run(&[&["scan", &high, "--format", "jsonl"][..], &options].concat());
    let finding = &run.lines()[0];
    assert_eq!(finding["accountId"], "123456789012");
    assert_eq!(finding["region"], "eu-west-1");
    assert_eq!(finding["resourcesAffected"]["s3Bucket"]["name"], "drop-zone");
    assert_eq!(finding["resourcesAffected"]["s3Bucket"]["arn"], "arn:aws:s3:::drop-zone");
    assert_eq!(object(finding)["key"], "in/2024/a.csv");
    assert_eq!(object(finding)["path"], "drop-zone/in/2024/a.csv");
    let job = finding["classificationDetails"]["jobArn"].as_str().unwrap();
    assert!(job.starts_with("arn:aws:macie2:eu-west-1:123456789012:classification-job/"), "{job}");
}

#[test]
fn without_a_bucket_it_is_called_as_the_folder() {
    let files = Files::new().with("My Drop/a.csv", "id,SSN\n1,219-45-3456\n");
    for path in ["My Drop", "My Drop/a.csv"] {
        let finding = &run(&["scan", &files.file(path), "--format", "jsonl"]).lines()[0];
        assert_eq!(finding["resourcesAffected"]["s3Bucket"]["name"], "my-drop");
        assert_eq!(object(finding)["key"], "a.csv");
    }
}

fn keys(files: &Files, paths: &[&str]) -> Vec<String> {
    let mut command = lakegate();
    let run = run_command(command.current_dir(files.path()).arg("scan").args(paths).args(["--format", "jsonl", "-q"]));
    run.lines().iter().map(|finding| object(finding)["key"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn no_two_objects_of_a_scan_share_a_key() {
    let person = "id,SSN\n1,219-45-3456\n";
    let files = Files::new()
        .with("a/x.csv", person)
        .with("b/x.csv", person)
        .with("b/y.csv", person)
        .with("c/z.csv", person)
        .with("c/a/x.csv", person);
    for (paths, expected) in [
        (&["a", "c"][..], &["a/x.csv", "x.csv", "z.csv"][..]),
        (&["a", "b"], &["a/x.csv", "b/x.csv", "b/y.csv"]),
        (&["a/x.csv", "b/x.csv"], &["a/x.csv", "b/x.csv"]),
        (&["./b/../a/x.csv", "c/z.csv"], &["a/x.csv", "c/z.csv"]),
        (&["a/", "c/a"], &["c/a/x.csv"]),
        (&[".", "a/x.csv"], &["a/x.csv", "b/x.csv", "b/y.csv", "c/a/x.csv", "c/z.csv"]),
    ] {
        let keys = keys(&files, paths);
        if paths == ["a/", "c/a"] {
            // Both folders are called `a`, so that their own folders tell them apart.
            assert_eq!(keys.len(), 2);
            assert!(keys[0].ends_with("/a/x.csv") && keys.contains(&expected[0].to_owned()), "{keys:?}");
        } else {
            assert_eq!(keys, expected, "{paths:?}");
        }
    }
}

#[test]
fn managed_identifiers_can_be_chosen_and_left_out() {
    let files = Files::new()
        .with("a.csv", "id,SSN,LICENSE,BIRTHDATE\n1,219-45-3456,x,1970-02-03\n2,219-45-3457,y,1971-05-06\n");
    let file = files.file("a.csv");
    let found = |options: &[&str]| -> Vec<String> {
        let run = run(&[&["scan", &file, "--format", "jsonl", "-q"][..], options].concat());
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
        let Some(line) = run.lines().into_iter().next() else { return Vec::new() };
        let groups = &line["classificationDetails"]["result"]["sensitiveData"];
        let detections = groups.as_array().unwrap().iter().flat_map(|group| group["detections"].as_array().unwrap());
        detections.map(|detection| detection["type"].as_str().unwrap().to_owned()).collect()
    };
    let (birth, ssn) = ("DATE_OF_BIRTH", "USA_SOCIAL_SECURITY_NUMBER");
    assert_eq!(found(&[]), [birth, ssn]);
    assert_eq!(found(&["--managed", "all", "--exclude-managed", birth]), [ssn]);
    assert_eq!(found(&["--managed", "DATE_OF_BIRTH,CREDIT_CARD_NUMBER"]), [birth]);
    assert_eq!(found(&["--managed", ssn, "--managed", birth]), [birth, ssn]);
    assert_eq!(found(&["--managed", "PERSONAL_INFORMATION", "--exclude-managed", ssn]), [birth]);
    assert_eq!(found(&["--exclude-managed", "PERSONAL_INFORMATION,CREDENTIALS"]), [""; 0]);
    assert_eq!(found(&["--managed", "none", "-i", CUSTOM]), [""; 0]);
    // Macie's recommended set has the Social Security number and leaves birth dates out.
    assert_eq!(found(&["--managed", "recommended"]), [ssn]);
}

#[test]
fn identifiers_can_be_listed_and_explained() {
    let list = run(&["identifiers", "list"]);
    assert_eq!((list.status, list.err.as_str()), (Some(0), ""));
    for id in ["USA_SOCIAL_SECURITY_NUMBER", "AWS_CREDENTIALS", "CREDIT_CARD_NUMBER_(NO_KEYWORD)"] {
        assert!(list.out.contains(id), "{id}");
    }
    let show = run(&["identifiers", "show", "USA_SOCIAL_SECURITY_NUMBER"]);
    assert_eq!(show.status, Some(0));
    assert!(show.out.contains("social security"), "{}", show.out);
    let unknown = run(&["identifiers", "show", "USA_SOCIAL_SECURITY"]);
    assert_eq!((unknown.status, unknown.out.as_str()), (Some(2), ""));
    assert!(unknown.err.contains("USA_SOCIAL_SECURITY_NUMBER"), "{}", unknown.err);
}

#[test]
fn definitions_can_be_checked_without_a_scan() {
    let built_in = run(&["identifiers", "check"]);
    assert_eq!((built_in.status, built_in.err.as_str()), (Some(0), ""));
    let custom = run(&["identifiers", "check", CUSTOM]);
    assert_eq!(custom.status, Some(0));
    assert!(custom.out.contains("3 custom identifiers"), "{}", custom.out);
    let files = Files::new().with("bad.yaml", "name: A\nregex: '['\n");
    let bad = run(&["identifiers", "check", &files.file("bad.yaml")]);
    assert_eq!((bad.status, bad.out.as_str()), (Some(2), ""));
    assert!(bad.err.contains("bad.yaml:2:8"), "{}", bad.err);
}

#[test]
fn a_definition_can_be_tried_on_a_sample() {
    let try_out = |arguments: &[&str]| run(&[&["identifiers", "test"][..], arguments].concat());
    let sample = "license S12345678, and S99999999";
    let counted = |run: &program::Run| run.json()["matchCount"].as_u64();
    assert_eq!(counted(&try_out(&["--regex", r"S\d{8}", sample])), Some(2));
    assert_eq!(counted(&try_out(&["--regex", r"S\d{8}", "--keyword", "license", "--distance", "12", sample])), Some(1));
    assert_eq!(counted(&try_out(&["--regex", r"S\d{8}", "--ignore-word", "99999", sample])), Some(1));
    for (arguments, message) in [
        (&["--regex", "(", sample][..], "regex"),
        (&["--regex", "a", "--keyword", "ab", sample], "2 characters"),
        (&["--regex", "a", "--distance", "301", sample], "301"),
        (&["--regex", "a", &"x".repeat(1001)], "1001"),
        (&[sample], "--regex"),
    ] {
        let run = try_out(arguments);
        assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(run.err.contains(message), "{arguments:?}\n{}", run.err);
    }
}

#[test]
fn several_reports_are_written_beside_the_output() {
    let files = files();
    let (sarif, csv) = (files.file("out/a.sarif"), files.file("out/a.csv"));
    fs::create_dir_all(files.path().join("out")).unwrap();
    let reports = [format!("sarif={sarif}"), format!("csv={csv}"), "markdown=-".to_owned()];
    let folder = files.file("high");
    let [first, second, third] = &reports;
    let run = run(&["scan", &folder, "--format", "github", "--report", first, "--report", second, "--report", third]);
    assert_eq!(run.status, Some(0), "{}", run.err);
    assert!(run.out.starts_with("::error file="), "{}", run.out);
    assert!(run.out.contains("## lakegate: 1 finding in 1 object: 1 High"), "{}", run.out);
    let log: serde_json::Value = serde_json::from_str(&fs::read_to_string(sarif).unwrap()).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(fs::read_to_string(csv).unwrap().lines().count(), 2);
}

#[test]
fn a_report_that_cannot_be_made_is_refused_before_anything_is_scanned() {
    let files = files();
    for (report, message) in [
        ("sarif", "FORMAT=FILE"),
        ("sarrif=a", "sarif, junit"),
        ("csv=", "file name"),
        ("csv=/no/such/folder/a", "/no/such/folder/a"),
    ] {
        let run = run(&["scan", &files.file("high"), "--report", report]);
        assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{report}");
        assert!(run.err.contains(message), "{report}: {}", run.err);
    }
}
