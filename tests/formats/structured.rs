//! Files in formats that know their own structure: what is located how in them, and how scans of broken ones end.

use crate::{scan, shared_data};
use lakegate::model::{Location, ObjectReport, Reason, Status};

/// Places of what was found, by the kind of the place.
fn kinds(report: &ObjectReport) -> Vec<&'static str> {
    let detections = report.finding.iter().flat_map(|finding| &finding.detections);
    let mut kinds: Vec<&str> = detections
        .flat_map(|detection| &detection.occurrences)
        .map(|location| match location {
            Location::Cell { .. } => "cell",
            Location::Record { .. } => "record",
            Location::Lines { .. } => "lines",
            Location::Page { .. } => "page",
        })
        .collect();
    kinds.dedup();
    kinds
}

#[test]
fn what_is_found_is_located_as_suits_the_format() {
    let Some(folder) = shared_data::data("formats/people") else { return };
    for (name, kind) in [
        ("people-v2-rowgroups.parquet", "record"),
        ("people-snappy.avro", "record"),
        ("people.orc", "record"),
        ("people.xlsx", "cell"),
        ("people.sqlite", "cell"),
        ("people.sql", "lines"),
    ] {
        assert_eq!(kinds(&scan(&folder.join(name))), [kind], "{name}");
    }
}

/// The number of one of the thirty begins with a zero, which a number does not keep.
#[test]
fn numbers_and_dates_in_cells_count_as_what_they_mean() {
    let Some(folder) = shared_data::data("formats/people") else { return };
    let report = scan(&folder.join("people-typed.xlsx"));
    let detections = report.finding.iter().flat_map(|finding| &finding.detections);
    let counts: Vec<(&str, u64)> =
        detections.map(|detection| (detection.identifier.id.as_str(), detection.count)).collect();
    for expected in [("USA_SOCIAL_SECURITY_NUMBER", 29), ("CREDIT_CARD_NUMBER", 30), ("DATE_OF_BIRTH", 30)] {
        assert!(counts.contains(&expected), "{counts:?}");
    }
}

/// How the scan of a file ends: how much is read, and why not all.
type End = (Status, Option<Reason>);

const READ: End = (Status::Complete, None);
const BROKEN: End = (Status::Skipped, Some(Reason::MalformedFile));
const ENCRYPTED: End = (Status::Skipped, Some(Reason::InvalidEncryption));

