//! Dates as people write them.
//!
//! The clock is never read, so that a scan gives the same answer on every day: [`LAST_YEAR`] is a fixed bound that lies
//! a few years ahead of any date of birth there is today.

use super::registry::Rule;

/// Rules of this file.
pub(super) static RULES: &[Rule] = &[Rule { name: "birth_date", check_digit: false, accepts: birth_date }];

/// Earliest year that is plausible for a date of birth in data of today: nobody born before it is alive.
pub const FIRST_YEAR: u32 = 1900;
/// Latest year that is plausible for a date of birth. A fixed bound instead of the current year.
pub const LAST_YEAR: u32 = 2035;

/// Names of the months, lower case.
pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Number of days of a month (1 to 12) in the Gregorian calendar; 0 for any other month.
pub fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

/// True for a day that exists in the Gregorian calendar. Months and days count from 1.
pub fn is_date(year: u32, month: u32, day: u32) -> bool {
    day >= 1 && day <= days_in_month(year, month)
}

/// True for a day that exists in the year `yy` of the last or of this century, as in numbers that hold only two digits
/// of a year.
pub fn is_short_date(yy: u32, month: u32, day: u32) -> bool {
    yy < 100 && (is_date(1900 + yy, month, day) || is_date(2000 + yy, month, day))
}

/// Number of an English month name, written out or cut to three letters (`Sept` too), in any case.
pub fn month_number(name: &str) -> Option<u32> {
    let name = name.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| *month == name || month[..3] == name).or((name == "sept").then_some(8))?;
    Some(at as u32 + 1)
}

/// A part of a written date.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// Value and number of digits.
    Number(u32, usize),
    /// A month's name.
    Month(u32),
}

/// Accepts a written date of a real and plausible day: year, month and day in the orders that are in use (year first,
/// month first, day first), digits only or with an English month name, a time of day after it or not.
///
/// A date of digits with separators has the same separator twice. Years have two or four digits; four-digit ones lie
/// between [`FIRST_YEAR`] and [`LAST_YEAR`].
pub fn birth_date(text: &str, _compact: &str) -> bool {
    let head: &str = &text[..text.bytes().take_while(u8::is_ascii_digit).count()];
    if head.len() >= 8 {
        return compact_date(head);
    }
    let Some((parts, separators)) = parts(text) else { return false };
    match parts {
        [Part::Number(..), Part::Number(..), Part::Number(..)] if separators[0] != separators[1] => false,
        [Part::Number(y, 4), Part::Number(m, 1..=2) | Part::Month(m), Part::Number(d, 1..=2)] => plausible(y, 4, m, d),
        [Part::Number(a, 1..=2), Part::Number(b, 1..=2), Part::Number(y, n)] => {
            plausible(y, n, a, b) || plausible(y, n, b, a) || (n == 2 && plausible(a, 2, b, y))
        }
        [Part::Number(d, 1..=2), Part::Month(m), Part::Number(y, n)]
        | [Part::Month(m), Part::Number(d, 1..=2), Part::Number(y, n)] => plausible(y, n, m, d),
        _ => false,
    }
}

fn plausible(year: u32, year_digits: usize, month: u32, day: u32) -> bool {
    match year_digits {
        4 => (FIRST_YEAR..=LAST_YEAR).contains(&year) && is_date(year, month, day),
        2 => is_short_date(year, month, day),
        _ => false,
    }
}

/// `YYYYMMDD`, also with a time of day behind it (ISO 8601 basic form, HL7 timestamps), `MMDDYYYY` and `DDMMYYYY`.
fn compact_date(digits: &str) -> bool {
    let number = |from: usize, to: usize| digits[from..to].parse::<u32>().unwrap_or(0);
    match digits.len() {
        8 => {
            plausible(number(0, 4), 4, number(4, 6), number(6, 8))
                || plausible(number(4, 8), 4, number(0, 2), number(2, 4))
                || plausible(number(4, 8), 4, number(2, 4), number(0, 2))
        }
        12 | 14 => plausible(number(0, 4), 4, number(4, 6), number(6, 8)) && number(8, 10) < 24 && number(10, 12) < 60,
        _ => false,
    }
}

/// The first three parts of a written date and what stands between them; letters that only decorate a day are skipped.
fn parts(text: &str) -> Option<([Part; 3], [&str; 2])> {
    let mut found = [Part::Month(0); 3];
    let mut separators = [""; 2];
    let mut count = 0;
    let mut rest = text;
    while count < 3 {
        let gap = rest.find(|c: char| c.is_ascii_alphanumeric())?;
        let (separator, tail) = rest.split_at(gap);
        let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
        let length = if digits > 0 { digits } else { tail.bytes().take_while(u8::is_ascii_alphabetic).count() };
        let (word, tail) = tail.split_at(length);
        rest = tail;
        let part = if digits > 0 {
            Part::Number(word.parse().ok()?, digits)
        } else if let Some(month) = month_number(word) {
            Part::Month(month)
        } else if ["st", "nd", "rd", "th", "of"].iter().any(|known| word.eq_ignore_ascii_case(known)) {
            continue;
        } else {
            return None;
        };
        if count > 0 {
            separators[count - 1] = separator;
        }
        found[count] = part;
        count += 1;
    }
    Some((found, separators))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(text: &str) -> bool {
        birth_date(text, "")
    }

    #[test]
    fn dates_are_read_in_every_order_and_form_in_use() {
        for text in [
            "1980-01-02",
            "1980/1/2",
            "01/02/1980",
            "31.12.1980",
            "12-31-80",
            "80-12-31",
            "19800102",
            "12311980",
            "31121980",
            "19800102235900",
            "1980-01-02T00:00:00Z",
            "1/2/1980 12:00:00 AM",
            "2 January 1980",
            "2nd of January, 1980",
            "JAN-02-1980",
            "Sept. 5, 1980",
            "1980 Feb 29",
            "02Jan80",
            "2000-02-29",
        ] {
            assert!(accepts(text), "{text}");
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["1981-02-29", "1900-02-29", "31/04/1980", "13/13/1980", "19801301", "1980-00-10", "30 Feb 1980"] {
            assert!(!accepts(text), "{text}");
        }
    }

    #[test]
    fn implausible_years_are_refused() {
        for text in ["1899-12-30", "2036-01-01", "2 January 1776", "20991231", "1/2/198"] {
            assert!(!accepts(text), "{text}");
        }
    }

    #[test]
    fn mixed_separators_and_other_texts_are_refused_without_a_panic() {
        for text in ["1980-01/02", "", "Jänner", "1980", "12", "½/½/½", "1.2", "99999999999-1-1", "2 Foo 1980"] {
            assert!(!accepts(text), "{text}");
        }
    }

    #[test]
    fn two_digit_years_may_be_leap_years_of_either_century() {
        assert!(is_short_date(0, 2, 29));
        assert!(!is_short_date(1, 2, 29));
        assert!(!is_short_date(100, 1, 1));
    }
}
