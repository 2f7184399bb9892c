//! Latitude and longitude.

use super::registry::Rule;

/// Rules of this file.
pub(super) static RULES: &[Rule] =
    &[Rule { name: "coordinate_pair", check_digit: false, accepts: |text, _| coordinate_pair(text) }];

/// Accepts two numbers in decimal degrees that can be a latitude (up to 90 either side) and a longitude (up to 180), in
/// either order, as ISO 6709 bounds them. `0, 0` is refused: it is what a failed geocoding leaves behind.
pub fn coordinate_pair(text: &str) -> bool {
    let mut numbers = text.split(|c: char| !(c.is_ascii_digit() || c == '.')).filter_map(|run| run.parse::<f64>().ok());
    let (Some(first), Some(second), None) = (numbers.next(), numbers.next(), numbers.next()) else { return false };
    (first != 0.0 || second != 0.0) && first.min(second) <= 90.0 && first.max(second) <= 180.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_in_range_are_accepted_in_either_order() {
        for text in ["41.948614,-87.655311", "-87.655311 41.948614", "(-37.81363, 144.96305)", "41.9486° N, 87.6553° W"]
        {
            assert!(coordinate_pair(text), "{text}");
        }
    }

    #[test]
    fn pairs_out_of_range_and_other_texts_are_refused() {
        for text in
            ["91.5000, 95.5000", "41.9486, 187.6553", "0.0000, 0.0000", "41.9486", "", "1.5, 2.5, 3.5", "a, b", "∞"]
        {
            assert!(!coordinate_pair(text), "{text}");
        }
    }
}
