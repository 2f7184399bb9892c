//! Files that are broken, hidden, endless or badly named: each is reported, and the rest is scanned.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

mod program;

use lakegate::model::{Coverage, ObjectInfo, ObjectReport, Reason, Status};
use lakegate::scan::Scanner;
use lakegate::sources::walk;
use program::{Files, Run, compress, run};
use std::fs;
use std::io::Write as _;
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::sync::OnceLock;

/// A table with one Social Security number, to be found beside everything that is broken.
const PERSON: &str = "id,SSN\n1,219-45-3456\n";

/// Rows of an `id` and a Social Security number each.
fn rows(count: u32) -> String {
    let rows: Vec<String> = (0..count).map(|row| format!("{row},219-45-{:04}\n", row + 1)).collect();
    rows.concat()
}

fn scan(files: &Files, format: &str) -> Run {
    run(&["scan", files.path().to_str().unwrap(), "--format", format])
}

/// Status and reason of one object.
fn status_of<'a>(coverage: &'a [(String, String, String)], key: &str) -> (&'a str, &'a str) {
    let found = coverage.iter().find(|(other, _, _)| other == key);
    let (_, status, reason) = found.unwrap_or_else(|| panic!("{key} has no record: {coverage:?}"));
    (status, reason)
}

/// Scans the files and holds each object's coverage against what is expected; the person is found, and the summary names
/// every object that is incomplete.
fn expect(files: Files, exit: i32, expected: &[(&str, &str, &str)]) -> Run {
    let files = files.with("person.csv", PERSON);
    let run = scan(&files, "results");
    assert_eq!(run.status, Some(exit), "{}", run.err);
    let coverage = run.coverage();
    for (key, status, reason) in expected {
        assert_eq!(status_of(&coverage, key), (*status, *reason), "{key}\n{}", run.err);
        if *status != "COMPLETE" && *reason != "UNSUPPORTED_FILE_TYPE_EXCEPTION" {
            assert!(run.err.contains(&format!("{key}: {status}, {reason}")), "{}", run.err);
        }
    }
    assert_eq!(status_of(&coverage, "person.csv"), ("COMPLETE", ""));
    assert!(counts(&run, "person.csv") > 0);
    run
}

/// Occurrences in all in one object.
fn counts(run: &Run, key: &str) -> u64 {
    let record = run
        .lines()
        .into_iter()
        .find(|record| record["resourcesAffected"]["s3Object"]["key"] == key)
        .unwrap_or_else(|| panic!("no record of {key}"));
    let groups = record["classificationDetails"]["result"]["sensitiveData"].as_array().cloned().unwrap_or_default();
    groups.iter().map(|group| group["totalCount"].as_str().unwrap().parse::<u64>().unwrap()).sum()
}

#[test]
fn a_compressed_file_that_is_cut_short_is_searched_as_far_as_it_goes() {
    let rows = rows(5000);
    let whole = compress(format!("id,SSN\n{rows}").as_bytes());
    let files = Files::new()
        .with("cut.csv.gz", &whole[..whole.len() / 2])
        .with("stub.csv.gz", &whole[..5])
        .with("damaged.csv.gz", [&whole[..whole.len() / 2], &[0x55; 64], &whole[whole.len() / 2 + 64..]].concat())
        .with("no.csv.gz", "this is no compressed file\n");
    let run = expect(
        files,
        3,
        &[
            ("cut.csv.gz", "PARTIAL", "MALFORMED_FILE"),
            ("stub.csv.gz", "SKIPPED", "MALFORMED_FILE"),
            ("damaged.csv.gz", "PARTIAL", "MALFORMED_FILE"),
        ],
    );
    assert!((1000..5000).contains(&counts(&run, "cut.csv.gz")), "{}", counts(&run, "cut.csv.gz"));
}

