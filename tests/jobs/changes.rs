//! A recurring job analyses exactly what has changed.

use super::{DAILY, Files, analysed, program, run_job, spec};
use program::run;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::PathBuf;

#[test]
fn the_first_run_takes_all_and_later_ones_what_is_new_or_changed() {
    let files = Files::new()
        .with("spec.json", spec(DAILY))
        .with("data/a.csv", "ssn\n219-45-3456\n")
        .with("data/in/b.csv", "id\n1\n")
        .with("data/c.csv", "id\n2\n");
    assert_eq!(analysed(&run_job(&files, &[])), ["a.csv", "c.csv", "in/b.csv"]);
    assert_eq!(analysed(&run_job(&files, &[])), [""; 0]);
    fs::write(files.file("data/in/b.csv"), "id\n3\n").unwrap();
    fs::write(files.file("data/d.csv"), "id\n1\n").unwrap();
    fs::remove_file(files.file("data/a.csv")).unwrap();
    assert_eq!(analysed(&run_job(&files, &[])), ["d.csv", "in/b.csv"]);
    fs::rename(files.file("data/d.csv"), files.file("data/e.csv")).unwrap();
    assert_eq!(analysed(&run_job(&files, &[])), ["e.csv"]);
    // An object that comes back after it was gone is new.
    let files = files.with("data/a.csv", "ssn\n219-45-3456\n");
    assert_eq!(analysed(&run_job(&files, &[])), ["a.csv"]);
}

#[test]
fn without_an_initial_run_what_exists_when_the_job_is_created_is_not_analysed() {
    let later = DAILY.replace("true", "false");
    let files = Files::new().with("spec.json", spec(&later)).with("data/a.csv", "id\n1\n");
    assert_eq!(analysed(&run_job(&files, &[])), [""; 0]);
    let files = files.with("data/b.csv", "id\n1\n");
    assert_eq!(analysed(&run_job(&files, &[])), ["b.csv"]);
}

#[test]
fn the_output_and_the_state_are_no_objects_of_the_job() {
    let files = Files::new().with("spec.json", spec(DAILY)).with("data/a.csv", "id\n1\n");
    let output = files.file("data/out.jsonl");
    let bucket = format!("uploads={}", files.file("data"));
    for expected in [1, 0] {
        let spec = files.file("spec.json");
        let arguments = ["job", "run", &spec, "--bucket", &bucket, "--format", "results", "-o", &output];
        let run = run(&[&arguments[..], &["--state", &files.file("data/state")]].concat());
        assert_eq!(run.status, Some(0), "{}", run.err);
        assert_eq!(fs::read_to_string(&output).unwrap().lines().count(), expected);
    }
}

#[test]
fn the_state_holds_no_value_and_no_digest_that_others_could_compute() {
    use sha2::{Digest, Sha256};
    let content = "219-45-3456";
    let files = Files::new().with("spec.json", spec(DAILY)).with("data/a.csv", content);
    run_job(&files, &[]);
    let plain = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let mut seen = 0;
    for entry in walkdir::WalkDir::new(files.file("state")).into_iter().map(Result::unwrap) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode & 0o077, 0, "{} is for its owner only", entry.path().display());
        }
        if entry.file_type().is_file() {
            let text = String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).into_owned();
            assert!(!text.contains(content) && !text.contains(&plain), "{}", entry.path().display());
            seen += 1;
        }
    }
    assert!(seen >= 4);
}

/// What is done to the files between two runs.
#[derive(Debug, Clone)]
enum Edit {
    Write(usize, u8),
    Touch(usize),
    Rename(usize, usize),
    Delete(usize),
    Grow(usize),
    /// Another content of the same size, with the old time of modification put back.
    Disguise(usize),
}

const NAMES: [&str; 6] = ["a.csv", "b.csv", "in/a.csv", "in/deep/c.txt", "d.jsonl", "ü x.csv"];

