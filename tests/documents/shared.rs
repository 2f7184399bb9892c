//! Files of other hands: each ends as it should.

use super::{counts, scan, shared_data};
use lakegate::model::{Reason, Status};
use lakegate::scan::Scanner;
use std::collections::BTreeMap;

#[test]
fn the_same_people_are_found_in_every_document() {
    let Some(folder) = shared_data::data("formats/people") else { return };
    let scanner = Scanner::builder().build().unwrap();
    let of = |name: &str| -> BTreeMap<String, u64> {
        let report = scan(&scanner, name, &std::fs::read(folder.join(name)).unwrap());
        assert!(!report.coverage.incomplete(), "{name}: {:?}", report.coverage);
        counts(&report)
    };
    let mut wrong = Vec::new();
    for name in ["people.docx", "people.pdf", "people.md", "people.log", "people.txt", "people-nested.json"] {
        let found = of(name);
        println!("{name}: {found:?}");
        let mut expected = vec!["USA_SOCIAL_SECURITY_NUMBER", "PHONE_NUMBER", "CREDIT_CARD_NUMBER", "NAME"];
        if !matches!(name, "people.log" | "people.docx") {
            expected.push("ADDRESS");
        }
        for identifier in expected {
            let count = found.get(identifier).copied().unwrap_or(0);
            if count != 30 {
                wrong.push(format!("{name}: {identifier} {count}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Files of formats/tika that are documents, and how each ends: words that must have been read stand in its text, so what is
/// asked here is the status and the reason.
const TIKA: &[(&str, Status, Option<Reason>)] = &[
    ("basic_embedded.xml", Status::Complete, None),
    ("complex.mbox", Status::Complete, None),
    ("headers.mbox", Status::Complete, None),
    ("quoted.mbox", Status::Complete, None),
    ("multi-language.txt", Status::Complete, None),
    ("testEML_embedded_xhtml_and_img.eml", Status::Partial, Some(Reason::ArchiveContainsOutOfScopeFiles)),
    ("testEmailWithPNGAtt.eml", Status::Partial, Some(Reason::ArchiveContainsOutOfScopeFiles)),
    ("testGroupWiseEml.eml", Status::Complete, None),
    ("testLotusEml.eml", Status::Complete, None),
    ("testHTML_utf8.html", Status::Complete, None),
    ("testMSG.msg", Status::Complete, None),
    ("testPDF.pdf", Status::Complete, None),
    ("testPDF_Version.4.x.pdf", Status::Complete, None),
    ("testPDF_bad_page_303226.pdf", Status::Complete, None),
    ("testPDF_multiFormatEmbFiles.pdf", Status::Complete, None),
    ("testRTF.rtf", Status::Complete, None),
    ("testWORD.docx", Status::Complete, None),
    ("testWORD_protected_passtika.docx", Status::Skipped, Some(Reason::InvalidEncryption)),
    ("testEXCEL_protected_passtika.xlsx", Status::Skipped, Some(Reason::InvalidEncryption)),
    ("testWORD_text_box.docx", Status::Complete, None),
    ("testXML.xml", Status::Complete, None),
    ("testTXTNonASCIIUTF8.txt", Status::Complete, None),
    ("testTXT_win-1252.txt", Status::Complete, None),
];

#[test]
fn documents_of_other_hands_end_as_they_should() {
    let Some(folder) = shared_data::data("formats/tika") else { return };
    let scanner = Scanner::builder().build().unwrap();
    let mut wrong = Vec::new();
    for (name, status, reason) in TIKA {
        let report = scan(&scanner, name, &std::fs::read(folder.join(name)).unwrap());
        println!("{name}: {} {:?} {:?}", report.mime_type, report.coverage, counts(&report));
        for member in &report.members {
            println!("    {}: {} {:?}", member.path, member.mime_type, member.coverage);
        }
        if (report.coverage.status, report.coverage.reason) != (*status, *reason) {
            wrong.push(format!("{name}: {:?}", report.coverage));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
