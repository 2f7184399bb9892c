#![no_main]
//! Every reader: the first byte chooses the name, the rest is the content.

use lakegate_fuzz::{NAMES, scan};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((choice, content)) = bytes.split_first() else { return };
    scan(NAMES[usize::from(*choice) % NAMES.len()], content);
});
