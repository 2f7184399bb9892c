//! Files of other hands: each ends as it should.

use super::{counts, scan, shared_data};
use lakegate::model::{Reason, Status};
use lakegate::scan::Scanner;

/// Of these, the numbers of people are all found; two addresses have lost the first digit of their postal code, and in the Word document only the fifteen paragraphs have any. The other formats of the
/// same people are in docs/formats.md.
#[test]
fn the_same_people_are_found_in_every_document() {
    let Some(folder) = shared_data::data("formats/people") else { return };
    let scanner = Scanner::builder().build().unwrap();
    for (name, addresses) in [("people.docx", 15), ("people.pdf", 28)] {
        let report = scan(&scanner, name, &std::fs::read(folder.join(name)).unwrap());
        assert!(!report.coverage.incomplete(), "{name}: {:?}", report.coverage);
        let found = counts(&report);
        for (identifier, expected) in [
            ("NAME", 30),
            ("PHONE_NUMBER", 30),
            ("CREDIT_CARD_NUMBER", 30),
            ("USA_SOCIAL_SECURITY_NUMBER", 30),
            ("ADDRESS", addresses),
        ] {
            assert_eq!(found.get(identifier), Some(&expected), "{name}: {identifier} in {found:?}");
        }
    }
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