#[test]
fn content_with_nul_characters_is_read_to_its_end_and_reported() {
    let files = Files::new()
        .with("a.csv", "id,SSN\n1,219-45-3456\n2,x\0y\n3,219-45-3457\n")
        .with("header.csv", "id,na\0me,SSN\n1,x,219-45-3456\n2,y,219-45-3457\n")
        .with("a.txt", "Her social security number is 219-45-3456.\n\0\0\0\nThe SSN 219-45-3457 is another.\n")
        .with("a.json", "{\"note\": \"a\0b\", \"ssn\": \"219-45-3456\", \"more\": {\"ssn\": \"219-45-3457\"}}")
        .with("a.jsonl", "{\"ssn\": \"219-45-3456\"}\n{\"note\": \"a\0b\"}\n{\"ssn\": \"219-45-3457\"}\n");
    let run = expect(
        files,
        3,
        &[
            ("a.csv", "PARTIAL", "MALFORMED_FILE"),
            ("header.csv", "PARTIAL", "MALFORMED_FILE"),
            ("a.txt", "PARTIAL", "MALFORMED_FILE"),
        ],
    );
    for key in ["a.csv", "header.csv", "a.txt", "a.json", "a.jsonl"] {
        assert_eq!(counts(&run, key), 2, "{key}");
    }
    for key in ["a.json", "a.jsonl"] {
        assert_eq!(status_of(&run.coverage(), key).0, "PARTIAL", "{key}");
    }
    assert!(run.err.contains("NUL"), "{}", run.err);
}

#[test]
fn utf16_text_has_no_nul_characters() {
    let utf16: Vec<u8> = PERSON.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xff\xfe".to_vec(), utf16.clone()].concat();
    let run = expect(
        Files::new().with("a.csv", marked).with("b.csv", utf16),
        0,
        &[("a.csv", "COMPLETE", ""), ("b.csv", "COMPLETE", "")],
    );
    assert_eq!((counts(&run, "a.csv"), counts(&run, "b.csv")), (1, 1));
}

#[test]
fn a_table_with_a_quote_that_is_never_closed_keeps_its_columns_and_is_reported() {
    let rows = rows(50);
    let files = Files::new()
        .with(
            "open.csv",
            format!(
                "id,SSN\n{rows}51,\"open\n52,219-45-7777\n53,219-45-7778\nHer social security number is 219-45-7777.\n"
            ),
        )
        .with("stray.csv", format!("id,SSN\n{rows}51,5\" pipe\n52,219-45-7777\n"));
    let run = expect(files, 3, &[("open.csv", "PARTIAL", "UNABLE_TO_PARSE_FILE"), ("stray.csv", "COMPLETE", "")]);
    assert_eq!(counts(&run, "open.csv"), 53);
    assert_eq!(counts(&run, "stray.csv"), 51);
}

#[test]
fn json_that_breaks_off_or_is_nested_too_deep_is_reported() {
    let deep = "[".repeat(1000) + &"]".repeat(1000);
    let files = Files::new()
        .with("broken.json", "{\"ssn\": \"219-45-3456\",\n \"more\": oops, her social security number is 219-45-3457}")
        .with("deep.json", deep)
        .with(
            "lines.jsonl",
            "{\"ssn\": \"219-45-3456\"}\nher social security number is 219-45-3457\n{\"ssn\": \"219-45-3458\"}\n",
        );
    let run = expect(
        files,
        3,
        &[
            ("broken.json", "PARTIAL", "UNABLE_TO_PARSE_FILE"),
            ("deep.json", "PARTIAL", "JSON_NESTING_LEVEL_OVER_LIMIT"),
            ("lines.jsonl", "PARTIAL", "UNABLE_TO_PARSE_FILE"),
        ],
    );
    assert_eq!((counts(&run, "broken.json"), counts(&run, "lines.jsonl")), (2, 3));
}