#[test]
fn files_of_other_hands_end_as_their_descriptions_say() {
    let Some(folder) = shared_data::data("formats") else { return };
    let mut wrong = Vec::new();
    for (name, ends) in FILES {
        let report = scan(&folder.join(name));
        let end = (report.coverage.status, report.coverage.reason);
        if !ends.contains(&end) {
            wrong.push(format!("{name}: {end:?} {}", report.coverage.detail));
        }
        assert!(!report.coverage.detail.contains("broke the reader"), "{name}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const PARTLY: End = (Status::Partial, Some(Reason::MalformedFile));
const PARTLY_PARSED: End = (Status::Partial, Some(Reason::UnableToParseFile));

const FILES: &[(&str, &[End])] = &[
    ("avro/schemas__withUnion__data.avro", &[READ]),
    ("avro/weather-snappy.avro", &[READ]),
    ("avro/weather-sorted.avro", &[READ]),
    ("avro/weather.avro", &[READ]),
    ("calamine/biff5_write.xls", &[READ]),
    ("calamine/column_row_ranges.xlsx", &[READ]),
    ("calamine/date_1904.xls", &[READ]),
    ("calamine/empty-string.xls", &[READ]),
    ("calamine/errors.xlsx", &[READ]),
    ("calamine/has_x000D_.xlsx", &[READ]),
    ("calamine/inlineStr_cdata.xlsx", &[READ]),
    ("calamine/inventory-table.xlsx", &[READ]),
    ("calamine/issue127.xlsx", &[READ]),
    (
        "calamine/issue_666_panic.xlsb",
        &[READ, PARTLY_PARSED, (Status::Skipped, Some(Reason::MalformedOrFileSizeExceedsLimit))],
    ),
    ("calamine/malformed_format.xls", &[READ, (Status::Skipped, Some(Reason::MalformedOrFileSizeExceedsLimit))]),
    ("calamine/merged_range.xlsx", &[READ]),
    ("dataprofiler/deflate_compressed_intentionally_mislabeled_file.csv", &[READ]),
    ("dataprofiler/mixed_datetime_data_col.parquet", &[READ]),
    ("dataprofiler/nation.plain.intentionally_mislabled_file.csv", &[READ]),
    ("dataprofiler/userdata1.avro", &[READ]),
    ("dataprofiler/userdata1_intentionally_mislabled_file.json", &[READ]),
    ("dataprofiler/users.avro", &[READ]),
    ("orc/TestOrcFile.test1.orc", &[READ]),
    ("orc/demo-12-zlib.orc", &[READ]),
    ("orc/negative_dict_entry_lengths.orc", &[BROKEN, PARTLY, PARTLY_PARSED]),
    ("parquet-testing/alltypes_dictionary.parquet", &[READ]),
    ("parquet-testing/alltypes_plain.snappy.parquet", &[READ]),
    ("parquet-testing/bad_ARROW-GH-41321.parquet", &[PARTLY, BROKEN]),
    ("parquet-testing/bad_ARROW-GH-45185.parquet", &[PARTLY, BROKEN]),
    ("parquet-testing/bad_ARROW-RS-GH-6229-LEVELS.parquet", &[PARTLY, BROKEN]),
    ("parquet-testing/bad_PARQUET-1481.parquet", &[BROKEN]),
    ("parquet-testing/binary.parquet", &[READ]),
    ("parquet-testing/byte_stream_split.zstd.parquet", &[READ]),
    ("parquet-testing/concatenated_gzip_members.parquet", &[READ]),
    ("parquet-testing/datapage_v1-corrupt-checksum.parquet", &[READ, PARTLY]),
    ("parquet-testing/datapage_v2.snappy.parquet", &[READ]),
    ("parquet-testing/delta_length_byte_array.parquet", &[READ]),
    (
        "parquet-testing/encrypt_columns_plaintext_footer.parquet.encrypted",
        &[ENCRYPTED, (Status::Partial, Some(Reason::InvalidEncryption))],
    ),
    ("parquet-testing/fixed_length_decimal.parquet", &[READ]),
    ("parquet-testing/hadoop_lz4_compressed.parquet", &[READ]),
    // Its texts have a gigabyte each.
    ("parquet-testing/large_string_map.brotli.parquet", &[PARTLY]),
    ("parquet-testing/list_columns.parquet", &[READ]),
    ("parquet-testing/nation.dict-malformed.parquet", &[PARTLY, BROKEN]),
    ("parquet-testing/nested_structs.rust.parquet", &[READ]),
    ("parquet-testing/null_list.parquet", &[READ]),
    ("parquet-testing/nulls.snappy.parquet", &[READ]),
    ("parquet-testing/rle_boolean_encoding.parquet", &[READ]),
    ("parquet-testing/uniform_encryption.parquet.encrypted", &[ENCRYPTED]),
    ("pdscan/email.xlsx", &[READ]),
    ("tika/test-columnar.xls", &[READ]),
    ("tika/test-columnar.xlsx", &[READ]),
    ("tika/testComment.xlsx", &[READ]),
    ("tika/testEXCEL_95.xls", &[READ]),
    ("tika/testEXCEL_big_numbers.xlsx", &[READ]),
    ("tika/testEXCEL_dateFormats.xlsx", &[READ]),
    ("tika/testEXCEL_hyperlinks.xlsx", &[READ]),
    ("tika/testEXCEL_protected_passtika.xlsx", &[ENCRYPTED]),
];
