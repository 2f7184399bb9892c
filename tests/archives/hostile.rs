//! Archives that are broken, encrypted, or made to do harm.

use crate::write::{Codec, Kind, encrypted_zip, seven_zip, tar, zip};
use crate::{count, scan, scan_with, scanner_within};
use lakegate::model::{Coverage, ObjectReport, Quotas, Reason, Status};
use std::io::Write;
use std::time::Duration;
use zip::write::SimpleFileOptions;

const TABLE: &str = "id,ssn\n1,219-09-4821\n2,514-14-8905\n";

fn table(name: &str) -> (String, Vec<u8>) {
    (name.to_owned(), TABLE.as_bytes().to_vec())
}

fn plain_zip(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    zip(members, SimpleFileOptions::default())
}

fn paths(report: &ObjectReport) -> Vec<&str> {
    report.members.iter().map(|member| member.path.as_str()).collect()
}

fn ended(coverage: &Coverage) -> (Status, Option<Reason>) {
    (coverage.status, coverage.reason)
}

#[test]
fn names_that_climb_out_of_the_archive_are_names_like_others() {
    let report = scan("a.zip", &plain_zip(&[table("../../etc/people.csv"), table("/srv/people.csv")]));
    assert_eq!(paths(&report), ["../../etc/people.csv", "/srv/people.csv"]);
    assert_eq!((count(&report), ended(&report.coverage)), (4, (Status::Complete, None)));
}

#[test]
fn names_in_old_encodings_are_read() {
    let patch = |new: &[u8]| {
        let placeholder = "x".repeat(new.len());
        let mut bytes = plain_zip(&[table(&format!("{placeholder}.csv"))]);
        for at in (0..bytes.len() - new.len()).rev() {
            if bytes[at..].starts_with(placeholder.as_bytes()) {
                bytes[at..at + new.len()].copy_from_slice(new);
            }
        }
        bytes
    };
    let shift_jis = encoding_rs::SHIFT_JIS.encode("\u{6587}\u{7ae0}1\u{306e}\u{540d}\u{524d}").0;
    assert_eq!(paths(&scan("a.zip", &patch(&shift_jis))), ["\u{6587}\u{7ae0}1\u{306e}\u{540d}\u{524d}.csv"]);
    // U+00FC in the character set of the first PCs.
    assert_eq!(paths(&scan("a.zip", &patch(b"M\x81ller"))), ["M\u{fc}ller.csv"]);
}

#[test]
fn encrypted_files_are_reported_and_the_others_read() {
    let mut bytes = plain_zip(&[table("a.csv"), table("b.csv")]);
    // The flag of the second file, in both of its headers (APPNOTE.TXT, 4.4.4), and the method of AES.
    let second = |signature: &[u8]| {
        let found: Vec<usize> = memchr::memmem::find_iter(&bytes, signature).collect();
        found[1]
    };
    let (local, central) = (second(b"PK\x03\x04"), second(b"PK\x01\x02"));
    for (flags, method) in [(local + 6, local + 8), (central + 8, central + 10)] {
        bytes[flags] |= 1;
        bytes[method] = 99;
    }
    for bytes in [bytes, encrypted_zip(&[table("b.csv")])] {
        let report = scan("a.zip", &bytes);
        let last = report.members.last().unwrap();
        assert_eq!(last.path, "b.csv");
        assert_eq!(ended(&last.coverage), (Status::Skipped, Some(Reason::InvalidEncryption)));
        assert_eq!(ended(&report.coverage), (Status::Partial, Some(Reason::ArchiveContainsUnprocessedFiles)));
        assert_eq!(count(&report), if report.members.len() == 2 { 2 } else { 0 });
    }
}

#[test]
fn pictures_in_an_archive_are_named_as_not_analysed_and_are_no_failure() {
    let report = scan("a.zip", &plain_zip(&[table("a.csv"), ("b.png".into(), b"\x89PNG\r\n\x1a\n\0\0".to_vec())]));
    assert_eq!(report.coverage.reason.map(Reason::as_str), Some("ARCHIVE_CONTAINS_UNPROCESSED_FILES"));
    assert_eq!(report.coverage.status, Status::Partial);
    assert!(!report.coverage.incomplete());
    assert_eq!(count(&report), 2);
}

