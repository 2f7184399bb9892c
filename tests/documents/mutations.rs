//! Documents with errors, thousands of them, always the same: no reader breaks or hangs.

use super::{scan, writers};
use lakegate::scan::Scanner;
use std::time::{Duration, Instant};

/// The generator of Marsaglia, "Xorshift RNGs" (2003).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Changes a few bytes, drops or doubles a stretch, or cuts the end off.
fn mutate(content: &mut Vec<u8>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(content.len());
        let length = numbers.below(64).min(content.len() - at);
        match numbers.below(6) {
            0 => content.truncate(at),
            1 => {
                content.drain(at..at + length);
            }
            2 => {
                let copy = content[at..at + length].to_vec();
                content.splice(at..at, copy);
            }
            3 => content[at..at + length].iter_mut().for_each(|byte| *byte = 0xFF),
            _ => content[at] = [0, 0xFF, b'<', b'{', b'(', b'\n', content[at] ^ 1][numbers.below(7)],
        }
        if content.is_empty() {
            return;
        }
    }
}

#[test]
fn no_error_in_a_document_breaks_its_reader() {
    const EACH: usize = 250;
    let scanner = Scanner::builder().build().unwrap();
    let mut numbers = Numbers(0x2545_F491_4F6C_DD1D);
    for (name, content) in [
        ("a.xml", writers::xml()),
        ("a.yaml", writers::yaml()),
        ("a.html", writers::html()),
        ("a.eml", writers::eml()),
        ("b.eml", writers::eml_attachment()),
        ("a.rtf", writers::rtf()),
        ("a.docx", writers::docx()),
        ("a.pptx", writers::pptx()),
        ("a.odt", writers::odt()),
        ("a.pdf", writers::pdf()),
    ] {
        for number in 0..EACH {
            let mut mutant = content.clone();
            mutate(&mut mutant, &mut numbers);
            let start = Instant::now();
            let report = scan(&scanner, name, &mutant);
            // A broken reader says so; how long it took tells a hang from the load of the machine.
            assert!(!report.coverage.detail.contains("report this as a bug"), "{name} {number}: {:?}", report.coverage);
            assert!(start.elapsed() < Duration::from_secs(20), "{name} {number} hangs");
        }
    }
}
