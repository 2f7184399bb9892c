#![no_main]
//! Finding out what content is, under names that promise something else.

use lakegate::readers::sniff;
use lakegate_fuzz::NAMES;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((choice, content)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(*choice) % NAMES.len()];
    let sniffed = sniff(name, content, true);
    assert_eq!(sniffed, sniff(name, content, true));
    let _ = sniff(name, content, false);
});