#[test]
fn an_archive_that_is_cut_off_gives_what_comes_before() {
    let noise = |seed: u32| -> Vec<u8> {
        let line = |number: u32| format!("{number},{}\n", number.wrapping_mul(2_654_435_761).wrapping_add(seed));
        (0..20_000).map(line).collect::<String>().into_bytes()
    };
    let members = [table("a.csv"), ("b.csv".to_owned(), noise(1)), ("c.csv".to_owned(), noise(2))];
    for kind in Kind::ALL {
        let mut bytes = kind.write(&members);
        bytes.truncate(bytes.len() * 3 / 4);
        let report = scan(&format!("a.{}", kind.extension()), &bytes);
        assert!(report.coverage.incomplete(), "{kind:?}");
        // The directory of 7z stands at its end; nothing is left without it.
        let expected = if kind == Kind::SevenZip { 0 } else { 2 };
        assert_eq!(count(&report), expected, "{kind:?}: {:?}", report.coverage);
    }
}

#[test]
fn a_file_that_is_larger_than_the_archive_says_is_reported() {
    let mut bytes = zip(&[table("a.csv")], SimpleFileOptions::default());
    let headers = [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)];
    for (signature, size) in headers {
        let at = memchr::memmem::find(&bytes, signature).unwrap() + size;
        bytes[at..at + 4].copy_from_slice(&20_u32.to_le_bytes());
    }
    let report = scan("a.zip", &bytes);
    assert_eq!(ended(&report.coverage), (Status::Partial, Some(Reason::ArchiveContainsUnprocessedFiles)));
}

#[test]
fn an_archive_that_says_itself_that_it_is_over_a_limit_is_not_read() {
    let bytes = plain_zip(&[table("a.csv"), table("b.csv"), table("c.csv")]);
    let limits = [
        (Quotas { members: 2, ..Quotas::default() }, Reason::ArchiveTotalDocumentsProcessedOverLimit),
        (Quotas { expanded_bytes: 50, ..Quotas::default() }, Reason::ArchiveTotalBytesExtractedOverLimit),
        (Quotas { member_bytes: 10, ..Quotas::default() }, Reason::ArchiveTotalBytesExtractedOverLimit),
    ];
    for (quotas, reason) in limits {
        let report = scan_with(&scanner_within(quotas), "a.zip", &bytes);
        assert_eq!((ended(&report.coverage), count(&report)), ((Status::Skipped, Some(reason)), 0));
    }
}

#[test]
fn a_limit_that_is_met_half_way_ends_the_reading_and_what_was_read_counts() {
    let bytes = tar(&[table("a.csv"), table("b.csv"), table("c.csv")]);
    let limits = [
        (Quotas { members: 2, ..Quotas::default() }, Reason::ArchiveTotalDocumentsProcessedOverLimit, 4),
        (Quotas { expanded_bytes: 80, ..Quotas::default() }, Reason::ArchiveTotalBytesExtractedOverLimit, 4),
        (Quotas { member_bytes: 25, ..Quotas::default() }, Reason::ArchiveContainsUnprocessedFiles, 3),
    ];
    for (quotas, reason, found) in limits {
        let report = scan_with(&scanner_within(quotas), "a.tar", &bytes);
        let end = (ended(&report.coverage), count(&report));
        assert_eq!(end, ((Status::Partial, Some(reason)), found), "{}", report.coverage.detail);
    }
    let quotas = Quotas { time: Duration::ZERO, ..Quotas::default() };
    let report = scan_with(&scanner_within(quotas), "a.tar", &bytes);
    assert_eq!((report.coverage.reason, count(&report)), (Some(Reason::TimeCutOffReached), 0));
}

