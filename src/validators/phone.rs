//! Telephone numbers.
//!
//! ITU-T E.164 gives the whole: a country code, then the national significant number. Which lengths a number may have
//! depends on its first digits; the tables here follow the national numbering plans.

use super::registry::Rule;

/// Rules of this file.
pub(super) static RULES: &[Rule] = &[
    Rule { name: "phone_north_america", check_digit: false, accepts: |_, compact| north_america(compact) },
    Rule { name: "phone_brazil", check_digit: false, accepts: |text, compact| brazil(text, compact) },
    Rule { name: "phone_france", check_digit: false, accepts: |text, compact| FRANCE.accepts(text, compact) },
    Rule { name: "phone_germany", check_digit: false, accepts: |text, compact| GERMANY.accepts(text, compact) },
    Rule { name: "phone_italy", check_digit: false, accepts: |text, compact| ITALY.accepts(text, compact) },
    Rule { name: "phone_spain", check_digit: false, accepts: |text, compact| SPAIN.accepts(text, compact) },
    Rule { name: "phone_uk", check_digit: false, accepts: |text, compact| UK.accepts(text, compact) },
];

/// What a national numbering plan says about the length of numbers.
struct Plan {
    /// Country code of E.164.
    country: &'static str,
    /// True when a number without country code is dialled with a leading 0 that is not part of it.
    trunk: bool,
    /// First digits of the national significant number with the fewest and the most digits it may have; the first that
    /// fits decides, and a number that none fits is not in use.
    ranges: &'static [(&'static str, usize, usize)],
}

/// Plan de numérotation of Arcep: nine digits after the 0.
static FRANCE: Plan = Plan {
    country: "33",
    trunk: true,
    ranges: &[
        ("1", 9, 9),
        ("2", 9, 9),
        ("3", 9, 9),
        ("4", 9, 9),
        ("5", 9, 9),
        ("6", 9, 9),
        ("7", 9, 9),
        ("8", 9, 9),
        ("9", 9, 9),
    ],
};

/// Bundesnetzagentur: mobile numbers 15, 16 and 17, personal numbers 700, services, and area codes, whose older
/// numbers are shorter than the ten or eleven digits assigned today.
static GERMANY: Plan = Plan {
    country: "49",
    trunk: true,
    ranges: &[
        ("15", 10, 11),
        ("16", 10, 11),
        ("17", 10, 11),
        ("180", 9, 10),
        ("137", 9, 10),
        ("1", 0, 0),
        ("32", 11, 11),
        ("700", 11, 11),
        ("800", 10, 10),
        ("900", 10, 10),
        ("2", 7, 11),
        ("3", 7, 11),
        ("4", 7, 11),
        ("5", 7, 11),
        ("6", 7, 11),
        ("7", 7, 11),
        ("8", 7, 11),
        ("9", 7, 11),
    ],
};

/// Piano nazionale di numerazione of AGCOM: the 0 of an area code belongs to the number.
static ITALY: Plan = Plan {
    country: "39",
    trunk: false,
    ranges: &[("0", 6, 11), ("3", 9, 10), ("800", 9, 9), ("803", 6, 6), ("84", 9, 9), ("89", 9, 10)],
};

/// Plan nacional de numeración telefónica: nine digits, mobile 6 and 7, fixed and services 8 and 9.
static SPAIN: Plan =
    Plan { country: "34", trunk: false, ranges: &[("6", 9, 9), ("7", 9, 9), ("8", 9, 9), ("9", 9, 9)] };

/// Ofcom, "The National Telephone Numbering Plan": ten digits, nine in some 01 and 0800 blocks.
static UK: Plan = Plan {
    country: "44",
    trunk: true,
    ranges: &[
        ("1", 9, 10),
        ("2", 10, 10),
        ("3", 10, 10),
        ("55", 10, 10),
        ("56", 10, 10),
        ("7", 10, 10),
        ("800", 9, 10),
        ("8", 10, 10),
        ("9", 10, 10),
    ],
};

impl Plan {
    fn accepts(&self, text: &str, compact: &str) -> bool {
        significant(text, compact, self.country, self.trunk).is_some_and(|number| {
            self.ranges
                .iter()
                .find(|(prefix, ..)| number.starts_with(prefix))
                .is_some_and(|(_, least, most)| (*least..=*most).contains(&number.len()))
        })
    }
}

/// The national significant number: without `+` or `00`, country code, and the 0 for trunk calls, which in `(0)` may
/// follow a country code as well.
fn significant<'a>(text: &str, compact: &'a str, country: &str, trunk: bool) -> Option<&'a str> {
    if !compact.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let abroad = if text.starts_with('+') { Some(compact) } else { compact.strip_prefix("00") };
    match (abroad, trunk) {
        (Some(rest), true) => rest.strip_prefix(country).map(|rest| rest.strip_prefix('0').unwrap_or(rest)),
        (Some(rest), false) => rest.strip_prefix(country),
        (None, true) => compact.strip_prefix('0'),
        (None, false) => Some(compact),
    }
}