#[test]
fn pictures_and_programs_are_out_of_scope_and_empty_files_are_complete() {
    let noise: Vec<u8> = (0..5000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let files = Files::new()
        .with("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
        .with("a.bin", noise)
        .with("empty.csv", "")
        .with("empty.json", "")
        .with("empty", "")
        .with("line.csv", "\n");
    let run = expect(
        files,
        0,
        &[
            ("a.png", "SKIPPED", "UNSUPPORTED_FILE_TYPE_EXCEPTION"),
            ("a.bin", "SKIPPED", "UNSUPPORTED_FILE_TYPE_EXCEPTION"),
            ("empty.csv", "COMPLETE", ""),
            ("empty.json", "COMPLETE", ""),
            ("empty", "COMPLETE", ""),
            ("line.csv", "COMPLETE", ""),
        ],
    );
    assert!(
        run.err.contains("Out of scope, of a format that is not analysed: 2 objects (1 .bin, 1 .png)"),
        "{}",
        run.err
    );
}

#[test]
fn a_picture_called_a_table_and_a_table_called_a_picture_are_what_their_content_is() {
    let files = Files::new()
        .with("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
        .with("b.png", format!("{PERSON}2,219-45-3457\n3,219-45-3458\n"));
    let run = expect(files, 0, &[("a.csv", "SKIPPED", "UNSUPPORTED_FILE_TYPE_EXCEPTION"), ("b.png", "COMPLETE", "")]);
    assert!(counts(&run, "b.png") > 0);
}

fn scan_info(key: &str, size: u64) -> ObjectInfo {
    ObjectInfo { key: key.into(), size, ..ObjectInfo::default() }
}

fn scanner() -> &'static Scanner {
    static SCANNER: OnceLock<Scanner> = OnceLock::new();
    SCANNER.get_or_init(|| Scanner::builder().build().unwrap())
}

#[test]
fn a_file_that_vanishes_after_it_was_listed_is_reported_and_the_rest_is_scanned() {
    let files = Files::new().with("a.csv", PERSON).with("b.csv", PERSON).with("c.csv", PERSON);
    let entries = walk(&[files.path()]);
    fs::remove_file(files.file("b.csv")).unwrap();
    fs::write(files.file("c.csv"), format!("{PERSON}2,219-45-3457\n")).unwrap();
    for threads in [1, 8] {
        let reports = scanner().scan_entries(&entries, "", NonZeroUsize::new(threads).unwrap(), &()).unwrap();
        let reasons: Vec<_> = reports.iter().map(|report| (report.coverage.status, report.coverage.reason)).collect();
        assert_eq!(
            reasons,
            [
                (Status::Complete, None),
                (Status::Skipped, Some(Reason::SourceObjectNoLongerAvailable)),
                (Status::Partial, Some(Reason::ObjectVersionMismatch)),
            ]
        );
        assert!(reports[0].finding.is_some() && reports[2].finding.is_some());
    }
}

/// A content that fails after its first bytes, as a disk does.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            return Err(io::Error::other("the disk is gone"));
        }
        self.0.read(buffer)
    }
}

#[test]
fn content_that_cannot_be_read_to_its_end_is_searched_as_far_as_it_goes() {
    let text = "Her social security number is 219-45-3456.\n";
    for (key, content) in [
        ("a.csv", PERSON),
        ("a.txt", text),
        ("a.json", "{\"ssn\": \"219-45-3456\"}\n"),
        ("a.jsonl", "{\"ssn\": \"219-45-3456\"}\n"),
    ] {
        let report = scanner().scan_object(scan_info(key, 0), Failing(content.as_bytes()));
        assert_eq!(report.coverage.status, Status::Partial, "{key}");
        assert!(report.finding.is_some(), "{key}");
    }
    let report = scanner().scan_object(scan_info("a.csv", 0), Failing(b""));
    assert_eq!(report.coverage.status, Status::Skipped);
}

/// Gives the same text again and again.
struct Endless<'a> {
    text: &'a [u8],
    at: usize,
}

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = (&self.text[self.at..]).read(buffer)?;
        self.at = (self.at + read) % self.text.len();
        Ok(read)
    }
}

/// Most memory that this process has had so far, in bytes.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

