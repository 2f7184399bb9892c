#![allow(missing_docs)]
pub fn is_full_name(_: &str) -> bool { false }
pub fn is_given_name(_: &str) -> bool { false }
pub fn is_family_name(_: &str) -> bool { false }
pub fn is_name_part_shape(_: &str) -> bool { false }
pub fn full_names_in(_: &str) -> Vec<std::ops::Range<usize>> { Vec::new() }