/// Accepts a number of the North American Numbering Plan, with or without the country code 1, and with an extension
/// behind it or not.
///
/// Area code and exchange are `NXX`, N from 2 to 9 (NANPA); area codes `N11` are service codes. Toll-free area codes
/// and the fictional 555-01XX are numbers like others.
pub fn north_america(compact: &str) -> bool {
    let digits = &compact.as_bytes()[..compact.bytes().take_while(u8::is_ascii_digit).count()];
    let digits = digits.strip_prefix(b"00").unwrap_or(digits);
    let digits = digits.strip_prefix(b"1").unwrap_or(digits);
    digits.len() >= 10
        && (b'2'..=b'9').contains(&digits[0])
        && (b'2'..=b'9').contains(&digits[3])
        && &digits[1..3] != b"11"
        && &digits[4..6] != b"11"
}

/// Accepts a Brazilian number: one of the area codes in use, then eight digits from 2 to 5 on for a fixed line or nine
/// from 9 on for a mobile (Anatel); 0800 numbers have seven digits after the 800.
pub fn brazil(text: &str, compact: &str) -> bool {
    let Some(number) = significant(text, compact, "55", false) else { return false };
    let number = number.strip_prefix('0').unwrap_or(number);
    let (Some(area), Some(rest)) = (number.get(..2), number.get(2..)) else { return false };
    let in_use = match area.as_bytes() {
        [b'1' | b'4' | b'6' | b'8' | b'9', b'1'..=b'9'] => true,
        [b'2', digit] => matches!(digit, b'1' | b'2' | b'4' | b'7' | b'8'),
        [b'3', digit] => matches!(digit, b'1'..=b'5' | b'7' | b'8'),
        [b'5', digit] => matches!(digit, b'1' | b'3'..=b'5'),
        [b'7', digit] => matches!(digit, b'1' | b'3'..=b'5' | b'7' | b'9'),
        _ => false,
    };
    match rest.len() {
        8 => (in_use && matches!(rest.as_bytes()[0], b'2'..=b'5')) || (area == "80" && rest.starts_with('0')),
        9 => in_use && rest.starts_with('9'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(plan: &Plan, text: &str) -> bool {
        let compact: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        plan.accepts(text, &compact)
    }

    #[test]
    fn north_american_numbers_start_area_and_exchange_with_2_to_9() {
        for number in ["6172422714", "16172422714", "0016172422714", "18772672323", "6172422714EXT12", "5555550123"] {
            assert!(north_america(number), "{number}");
        }
        for number in ["1172422714", "0172422714", "6171422714", "6112422714", "6174112714", "617242271", "", "é"] {
            assert!(!north_america(number), "{number}");
        }
    }

    #[test]
    fn the_country_code_and_the_trunk_zero_are_not_part_of_the_number() {
        for text in ["+33 1 42 68 53 00", "+33 (0)1 42 68 53 00", "0033 142685300", "01 42 68 53 00"] {
            assert!(accepts(&FRANCE, text), "{text}");
        }
        for text in ["142685300", "+33 1 42 68 53 0", "0142685300 1", "+34 142685300"] {
            assert!(!accepts(&FRANCE, text), "{text}");
        }
    }

    #[test]
    fn lengths_follow_the_kind_of_number() {
        for text in ["030 23125000", "+49 151 23456789", "+49 (0)89 1234567", "0800 1234567"] {
            assert!(accepts(&GERMANY, text), "{text}");
        }
        for text in ["+49 151 2345", "0190 123456", "0151 2345678901", "0800 12345"] {
            assert!(!accepts(&GERMANY, text), "{text}");
        }
        for text in ["020 7946 0958", "+44 7700 900123", "01632 960001", "+44 (0)121 496 0123"] {
            assert!(accepts(&UK, text), "{text}");
        }
        for text in ["020 7946 095", "+44 77009001234", "0600 123 4567"] {
            assert!(!accepts(&UK, text), "{text}");
        }
        assert!(accepts(&SPAIN, "+34 612 345 678") && !accepts(&SPAIN, "512 345 678"));
        assert!(accepts(&ITALY, "+39 06 1234 5678") && accepts(&ITALY, "347 1234567"));
        assert!(!accepts(&ITALY, "347 12345678") && !accepts(&ITALY, "512345678"));
    }

    #[test]
    fn brazilian_numbers_need_an_area_code_in_use() {
        for (text, compact) in [
            ("(11) 91234-5678", "11912345678"),
            ("+55 21 3123-4567", "552131234567"),
            ("0800 123 4567", "08001234567"),
            ("(011) 3123-4567", "01131234567"),
        ] {
            assert!(brazil(text, compact), "{text}");
        }
        for (text, compact) in [("(20) 3123-4567", "2031234567"), ("11 6123-4567", "1161234567"), ("é", "É"), ("", "")]
        {
            assert!(!brazil(text, compact), "{text}");
        }
    }
}
