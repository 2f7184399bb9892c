//! The value of a spreadsheet's cell as the text that a person reads there.

use crate::readers::plain_text::push_float;
use calamine::ExcelDateTime;
use std::io::Write as _;

/// Appends a date of Excel's. What is none, because it is too large or a time of day, is left as the number that it is.
pub(super) fn push_serial_date(text: &mut Vec<u8>, moment: &ExcelDateTime) {
    /// Days in Excel's count: the first one, and the one after 9999-12-31.
    const DAYS: std::ops::Range<f64> = 1.0..2_958_466.0;
    if !DAYS.contains(&moment.as_f64()) {
        return push_float(text, moment.as_f64());
    }
    if moment.is_datetime() {
        let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
        let _ = write!(text, "{year:04}-{month:02}-{day:02}");
        if (hour, minute, second) != (0, 0, 0) {
            let _ = write!(text, "T{hour:02}:{minute:02}:{second:02}");
        }
    }
}

/// Appends a number as the number format `format` shows it, as far as that adds what the number itself has lost: the zeros at
/// its beginning, and the signs between its digits (`000-00-0000`).
pub(super) fn push_number(text: &mut Vec<u8>, number: f64, format: Option<&str>) {
    /// Whole numbers up to here are exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let masked = format.and_then(mask).filter(|_| number >= 0.0 && number.fract() == 0.0 && number < EXACT);
    let Some(mask) = masked else { return push_float(text, number) };
    let places = mask.bytes().filter(|sign| *sign == b'0').count();
    // A whole number is written without a point.
    let digits = format!("{number:0>places$}");
    let mut digits = digits.bytes();
    // More digits than places stand where the first place is.
    let extra = digits.len() - places;
    text.extend(digits.by_ref().take(extra));
    text.extend(mask.bytes().map(|sign| if sign == b'0' { digits.next().unwrap_or(b'0') } else { sign }));
}

/// The format as zeros and the signs between them, if it consists of nothing else and of several zeros.
fn mask(format: &str) -> Option<String> {
    let mut mask = String::new();
    let mut signs = format.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '0' | '-' | ' ' | '(' | ')' | '/' => mask.push(sign),
            '\\' => mask.push(signs.next()?),
            '"' => mask.extend(signs.by_ref().take_while(|sign| *sign != '"')),
            _ => return None,
        }
    }
    (mask.is_ascii() && mask.bytes().filter(|sign| *sign == b'0').count() > 1).then_some(mask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    fn shown(number: f64, format: &str) -> String {
        let mut text = Vec::new();
        push_number(&mut text, number, Some(format));
        String::from_utf8(text).expect("ASCII")
    }

    #[test]
    fn a_format_of_zeros_gives_back_what_a_number_has_lost() {
        assert_eq!(shown(12_345_678.0, "000\\-00\\-0000"), "012-34-5678");
        assert_eq!(shown(172_321_176.0, "000-00-0000"), "172-32-1176");
        assert_eq!(shown(8_854.0, "00000"), "08854");
        assert_eq!(shown(1_234_567_890.0, "00000"), "1234567890");
        assert_eq!(shown(5_551_234.0, "\"+1 \"000 0000"), "+1 555 1234");
    }

    #[test]
    fn other_formats_change_nothing() {
        for format in ["General", "0", "0.00", "#,##0", "0.00E+00", "@", "[<=9999999]000-0000"] {
            assert_eq!(shown(5_270_426_764_505_516.0, format), "5270426764505516", "{format}");
        }
        assert_eq!(shown(1.5, "000-00"), "1.5");
        assert_eq!(shown(-5.0, "000"), "-5");
    }

    #[test]
    fn days_are_counted_as_excel_does() {
        for (days, from_1904, date) in [
            (1.0, false, "1900-01-01"),
            (59.0, false, "1900-02-28"),
            (61.0, false, "1900-03-01"),
            (21_296.0, false, "1958-04-21"),
            (19_834.0, true, "1958-04-21"),
            (21_296.5, false, "1958-04-21T12:00:00"),
            (172_321_176.0, false, "172321176"),
            (0.5, false, "0.5"),
        ] {
            let mut text = Vec::new();
            push_serial_date(&mut text, &ExcelDateTime::new(days, ExcelDateTimeType::DateTime, from_1904));
            assert_eq!(String::from_utf8_lossy(&text), date);
        }
    }
}
