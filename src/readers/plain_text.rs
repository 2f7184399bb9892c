//! Numbers, dates and bytes of typed values as the text that a person means by them.

use std::io::Write as _;

/// Appends a whole number.
pub(super) fn push_integer(text: &mut Vec<u8>, number: impl itoa::Integer) {
    text.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Appends a number without an exponent: a card number that was stored as one comes out as its digits. What is no number
/// leaves nothing.
pub(super) fn push_float(text: &mut Vec<u8>, number: f64) {
    /// Numbers from here on have more zeros behind their digits than anything that a person writes.
    const LONGEST: f64 = 1e40;
    if number.is_finite() && number.abs() < LONGEST {
        let _ = write!(text, "{number}");
    }
}

/// The same for a number of single precision: with the digits that it has, not those that more precision would give it.
pub(super) fn push_short_float(text: &mut Vec<u8>, number: f32) {
    push_float(text, number.to_string().parse().unwrap_or(f64::NAN));
}

/// Appends the number `unscaled` / 10^`scale`.
pub(super) fn push_decimal(text: &mut Vec<u8>, unscaled: i128, scale: i32) {
    push_decimal_digits(text, unscaled < 0, itoa::Buffer::new().format(unscaled.unsigned_abs()), scale);
}

/// The same for a number that is given by its digits.
pub(super) fn push_decimal_digits(text: &mut Vec<u8>, negative: bool, digits: &str, scale: i32) {
    /// More digits behind the point than any decimal type has are no number.
    const MOST: usize = 100;
    if negative {
        text.push(b'-');
    }
    let places = usize::try_from(scale).unwrap_or(0).min(MOST);
    let zeros = usize::try_from(scale.saturating_neg()).unwrap_or(0).min(MOST);
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, part) = padded.split_at(padded.len() - places);
    text.extend_from_slice(whole.as_bytes());
    text.extend(std::iter::repeat_n(b'0', zeros));
    let part = part.trim_end_matches('0');
    if !part.is_empty() {
        text.push(b'.');
        text.extend_from_slice(part.as_bytes());
    }
}

/// Appends the date that is so many days after 1970-01-01, as ISO 8601 writes it. Days beyond the year 9999 leave nothing.
pub(super) fn push_date(text: &mut Vec<u8>, days: i64) {
    /// Days from 0001-01-01 and to 9999-12-31.
    const FIRST: i64 = -719_162;
    const LAST: i64 = 2_932_896;
    if !(FIRST..=LAST).contains(&days) {
        return;
    }
    let (year, month, day) = civil(days);
    let _ = write!(text, "{year:04}-{month:02}-{day:02}");
}

/// Appends the moment that is so many seconds after 1970-01-01T00:00, as ISO 8601 writes it; at midnight only its date.
pub(super) fn push_moment(text: &mut Vec<u8>, seconds: i64) {
    const DAY: i64 = 86_400;
    let before = text.len();
    push_date(text, seconds.div_euclid(DAY));
    let second = seconds.rem_euclid(DAY);
    if second != 0 && text.len() > before {
        let _ = write!(text, "T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    }
}

/// Year, month and day of the proleptic Gregorian calendar, counted in 400-year eras that begin on 1 March.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(push: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut text = Vec::new();
        push(&mut text);
        String::from_utf8(text).expect("numbers are ASCII")
    }

    #[test]
    fn long_numbers_come_out_as_their_digits() {
        assert_eq!(text(|text| push_float(text, 5_270_426_764_505_516.0)), "5270426764505516");
        assert_eq!(text(|text| push_float(text, 1.5e-3)), "0.0015");
        assert_eq!(text(|text| push_float(text, f64::NAN)), "");
        assert_eq!(text(|text| push_float(text, 1e300)), "");
    }

    #[test]
    fn decimals_have_their_point_where_the_scale_puts_it() {
        for (unscaled, scale, expected) in [
            (123_456_789, 0, "123456789"),
            (-12_345, 2, "-123.45"),
            (5, 3, "0.005"),
            (100, 2, "1"),
            (7, -2, "700"),
            (i128::MIN, 0, "-170141183460469231731687303715884105728"),
        ] {
            assert_eq!(text(|text| push_decimal(text, unscaled, scale)), expected);
        }
    }

    proptest! {
        #[test]
        fn dates_are_those_of_the_calendar(days in -719_162_i64..2_932_896) {
            let epoch = jiff::civil::date(1970, 1, 1);
            let date = epoch.checked_add(jiff::Span::new().days(days)).expect("a date of the calendar");
            prop_assert_eq!(text(|text| push_date(text, days)), date.to_string());
        }
    }

    #[test]
    fn moments_at_midnight_are_dates() {
        assert_eq!(text(|text| push_moment(text, 0)), "1970-01-01");
        assert_eq!(text(|text| push_moment(text, -1)), "1969-12-31T23:59:59");
        assert_eq!(text(|text| push_moment(text, i64::MAX)), "");
    }
}
