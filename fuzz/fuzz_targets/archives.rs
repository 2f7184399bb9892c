#![no_main]
//! Unpacking archives and compressed files, whose name says nothing.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lakegate_fuzz::scan("a", bytes));
