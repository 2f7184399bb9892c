//! Clinical documents of other hands (HL7 C-CDA), whose truth is known.

use super::{counts, scan, shared_data};
use lakegate::scan::Scanner;
use serde_json::Value;

/// Occurrences of each kind that the truth lists and that must be found, as a floor. Missing are an address
/// without a street in each, and a year without a day that is somebody's birth.
const FLOOR: &[(&str, &[(&str, u64)])] = &[
    (
        "NIST_Samples__CCDA_CCD_b1_Ambulatory_v2.xml",
        &[("ADDRESS", 22), ("DATE_OF_BIRTH", 1), ("NAME", 19), ("PHONE_NUMBER", 15)],
    ),
    (
        "HL7_Samples__CCD.sample.xml",
        &[("ADDRESS", 22), ("DATE_OF_BIRTH", 1), ("NAME", 14), ("PHONE_NUMBER", 14), ("USA_SOCIAL_SECURITY_NUMBER", 1)],
    ),
];

#[test]
fn people_in_clinical_documents_are_found() {
    let Some(folder) = shared_data::data("ccda") else { return };
    let truth = std::fs::read_to_string(folder.join("truth.json")).unwrap();
    let truth: Value = serde_json::from_str(&truth).unwrap();
    let scanner = Scanner::builder().build().unwrap();
    for (file, floor) in FLOOR {
        let report = scan(&scanner, file, &std::fs::read(folder.join(file)).unwrap());
        assert!(!report.coverage.incomplete(), "{file}: {:?}", report.coverage);
        let found = counts(&report);
        let mut listed = std::collections::BTreeMap::new();
        for item in truth[file]["items"].as_array().unwrap() {
            *listed.entry(item["macie"].as_str().unwrap_or("-")).or_insert(0) += item["count"].as_u64().unwrap();
        }
        println!("{file}: listed {listed:?}, found {found:?}");
        for (identifier, least) in *floor {
            let count = found.get(*identifier).copied().unwrap_or(0);
            assert!(count >= *least, "{file}: {identifier} {count} of at least {least}");
        }
    }
}