/// Length of a line that no reader may hold in memory: 160 MB, or `LAKEGATE_LONG_LINE` bytes.
fn long_line() -> u64 {
    std::env::var("LAKEGATE_LONG_LINE").map_or(160 << 20, |length| length.parse().unwrap())
}

/// Most memory that the tests of this program may take, whatever they scan and however many run at a time.
const MOST_MEMORY: u64 = 128 << 20;

/// Scans `before`, a very long stretch without a line end, and `after`.
fn scan_long_line(key: &str, before: &str, after: &str) -> ObjectReport {
    let line = Endless { text: b"some words and 1234 numbers, now and then; ", at: 0 }.take(long_line());
    let report = scanner().scan_object(scan_info(key, 0), before.as_bytes().chain(line).chain(after.as_bytes()));
    let Some(peak) = peak_memory() else {
        let _ = writeln!(std::io::stderr(), "SKIPPED: this system does not tell how much memory was used");
        return report;
    };
    assert!(peak < MOST_MEMORY, "{key} took {peak} bytes of memory");
    report
}

fn found(report: &ObjectReport) -> u64 {
    report.finding.iter().flat_map(|finding| &finding.detections).map(|detection| detection.count).sum()
}

#[test]
fn a_table_with_an_endless_line_takes_little_memory_and_is_searched_to_its_end() {
    let report = scan_long_line("a.csv", PERSON, "\nHer social security number is 219-45-7777.\n");
    let Coverage { status, reason, .. } = &report.coverage;
    assert_eq!((*status, *reason), (Status::Partial, Some(Reason::UnableToParseFile)));
    assert_eq!(found(&report), 2);
    assert!(report.size_classified > long_line());
}

#[test]
fn a_text_with_an_endless_line_takes_little_memory_and_is_searched_to_its_end() {
    let report = scan_long_line("a.txt", "", "\nHer social security number is 219-45-7777.\n");
    assert_eq!((report.coverage.status, found(&report)), (Status::Complete, 1));
}

#[test]
fn an_endless_json_text_takes_little_memory_and_is_searched_to_its_end() {
    let report = scan_long_line("a.json", "{\"note\": \"", "\", \"ssn\": \"219-45-7777\"}");
    assert_eq!((report.coverage.status, found(&report)), (Status::Complete, 1));
}

#[test]
fn an_endless_json_line_takes_little_memory_and_is_searched_to_its_end() {
    let report =
        scan_long_line("a.jsonl", "{\"ssn\": \"219-45-3456\"}\n{\"note\": \"", "\", \"ssn\": \"219-45-7777\"}\n");
    assert_eq!((report.coverage.status, found(&report)), (Status::Partial, 2));
}