fn edit() -> impl Strategy<Value = Edit> {
    let name = || 0..NAMES.len();
    prop_oneof![
        3 => (name(), 0..4u8).prop_map(|(name, content)| Edit::Write(name, content)),
        1 => name().prop_map(Edit::Touch),
        1 => (name(), name()).prop_map(|(from, to)| Edit::Rename(from, to)),
        1 => name().prop_map(Edit::Delete),
        1 => name().prop_map(Edit::Grow),
        2 => name().prop_map(Edit::Disguise),
    ]
}

fn apply(files: &Files, edit: &Edit) {
    let path = |name: usize| PathBuf::from(files.file("data")).join(NAMES[name]);
    match *edit {
        Edit::Write(name, content) => {
            let text = ["ssn\n219-45-3456\n", "ssn\n219-45-3457\n219-45-3458\n", "id\n1\n", ""][usize::from(content)];
            fs::create_dir_all(path(name).parent().unwrap()).unwrap();
            fs::write(path(name), text).unwrap();
        }
        Edit::Touch(name) => {
            if let Ok(file) = File::options().append(true).open(path(name)) {
                file.set_modified(std::time::SystemTime::now()).unwrap();
            }
        }
        Edit::Rename(from, to) => {
            if path(from).exists() && from != to {
                fs::create_dir_all(path(to).parent().unwrap()).unwrap();
                fs::rename(path(from), path(to)).unwrap();
            }
        }
        Edit::Delete(name) => {
            let _ = fs::remove_file(path(name));
        }
        Edit::Grow(name) => {
            if let Ok(mut content) = fs::read(path(name)) {
                content.extend(b"219-45-3459\n");
                fs::write(path(name), content).unwrap();
            }
        }
        Edit::Disguise(name) => {
            let Ok(content) = fs::read_to_string(path(name)) else { return };
            let before = path(name).metadata().unwrap().modified().unwrap();
            let other: String = content
                .chars()
                .map(|c| {
                    if c == '5' {
                        '6'
                    } else if c == '6' {
                        '5'
                    } else {
                        c
                    }
                })
                .collect();
            fs::write(path(name), other).unwrap();
            File::options().append(true).open(path(name)).unwrap().set_modified(before).unwrap();
        }
    }
}

/// Contents by key.
fn contents(files: &Files) -> BTreeMap<String, Vec<u8>> {
    let present = NAMES.iter().filter_map(|name| {
        let content = fs::read(PathBuf::from(files.file("data")).join(name)).ok()?;
        Some(((*name).to_owned(), content))
    });
    present.collect()
}

/// What was found by key, apart from ids and times.
fn found(results: &str) -> BTreeMap<String, Value> {
    let record = |line: &str| {
        let record: Value = serde_json::from_str(line).unwrap();
        let key = record["resourcesAffected"]["s3Object"]["key"].as_str().unwrap().to_owned();
        (key, record["classificationDetails"]["result"].clone())
    };
    results.lines().map(record).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn however_files_are_edited_a_run_takes_what_changed_and_all_runs_together_say_what_a_full_scan_says(
        rounds in proptest::collection::vec(proptest::collection::vec(edit(), 0..5), 1..6),
    ) {
        let files = Files::new().with("spec.json", spec(DAILY));
        fs::create_dir_all(files.file("data")).unwrap();
        let mut known = BTreeMap::new();
        let mut accumulated = BTreeMap::new();
        for edits in &rounds {
            for edit in edits {
                apply(&files, edit);
            }
            let now = contents(&files);
            let changed: Vec<&String> =
                now.iter().filter(|(key, content)| known.get(*key) != Some(*content)).map(|(key, _)| key).collect();
            let run = run_job(&files, &[]);
            let taken = analysed(&run);
            prop_assert_eq!(taken.iter().collect::<Vec<_>>(), changed, "{:?}", edits);
            accumulated.retain(|key, _| now.contains_key(key));
            accumulated.extend(found(&run.out));
            known = now;
        }
        let full = run(&["scan", &files.file("data"), "--format", "results"]);
        prop_assert_eq!(accumulated, found(&full.out));
    }
}
