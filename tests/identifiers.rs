//! The built-in identifiers prove themselves.

use lakegate::identifiers::builtin;
use lakegate::proof::prove;

#[test]
fn every_example_is_found_and_every_counter_example_is_not() {
    let failures = prove(builtin::documented().iter().map(|(path, file)| (*path, file)));
    let lines: Vec<String> = failures.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{} failures:\n{}", lines.len(), lines.join("\n"));
}