#[test]
fn archives_inside_each_other_are_read_to_the_tenth_level() {
    for (levels, found) in [(10, 2), (11, 0)] {
        let mut bytes = TABLE.as_bytes().to_vec();
        let mut name = "a.csv".to_owned();
        for level in 0..levels {
            let kind = Kind::ALL[level % Kind::ALL.len()];
            bytes = kind.write(&[(name, bytes)]);
            name = format!("{level}.{}", kind.extension());
        }
        let report = scan(&name, &bytes);
        assert_eq!(count(&report), found);
        let expected = if found > 0 { None } else { Some(Reason::ArchiveNestingLevelOverLimit) };
        assert_eq!(report.coverage.reason, expected, "{}", report.coverage.detail);
    }
}

#[test]
fn a_bomb_ends_at_the_limit_of_its_ratio() {
    let zeros = vec![b'0'; 4 * 1024 * 1024];
    let inner = plain_zip(&(0..32).map(|index| (format!("{index}.txt"), zeros.clone())).collect::<Vec<_>>());
    let bytes = plain_zip(&[("inner.zip".to_owned(), inner)]);
    let quotas = Quotas { ratio: 500, ..Quotas::default() };
    let report = scan_with(&scanner_within(quotas), "a.zip", &bytes);
    assert_eq!(report.coverage.reason, Some(Reason::ArchiveTotalBytesExtractedOverLimit), "{}", bytes.len());
    assert_eq!(report.coverage.status, Status::Partial);
}

#[test]
fn two_files_of_the_same_name_are_both_read() {
    let mut bytes = plain_zip(&[table("a.csv"), table("b.csv")]);
    let names: Vec<usize> = memchr::memmem::find_iter(&bytes, b"b.csv").collect();
    for at in names {
        bytes[at] = b'a';
    }
    let report = scan("a.zip", &bytes);
    assert_eq!((paths(&report), count(&report)), (vec!["a.csv", "a.csv"], 4));
}

#[test]
fn long_names_sparse_files_and_links_of_tar_are_understood() {
    let long = format!("{}/people.csv", "folder".repeat(60));
    let mut archive = tar::Builder::new(Vec::new());
    archive.append_pax_extensions([("path", "in/pax.csv".as_bytes())]).unwrap();
    let mut header = tar::Header::new_ustar();
    header.set_size(TABLE.len() as u64);
    header.set_path("short.csv").unwrap();
    header.set_cksum();
    archive.append(&header, TABLE.as_bytes()).unwrap();
    let mut header = tar::Header::new_gnu();
    header.set_size(TABLE.len() as u64);
    archive.append_data(&mut header, &long, TABLE.as_bytes()).unwrap();
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    archive.append_link(&mut link, "link.csv", "/etc/passwd").unwrap();
    let report = scan("a.tar", &archive.into_inner().unwrap());
    assert_eq!(paths(&report), ["in/pax.csv", long.as_str()]);
    assert_eq!((count(&report), ended(&report.coverage)), (4, (Status::Complete, None)));
}

#[test]
fn what_follows_compressed_data_is_told() {
    let mut bytes = Codec::Gzip.write(TABLE.as_bytes());
    bytes.extend_from_slice(b"and more");
    let report = scan("a.csv.gz", &bytes);
    assert_eq!((ended(&report.coverage), count(&report)), ((Status::Partial, Some(Reason::MalformedFile)), 2));
    // Tapes and disks pad with zeros.
    let mut padded = Codec::Gzip.write(TABLE.as_bytes());
    padded.write_all(&[0; 512]).unwrap();
    assert_eq!(scan("a.csv.gz", &padded).coverage.status, Status::Complete);
}

#[test]
fn a_7z_archive_of_nothing_and_one_of_an_empty_file_are_complete() {
    assert_eq!(scan("a.7z", &seven_zip(&[("empty.csv".to_owned(), Vec::new())])).coverage.status, Status::Complete);
    assert_eq!(scan("a.zip", &plain_zip(&[])).coverage.status, Status::Complete);
}
