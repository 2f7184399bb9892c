//! Vehicle identification numbers.

use super::registry::Rule;

/// Rules of this file.
pub(super) static RULES: &[Rule] = &[Rule { name: "vin", check_digit: true, accepts: |_, compact| vin(compact) }];

/// Weights of the seventeen places; that of the check digit itself is 0.
const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/// Accepts a vehicle identification number of ISO 3779 whose ninth character is the check digit of 49 CFR 565.15, or
/// the filler `Z` outside North America.
///
/// The check digit is mandatory for North America (first character 1 to 5, ISO 3780) only, yet many makers elsewhere
/// compute it too. European makers that do not put a `Z` there, which no check digit can be; a number with another
/// character there and no valid check digit is refused, because nothing would tell it from any seventeen characters.
/// The last four characters are digits (ISO 3779).
pub fn vin(compact: &str) -> bool {
    let characters = compact.as_bytes();
    if characters.len() != 17 || !characters[13..].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let mut sum = 0;
    for (character, weight) in characters.iter().zip(WEIGHTS) {
        let Some(value) = value(*character) else { return false };
        sum += value * weight;
    }
    let north_america = (b'1'..=b'5').contains(&characters[0]);
    match characters[8] {
        b'Z' => !north_america,
        b'X' => sum % 11 == 10,
        digit => u32::from(digit) == u32::from(b'0') + sum % 11,
    }
}

/// Value of a character in the sum; none for I, O, Q and anything that is no capital letter or digit.
fn value(character: u8) -> Option<u32> {
    Some(match character {
        b'0'..=b'9' => u32::from(character - b'0'),
        b'A'..=b'H' => u32::from(character - b'A') + 1,
        b'J'..=b'N' => u32::from(character - b'J') + 1,
        b'P' => 7,
        b'R' => 9,
        b'S'..=b'Z' => u32::from(character - b'S') + 2,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_their_check_digit_are_accepted() {
        assert!(vin("1M8GDM9AXKP042788"), "the worked example of the regulation");
        assert!(vin("11111111111111111"));
    }

    #[test]
    fn a_changed_character_is_noticed() {
        assert!(!vin("1M8GDM9A1KP042788"));
        assert!(!vin("1M8GDM9AXKP042789"));
    }

    #[test]
    fn a_filler_in_place_of_the_check_digit_is_accepted_outside_north_america_only() {
        assert!(vin("WVWZZZ6RZGY304402"));
        assert!(!vin("1VWZZZ6RZGY304402"));
    }

    #[test]
    fn letters_that_look_like_digits_and_other_lengths_are_refused() {
        for text in ["1M8GDM9AXKPO42788", "IM8GDM9AXKP042788", "1M8GDM9AXKP04278", "", "ÄÄÄÄÄÄÄÄ1"] {
            assert!(!vin(text), "{text}");
        }
    }
}
