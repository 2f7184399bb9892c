//! Payment cards: who issued a number, what is on the magnetic stripe, and until when it is valid.

use super::calendar::MONTHS;
use super::luhn;
use super::registry::Rule;
use std::ops::RangeInclusive;

/// Rules of this file.
pub(super) static RULES: &[Rule] = &[
    Rule { name: "card_brand", check_digit: false, accepts: |_, compact| brand(compact).is_some() },
    Rule { name: "card_expiry", check_digit: false, accepts: |text, _| expiry_is_plausible(text) },
    Rule { name: "magnetic_stripe", check_digit: true, accepts: |text, _| stripe_is_valid(text) },
    Rule { name: "no_trade_number", check_digit: false, accepts: |_, compact| !has_gs1_check_digit(compact) },
];

/// A card brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brand {
    /// American Express.
    AmericanExpress,
    /// Dankort of Denmark; its co-branded cards are Visa numbers.
    Dankort,
    /// Diners Club International.
    DinersClub,
    /// Discover.
    Discover,
    /// Japan Credit Bureau.
    Jcb,
    /// Maestro, the debit brand of Mastercard.
    Maestro,
    /// Mastercard.
    Mastercard,
    /// China `UnionPay`.
    UnionPay,
    /// Visa, Visa Electron included.
    Visa,
}

/// An issuer range: numbers whose first digits lie in `first..=last` and that have one of the lengths.
struct Issuer {
    brand: Brand,
    /// Numbers of six digits that begin with one of the prefixes.
    six_digits: RangeInclusive<u32>,
    lengths: &'static [usize],
}

const fn issuer(brand: Brand, first: u32, last: u32, lengths: &'static [usize]) -> Issuer {
    // No prefix is longer than six digits; those of a range have the same length.
    let others = 10_u32.pow(5 - first.ilog10());
    Issuer { brand, six_digits: first * others..=last * others + others - 1, lengths }
}

/// The brands' published account ranges under ISO/IEC 7812-1. Narrower ranges stand before those that contain them.
/// Visa Electron's prefixes (4026, 417500, 4508, 4844, 4913, 4917) lie inside Visa's.
static ISSUERS: &[Issuer] = &[
    issuer(Brand::AmericanExpress, 34, 34, &[15]),
    issuer(Brand::AmericanExpress, 37, 37, &[15]),
    issuer(Brand::Dankort, 5019, 5019, &[16]),
    issuer(Brand::DinersClub, 300, 305, &[14, 16, 17, 18, 19]),
    issuer(Brand::DinersClub, 3095, 3095, &[14, 16, 17, 18, 19]),
    issuer(Brand::DinersClub, 36, 36, &[14, 16, 17, 18, 19]),
    issuer(Brand::DinersClub, 38, 39, &[14, 16, 17, 18, 19]),
    issuer(Brand::Discover, 6011, 6011, &[16, 17, 18, 19]),
    issuer(Brand::Discover, 622_126, 622_925, &[16, 17, 18, 19]),
    issuer(Brand::Discover, 644, 649, &[16, 17, 18, 19]),
    issuer(Brand::Discover, 65, 65, &[16, 17, 18, 19]),
    issuer(Brand::Jcb, 3528, 3589, &[16, 17, 18, 19]),
    issuer(Brand::Maestro, 5018, 5018, MAESTRO_LENGTHS),
    issuer(Brand::Maestro, 5020, 5020, MAESTRO_LENGTHS),
    issuer(Brand::Maestro, 5038, 5038, MAESTRO_LENGTHS),
    issuer(Brand::Maestro, 5893, 5893, MAESTRO_LENGTHS),
    issuer(Brand::Maestro, 6304, 6304, MAESTRO_LENGTHS),
    issuer(Brand::Maestro, 6759, 6759, MAESTRO_LENGTHS),
    issuer(Brand::Maestro, 6761, 6763, MAESTRO_LENGTHS),
    issuer(Brand::Mastercard, 51, 55, &[16]),
    issuer(Brand::Mastercard, 2221, 2720, &[16]),
    issuer(Brand::UnionPay, 62, 62, &[16, 17, 18, 19]),
    issuer(Brand::Visa, 4, 4, &[13, 16, 19]),
];

