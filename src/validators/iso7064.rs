//! Check character systems of ISO/IEC 7064:2003. Every function takes the whole string, check character or characters
//! last, and answers whether it satisfies the system; anything with a character outside the system's set does not.

const DIGITS: &str = "0123456789";
const ALPHANUMERIC: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Hybrid system MOD 11,10: digits with one check digit.
pub fn mod11_10(text: &str) -> bool {
    hybrid(text, DIGITS)
}

/// Hybrid system MOD 37,36: digits and capital letters with one check character of the same set.
pub fn mod37_36(text: &str) -> bool {
    hybrid(text, ALPHANUMERIC)
}

/// Pure system MOD 11-2: digits with one check character, a digit or `X`.
pub fn mod11_2(text: &str) -> bool {
    pure(text, DIGITS, 'X', 11)
}

/// Pure system MOD 37-2: digits and capital letters with one check character, of the same set or `*`.
pub fn mod37_2(text: &str) -> bool {
    pure(text, ALPHANUMERIC, '*', 37)
}

/// Pure system MOD 97-10: digits with two check digits.
pub fn mod97_10(text: &str) -> bool {
    text.len() > 2
        && text
            .chars()
            .try_fold(0, |remainder, character| Some((remainder * 10 + character.to_digit(10)?) % 97))
            .is_some_and(|remainder| remainder == 1)
}

/// Hybrid systems work with two moduli, the size of the character set and one more.
fn hybrid(text: &str, set: &str) -> bool {
    let size = set.len();
    let mut product = size;
    let mut sum = 0;
    for character in text.chars() {
        let Some(value) = set.find(character) else { return false };
        sum = (product + value) % size;
        product = if sum == 0 { size } else { sum } * 2 % (size + 1);
    }
    text.len() > 1 && sum == 1
}

/// Pure systems with radix 2 have a modulus one greater than the set, so the check position needs `extra` as well.
fn pure(text: &str, set: &str, extra: char, modulus: usize) -> bool {
    let last = text.chars().count().saturating_sub(1);
    let mut remainder = 0;
    for (place, character) in text.chars().enumerate() {
        let value = match set.find(character) {
            Some(value) => value,
            None if place == last && character == extra => set.len(),
            None => return false,
        };
        remainder = (remainder * 2 + value) % modulus;
    }
    last > 0 && remainder == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard_are_valid() {
        assert!(mod11_2("07940"));
        assert!(mod11_2("079X"));
        assert!(mod11_10("07945"));
        assert!(mod97_10("79444"));
        assert!(mod37_2("G123489654321Y"));
        assert!(mod37_36("A12425GABC1234002M"));
    }

    #[test]
    fn one_wrong_character_makes_them_invalid() {
        assert!(!mod11_2("07950"));
        assert!(!mod11_10("07955"));
        assert!(!mod97_10("79544"));
        assert!(!mod37_2("G123489654321Z"));
        assert!(!mod37_36("A12425GABC1234003M"));
    }

    #[test]
    fn characters_outside_the_set_are_invalid_everywhere() {
        let systems: [fn(&str) -> bool; 5] = [mod11_10, mod37_36, mod11_2, mod37_2, mod97_10];
        for system in systems {
            for text in ["", "1", "é1", "a1b", "12 3", "X0", "*1", "٣٣٣"] {
                assert!(!system(text), "{text}");
            }
        }
    }
}
