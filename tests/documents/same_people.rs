//! A format is read right when it gives the counts that the table gives.

use super::{counts, scan, writers};
use lakegate::model::Location;
use lakegate::scan::Scanner;

#[test]
fn every_format_gives_the_counts_of_the_table() {
    let scanner = Scanner::builder().build().unwrap();
    let expected = counts(&scan(&scanner, "people.csv", &writers::csv()));
    assert_eq!(expected.get("USA_SOCIAL_SECURITY_NUMBER"), Some(&12), "{expected:?}");
    for identifier in ["NAME", "ADDRESS", "PHONE_NUMBER", "DATE_OF_BIRTH", "CREDIT_CARD_NUMBER"] {
        assert!(
            expected.iter().any(|(id, count)| id.contains(identifier) && *count == 12),
            "{identifier} {expected:?}"
        );
    }
    for (name, content) in [
        ("people.xml", writers::xml()),
        ("attributes.xml", writers::xml_attributes()),
        ("people.yaml", writers::yaml()),
        ("people.html", writers::html()),
        ("people.eml", writers::eml()),
        ("attachment.eml", writers::eml_attachment()),
        ("people.rtf", writers::rtf()),
        ("people.docx", writers::docx()),
        ("people.pptx", writers::pptx()),
        ("people.odt", writers::odt()),
        ("people.pdf", writers::pdf()),
    ] {
        let report = scan(&scanner, name, &content);
        assert!(!report.coverage.incomplete(), "{name}: {:?}", report.coverage);
        assert_eq!(counts(&report), expected, "{name}");
    }
}

#[test]
fn a_value_is_located_by_page_or_line() {
    let scanner = Scanner::builder().build().unwrap();
    let first = |name: &str, content: &[u8]| -> Vec<Location> {
        let report = scan(&scanner, name, content);
        let finding = report.finding.expect("people are found");
        let ssn = finding.detections.into_iter().find(|found| found.identifier.id == "USA_SOCIAL_SECURITY_NUMBER");
        ssn.expect("their numbers are found").occurrences
    };
    let pages: Vec<Location> = first("people.pdf", &writers::pdf());
    let page = |number: u64| Location::Page { number };
    assert_eq!(pages[..5], [page(1), page(1), page(1), page(1), page(2)]);
    assert!(first("people.pptx", &writers::pptx()).iter().all(|location| *location == page(2)));
    // The number is on the fifth line of a person, of which each takes twelve.
    let lines = first("people.xml", &writers::xml());
    assert_eq!(lines[1], Location::Lines { start: 18, end: 18, start_column: 10 });
}
