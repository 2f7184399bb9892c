//! Files that change between the scan and their removal, at every moment.

use crate::tree::{Ground, fate, files, nodes, set_modified, settings};
use lakegate::actions::isolate::{Fate, Recipients, Request, Step, Witness, isolate};
use lakegate::outputs::RunContext;
use lakegate::scan::Scanner;
use lakegate::sources::walk;
use std::fs;
use std::io::{Cursor, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

const CONTENT: &[u8] = b"id,SSN\n1,219-45-3456\n";
const OTHER: &[u8] = b"id,SSN\n1,219-45-9999\n";

fn one() -> Ground {
    Ground::new([("a.csv", CONTENT.to_vec())])
}

/// Writes to the file when a step is reached.
struct WriteAt {
    step: Step,
    path: PathBuf,
    /// Whether another file takes the name, instead of the file getting other content.
    replacing: bool,
}

impl Witness for WriteAt {
    fn reached(&self, step: Step, _: &str) {
        if step == self.step {
            if self.replacing {
                let _ = fs::remove_file(&self.path);
            }
            fs::write(&self.path, OTHER).unwrap();
        }
    }
}

#[test]
fn a_file_that_has_another_size_or_time_than_the_finding_says_is_not_moved() {
    let changes: [fn(&Ground); 2] = [
        |ground| {
            let time = fs::metadata(ground.source().join("a.csv")).unwrap().modified().unwrap();
            fs::write(ground.source().join("a.csv"), b"more than there was before").unwrap();
            set_modified(&ground.source().join("a.csv"), time);
        },
        |ground| fs::write(ground.source().join("a.csv"), OTHER).unwrap(),
    ];
    for change in changes {
        let ground = one();
        change(&ground);
        let before = nodes(&ground.source());
        assert!(matches!(fate(&ground.isolate(), "a.csv"), Fate::Changed(_)));
        assert_eq!(nodes(&ground.source()), before);
        assert_eq!(files(&ground.stored()).count(), 0);
    }
}

/// An archive that holds the table as it is, so that other content of the same length makes no other size.
fn archive(table: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    archive.start_file("a.csv", options).unwrap();
    archive.write_all(table).unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
fn what_was_scanned_is_told_from_other_content_of_the_same_size_and_time() {
    // A table is read from its beginning to its end, an archive is not.
    told_from_other_content("a.csv", CONTENT, OTHER);
    told_from_other_content("a.zip", &archive(CONTENT), &archive(OTHER));
}

fn told_from_other_content(name: &str, content: &[u8], other: &[u8]) {
    assert_eq!(content.len(), other.len());
    let scanner = Scanner::builder().build().unwrap();
    for is_changed in [false, true] {
        let ground = Ground::new([(name, content.to_vec())]);
        let paths = [ground.source()];
        let entries = walk(&paths);
        let (reports, fingerprints) = scanner.scan_and_fingerprint(&entries, "", NonZeroUsize::MIN, &(), None).unwrap();
        let file = ground.source().join(name);
        if is_changed {
            let time = fs::metadata(&file).unwrap().modified().unwrap();
            fs::write(&file, other).unwrap();
            set_modified(&file, time);
        }
        let context = RunContext {
            account_id: RunContext::ACCOUNT.into(),
            region: RunContext::REGION.into(),
            bucket: "drop".into(),
            created_at: jiff::Timestamp::UNIX_EPOCH,
            job_id: RunContext::job_id("", jiff::Timestamp::UNIX_EPOCH),
        };
        let request = Request::of_report(&context, &reports[0], &entries[0], &paths[0], fingerprints[0]).unwrap();
        let outcomes = isolate(&ground.to(), &[request], &settings(&Recipients::default(), &())).unwrap();
        assert_eq!(matches!(fate(&outcomes, name), Fate::Changed(_)), is_changed, "{name}");
        assert_eq!(file.exists(), is_changed, "{name}");
    }
}

#[test]
fn a_file_that_is_written_to_on_the_way_stays_with_its_new_content() {
    let steps = [Step::CopyBegun, Step::Copied, Step::Verified, Step::CopyRecorded, Step::Placed, Step::PlaceRecorded];
    for step in steps {
        for replacing in [false, true] {
            let ground = one();
            let path = ground.source().join("a.csv");
            let witness = WriteAt { step, path: path.clone(), replacing };
            let outcomes = ground.isolate_with(&Recipients::default(), &witness).unwrap();
            assert!(matches!(fate(&outcomes, "a.csv"), Fate::Changed(_)), "{step:?}: {outcomes:?}");
            assert_eq!(fs::read(&path).unwrap(), OTHER, "{step:?}");
            assert_eq!(nodes(&ground.source()).len(), 1, "{step:?}: nothing else is left there");
            // What was copied by then was what was scanned, and is kept.
            assert!(files(&ground.stored()).all(|(_, content)| content == CONTENT), "{step:?}");
        }
    }
}

#[test]
fn a_file_that_takes_the_name_of_one_being_removed_is_not_removed() {
    for step in [Step::Claimed, Step::Removed] {
        let ground = one();
        let path = ground.source().join("a.csv");
        let witness = WriteAt { step, path: path.clone(), replacing: true };
        let outcomes = ground.isolate_with(&Recipients::default(), &witness).unwrap();
        assert!(matches!(fate(&outcomes, "a.csv"), Fate::Isolated(_)), "{step:?}: {outcomes:?}");
        assert_eq!(fs::read(&path).unwrap(), OTHER);
        assert_eq!(nodes(&ground.source()).len(), 1);
        assert!(files(&ground.stored()).all(|(_, content)| content == CONTENT));
    }
}

#[test]
fn a_source_that_changed_after_its_move_was_interrupted_is_kept_and_told_every_time() {
    let ground = one();
    let path = ground.source().join("a.csv");
    let witness = WriteAt { step: Step::PlaceRecorded, path: path.clone(), replacing: false };
    ground.isolate_with(&Recipients::default(), &witness).unwrap();
    for _ in 0..2 {
        let outcomes = ground.isolate();
        assert!(matches!(&outcomes[0].fate, Fate::Changed(_)), "{outcomes:?}");
        assert_eq!(fs::read(&path).unwrap(), OTHER);
    }
    let outcomes = ground.restore();
    assert!(matches!(fate(&outcomes, "a.csv"), Fate::Failed(_)), "another file is in the way: {outcomes:?}");
    assert_eq!(fs::read(&path).unwrap(), OTHER);
    fs::remove_file(&path).unwrap();
    ground.restore();
    ground.assert_as_at_the_start("after the other file was removed");
}
