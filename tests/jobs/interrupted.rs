//! Runs that are killed, and runs at the same time.

use super::{DAILY, Files, THURSDAY, analysed, described, job, keys, program, run_arguments, run_job, spec};
use program::lakegate;
use std::collections::BTreeSet;
use std::fs;
use std::process::{Child, Stdio};
use std::time::Duration;

fn start(files: &Files, output: &str) -> Child {
    let mut command = lakegate();
    command.env("SOURCE_DATE_EPOCH", THURSDAY.to_string()).arg("job").args(run_arguments(files));
    command.args(["--state", &files.file("state"), "-o", &files.file(output)]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn killed_at_any_moment_a_job_loses_neither_its_state_nor_an_object() {
    let mut files = Files::new().with("spec.json", spec(DAILY)).with("data/first.csv", "ssn\n219-45-3456\n");
    let mut expected = BTreeSet::from(["first.csv".to_owned()]);
    let mut reported = BTreeSet::new();
    let mut killed = 0;
    for round in 0..40u64 {
        for number in 0..5 {
            let name = format!("{round}-{number}.csv");
            files = files.with(&format!("data/{name}"), format!("ssn\n219-45-{round:02}{number}1\n").repeat(50));
            expected.insert(name);
        }
        let mut child = start(&files, "out.jsonl");
        std::thread::sleep(Duration::from_millis(round * 7 % 61));
        child.kill().unwrap();
        killed += usize::from(!child.wait().unwrap().success());
        let list = job(&files, &["list"]);
        assert_eq!(list.status, Some(0), "{}", list.err);
        // A run whose end is remembered has written its results before.
        if list.out.contains("IDLE") {
            let results = fs::read_to_string(files.file("out.jsonl")).unwrap_or_default();
            reported.extend(results.lines().flat_map(|line| keys(&format!("{line}\n"))));
        }
    }
    assert!(killed > 5, "{killed} of the runs were killed");
    reported.extend(analysed(&run_job(&files, &[])));
    assert_eq!(reported, expected);
    assert_eq!(described(&files)["jobStatus"], "IDLE");
    assert_eq!(analysed(&run_job(&files, &[])), [""; 0]);
}

#[test]
fn an_interrupted_run_is_due_and_taken_up() {
    let files = Files::new().with("spec.json", spec(DAILY)).with("data/a.csv", "id\n1\n");
    assert_eq!(analysed(&run_job(&files, &[])), ["a.csv"]);
    let record = fs::read_dir(files.file("state/jobs")).unwrap().next().unwrap().unwrap().path().join("job.json");
    let text = fs::read_to_string(&record).unwrap();
    let text = text.replace("\"IDLE\"", "\"RUNNING\"").replace("\"unfinished\": false", "\"unfinished\": true");
    fs::write(&record, text).unwrap();
    let files = files.with("data/b.csv", "id\n1\n");
    let due = job(&files, &["due", &files.file("spec.json")]);
    assert_eq!((due.status, due.out.as_str()), (Some(0), "due: its last run did not come to an end\n"));
    assert_eq!(analysed(&run_job(&files, &["--if-due"])), ["b.csv"]);
    assert_eq!(described(&files)["statistics"]["numberOfRuns"], 1);
}

#[test]
fn of_runs_at_the_same_time_each_object_is_taken_by_one() {
    let mut files = Files::new().with("spec.json", spec(DAILY));
    for number in 0..60 {
        files = files.with(&format!("data/{number}.csv"), "ssn\n219-45-3456\n".repeat(200));
    }
    let children: Vec<(String, Child)> = (0..6)
        .map(|number| {
            let output = format!("out{number}.jsonl");
            let child = start(&files, &output);
            (output, child)
        })
        .collect();
    let mut taken = Vec::new();
    for (output, mut child) in children {
        match child.wait().unwrap().code() {
            Some(0) => taken.extend(keys(&fs::read_to_string(files.file(&output)).unwrap())),
            status => assert_eq!(status, Some(2)),
        }
    }
    let taken_once: BTreeSet<&String> = taken.iter().collect();
    assert_eq!((taken.len(), taken_once.len()), (60, 60));
    let list = job(&files, &["list", "--json"]).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[test]
fn state_that_is_damaged_is_an_error_that_names_the_file() {
    let files = Files::new().with("spec.json", spec(DAILY)).with("data/a.csv", "id\n1\n");
    run_job(&files, &[]);
    let folder = fs::read_dir(files.file("state/jobs")).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(folder.join("objects-1.jsonl")).unwrap();
    fs::write(folder.join("objects-1.jsonl"), &text[..text.len() - 5]).unwrap();
    let run = run_job(&files, &[]);
    assert_eq!((run.status, run.out.as_str()), (Some(2), ""));
    assert!(run.err.contains("objects-1.jsonl: line 2 is damaged"), "{}", run.err);
}
