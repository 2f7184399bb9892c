//! Numbers for people.

use std::time::Duration;

/// An integer with its digits in groups of three, such as `1,000`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of things, such as `1 object` or `2,000 objects`.
pub(super) fn things(number: usize, singular: &str) -> String {
    format!("{} {singular}{}", grouped(number as u64), if number == 1 { "" } else { "s" })
}

/// Bytes in decimal units, such as `33.4 MB`.
pub(super) fn bytes(number: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if number < 1000 {
        return things(number as usize, "byte");
    }
    let mut amount = number as f64 / 1000.0;
    let mut unit = 0;
    // 999.95 would be rounded to 1000.0.
    while amount >= 999.95 && unit + 1 < UNITS.len() {
        amount /= 1000.0;
        unit += 1;
    }
    format!("{amount:.1} {}", UNITS[unit])
}

/// A duration as finely as it is of interest, such as `0.81 s`, `12.3 s` or `2 min 5 s`.
pub(super) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{:.2} s", duration.as_secs_f64()),
        10..120 => format!("{:.1} s", duration.as_secs_f64()),
        _ => format!("{} min {} s", grouped(seconds / 60), seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        assert_eq!([0, 999, 1000, 12_345_678].map(grouped), ["0", "999", "1,000", "12,345,678"]);
        assert_eq!([1, 2000].map(|number| things(number, "object")), ["1 object", "2,000 objects"]);
    }

    #[test]
    fn bytes_have_the_unit_that_keeps_them_short() {
        let numbers = [1, 999, 1000, 33_400_000, 999_999, 8_000_000_000];
        assert_eq!(numbers.map(bytes), ["1 byte", "999 bytes", "1.0 kB", "33.4 MB", "1.0 MB", "8.0 GB"]);
    }

    #[test]
    fn longer_durations_are_written_more_coarsely() {
        let of = |millis| duration(Duration::from_millis(millis));
        assert_eq!([812, 12_340, 125_000].map(of), ["0.81 s", "12.3 s", "2 min 5 s"]);
    }
}