/// Maestro numbers of 12 digits exist too, but Macie's card numbers have 13 or more.
const MAESTRO_LENGTHS: &[usize] = &[13, 14, 15, 16, 17, 18, 19];

/// The brand whose issuer prefixes and lengths a compact number of 13 to 19 digits has.
pub fn brand(digits: &str) -> Option<Brand> {
    if !(13..=19).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let six = digits.bytes().take(6).fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
    ISSUERS
        .iter()
        .find(|issuer| issuer.six_digits.contains(&six) && issuer.lengths.contains(&digits.len()))
        .map(|issuer| issuer.brand)
}

/// Whether the number carries the check digit of a GS1 key of its length: a trade item (GTIN-13 and GTIN-14) or a
/// shipping container (SSCC, 18 digits). The GS1 General Specifications weigh the digits 3 and 1 in turn from the right.
/// Barcodes fill whole columns and a tenth of them pass the Luhn check as well.
pub fn has_gs1_check_digit(digits: &str) -> bool {
    if !matches!(digits.len(), 13 | 14 | 18) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([1, 3].into_iter().cycle())
        .map(|(byte, weight)| u32::from(byte - b'0') * weight)
        .sum();
    sum.is_multiple_of(10)
}

/// Track 1 or track 2 of a payment card (ISO/IEC 7813): a card number with a valid Luhn digit, and a month of expiry
/// that exists. Start and end sentinels may be missing, as some readers drop them.
pub fn stripe_is_valid(track: &str) -> bool {
    let track = track.trim_start_matches(['%', ';']).trim_start_matches(['B', 'b']);
    let digits = track.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = track.split_at(digits);
    if !(13..=19).contains(&digits) || !luhn::is_valid(number) {
        return false;
    }
    let after = match rest.as_bytes().first() {
        Some(b'^') => rest[1..].split_once('^').map(|(_name, after)| after),
        Some(b'=' | b'D' | b'd') => Some(&rest[1..]),
        _ => None,
    };
    // Year and month, two digits each, come first.
    after
        .and_then(|after| after.get(..4))
        .filter(|expiry| expiry.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|expiry| expiry[2..].parse().ok())
        .is_some_and(|month: u32| (1..=12).contains(&month))
}