#[test]
fn a_compressed_bomb_takes_little_memory() {
    let bomb = compress(&vec![b'x'; 50 << 20]);
    let report = scanner().scan_object(scan_info("a.txt.gz", bomb.len() as u64), bomb.as_slice());
    assert_eq!((report.coverage.status, report.size_classified), (Status::Complete, 50 << 20));
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;
    use std::process::Command;

    fn allow(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// The program, run as somebody whom permissions bind: as nobody if the tests run as root. `None` where that cannot be.
    fn unprivileged(files: &Files) -> Option<Command> {
        // As nobody, neither the build folder nor a new temporary one may be reached.
        allow(files.path(), 0o755);
        let program = files.path().join("lakegate");
        fs::copy(env!("CARGO_BIN_EXE_lakegate"), &program).unwrap();
        allow(&program, 0o755);
        let probe = files.path().join("probe");
        fs::create_dir(&probe).unwrap();
        allow(&probe, 0o000);
        let mut command = if fs::read_dir(&probe).is_err() {
            Command::new(&program)
        } else {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(&program);
            command
        };
        let starts = command.arg("--version").output().is_ok_and(|output| output.status.success());
        if !starts {
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: permissions do not bind this user, and the program cannot be run as another"
            );
            return None;
        }
        let arguments: Vec<_> = command.get_args().map(OsStr::to_owned).collect();
        let mut again = Command::new(command.get_program());
        again.args(&arguments[..arguments.len() - 1]);
        Some(again)
    }

    #[test]
    fn a_folder_and_a_file_without_permission_are_reported_and_the_rest_is_scanned() {
        let files = Files::new()
            .with("data/closed/hidden.csv", PERSON)
            .with("data/private.csv", PERSON)
            .with("data/open/person.csv", PERSON);
        let Some(mut command) = unprivileged(&files) else { return };
        let (folder, file) = (files.path().join("data/closed"), files.path().join("data/private.csv"));
        allow(&folder, 0o000);
        allow(&file, 0o000);
        let run =
            program::run_command(command.arg("scan").arg(files.path().join("data")).args(["--format", "results"]));
        allow(&folder, 0o755);
        assert_eq!(run.status, Some(3), "{}", run.err);
        let coverage = run.coverage();
        for key in ["closed", "private.csv"] {
            assert_eq!(status_of(&coverage, key), ("SKIPPED", "PERMISSION_DENIED"));
            assert!(run.err.contains(&format!("{key}: SKIPPED, PERMISSION_DENIED")), "{}", run.err);
        }
        assert_eq!(status_of(&coverage, "open/person.csv"), ("COMPLETE", ""));
        assert_eq!(counts(&run, "open/person.csv"), 1);
    }

    #[test]
    fn links_that_lead_in_a_circle_or_nowhere_do_not_hold_a_scan_up() {
        let files = Files::new().with("a/b/person.csv", PERSON);
        symlink("../..", files.path().join("a/b/loop")).unwrap();
        symlink("itself", files.path().join("itself")).unwrap();
        let run = expect(
            files,
            3,
            &[("a/b/person.csv", "COMPLETE", ""), ("a/b/loop", "SKIPPED", "UNSUPPORTED_FILE_TYPE_EXCEPTION")],
        );
        assert_eq!(status_of(&run.coverage(), "itself").0, "SKIPPED");
        assert_eq!(run.coverage().len(), 4);
    }

    #[test]
    fn a_pipe_is_not_waited_for() {
        let files = Files::new();
        if !Command::new("mkfifo").arg(files.path().join("pipe.csv")).status().is_ok_and(|status| status.success()) {
            let _ = writeln!(std::io::stderr(), "SKIPPED: no pipe can be made here");
            return;
        }
        expect(files, 0, &[("pipe.csv", "SKIPPED", "UNSUPPORTED_FILE_TYPE_EXCEPTION")]);
    }

    #[test]
    fn names_with_control_characters_cannot_act_on_a_terminal() {
        let files = Files::new()
            .with("line\nend.csv", PERSON)
            .with("\u{1b}[2J\u{1b}[31mred.csv", PERSON)
            .with("\u{202e}vsc.exe", "id,SSN\n1,\"");
        for name in [b"byte\xff.csv".as_slice(), b"byte\xfe.csv"] {
            if fs::write(files.path().join(OsStr::from_bytes(name)), PERSON).is_err() {
                let _ = writeln!(std::io::stderr(), "SKIPPED: this file system has no such names");
                return;
            }
        }
        for format in program::FORMATS {
            let run = scan(&files, format);
            for text in [&run.out, &run.err] {
                let harmful =
                    |character: char| (character.is_control() && character != '\n') || character == '\u{202e}';
                // JSON escapes control characters; what merely looks odd there is left to whoever shows it.
                let for_people = ["table", "junit", "github", "markdown", "csv"].contains(&format);
                let harmful = |character| harmful(character) && (for_people || character != '\u{202e}');
                assert!(!text.contains(harmful), "{format}: {text:?}");
            }
        }
        let run = scan(&files, "json");
        let keys: Vec<String> = run.json()["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["resourcesAffected"]["s3Object"]["key"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(keys, ["\u{1b}[2J\u{1b}[31mred.csv", "byte\u{fffd}FE.csv", "byte\u{fffd}FF.csv", "line\nend.csv"]);
    }
}