/// Whether the numbers and month names in the text can be a card's expiration date, or one part of it: a month from 1 to
/// 12, a day from 1 to 31, a year from 2000 to 2059 (two digits: 00 to 59). Other words between them are passed over.
pub fn expiry_is_plausible(text: &str) -> bool {
    let mut numbers: Vec<&str> = Vec::new();
    let mut named_month = false;
    for run in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        let (letters, digits) = run.split_at(run.bytes().take_while(u8::is_ascii_alphabetic).count());
        let letters = letters.to_ascii_lowercase();
        named_month |= letters.len() >= 3 && MONTHS.iter().any(|month| month.starts_with(&letters));
        if digits.bytes().all(|byte| byte.is_ascii_digit()) {
            numbers.extend((!digits.is_empty()).then_some(digits));
        } else {
            return false;
        }
    }
    let in_range = |text: &str, range: RangeInclusive<u32>| text.parse().is_ok_and(|value| range.contains(&value));
    let month = |text: &str| text.len() <= 2 && in_range(text, 1..=12);
    let day = |text: &str| text.len() <= 2 && in_range(text, 1..=31);
    let short_year = |text: &str| text.len() == 2 && in_range(text, 0..=59);
    let long_year = |text: &str| text.len() == 4 && in_range(text, 2000..=2059);
    let year = |text: &str| short_year(text) || long_year(text);
    match (named_month, numbers.as_slice()) {
        (true, [one]) => year(one),
        (true, [one, two]) => (day(one) && year(two)) || (year(one) && day(two)),
        (false, [one]) => {
            month(one)
                || long_year(one)
                || (matches!(one.len(), 4 | 6) && month(&one[..2]) && year(&one[2..]))
                || (one.len() == 6 && long_year(&one[..4]) && month(&one[4..]))
        }
        (false, [one, two]) => (month(one) && year(two)) || (year(one) && month(two)),
        (false, [one, two, three]) => {
            (month(one) && day(two) && year(three))
                || (day(one) && month(two) && year(three))
                || (long_year(one) && month(two) && day(three))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_test_numbers_are_of_their_brand() {
        for (number, expected) in [
            ("378282246310005", Brand::AmericanExpress),
            ("5019717010103742", Brand::Dankort),
            ("30569309025904", Brand::DinersClub),
            ("36148900647913", Brand::DinersClub),
            ("6011111111111117", Brand::Discover),
            ("6221261111111111", Brand::Discover),
            ("3566002020360505", Brand::Jcb),
            ("6759649826438453", Brand::Maestro),
            ("5555555555554444", Brand::Mastercard),
            ("2222405343248877", Brand::Mastercard),
            ("6240008631401148", Brand::UnionPay),
            ("4222222222222", Brand::Visa),
            ("4917610000000000003", Brand::Visa),
        ] {
            assert_eq!(brand(number), Some(expected), "{number}");
        }
    }

    #[test]
    fn neighbours_of_the_ranges_and_other_lengths_have_no_brand() {
        for number in [
            "2220999999999999",
            "2721000000000000",
            "5600000000000000",
            "35000000000000000",
            "3590000000000000",
            "340000000000000000",
            "411111111111111",
            "41111111111111111",
            "1800000000000000",
            "411111111111",
            "41111111111111111111",
            "4111 1111 1111 1111",
            "４１１１１",
            "",
        ] {
            assert_eq!(brand(number), None, "{number}");
        }
    }

    #[test]
    fn barcodes_are_told_from_card_numbers() {
        // GTIN-13 of the GS1 General Specifications' form, an SSCC, and card numbers.
        assert!(has_gs1_check_digit("4006381333931"));
        assert!(has_gs1_check_digit("340123450000000000"));
        assert!(!has_gs1_check_digit("4222222222222"));
        assert!(!has_gs1_check_digit("4111111111111111"));
        assert!(!has_gs1_check_digit("é"));
    }

    #[test]
    fn a_track_needs_a_valid_number_and_month() {
        assert!(stripe_is_valid("%B4539148803436467^DOE/JANE^27052011000000000000?"));
        assert!(stripe_is_valid(";4539148803436467=27052011000000000?"));
        assert!(stripe_is_valid("4539148803436467D2705201"));
        for wrong in [
            "%B4539148803436468^DOE/JANE^2705201?",
            ";4539148803436467=27132011?",
            ";4539148803436467=2",
            ";4539148803436467",
            "%B4539148803436467^DOE/JANE",
            "%B4539148803436467^é",
            "",
        ] {
            assert!(!stripe_is_valid(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_documented_expiration_forms_are_plausible() {
        for text in [
            "02/26",
            "02/2026",
            "Feb 2026",
            "26-Feb",
            "2026, expM=02",
            "0226",
            "022026",
            "202602",
            "2026-02-28",
            "28 February 2026",
            "12",
            "2031",
            "Sept-27",
            "2/28/2026",
        ] {
            assert!(expiry_is_plausible(text), "{text}");
        }
    }

    #[test]
    fn months_and_years_that_do_not_exist_are_not() {
        for text in [
            "13/26",
            "00/26",
            "02/1926",
            "02/2060",
            "02/75",
            "13",
            "1999",
            "Feb",
            "Febtober 26",
            "2026-13-01",
            "2026-02-32",
            "1/2/3/26",
            "",
            "é",
            "02x/26",
        ] {
            assert!(!expiry_is_plausible(text), "{text}");
        }
    }
}
