//! Verhoeff's check over decimal digits, which uses the symmetries of the pentagon (J. Verhoeff, Error Detecting
//! Decimal Codes, Mathematical Centre Tracts 29, 1969).

/// Permutation of digits at the second position from the right; position `n` applies it `n` times.
const STEP: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/// True when `digits`, whose last digit is the check digit, satisfies the scheme. False for anything but two or more
/// decimal digits.
pub fn is_valid(digits: &str) -> bool {
    if digits.len() < 2 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    // The eighth power of the permutation is the identity, so at most seven steps are ever taken.
    let product = digits.bytes().rev().enumerate().fold(0, |product, (place, byte)| {
        let permuted = (0..place % 8).fold(byte - b'0', |digit, _| STEP[usize::from(digit)]);
        compose(product, permuted)
    });
    product == 0
}

/// Product in the dihedral group of order ten: 0 to 4 are rotations, 5 to 9 reflections.
fn compose(left: u8, right: u8) -> u8 {
    match (left < 5, right < 5) {
        (true, true) => (left + right) % 5,
        (true, false) => 5 + (left + right) % 5,
        (false, true) => 5 + (left + 5 - right) % 5,
        (false, false) => (left + 5 - right) % 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_a_correct_check_digit_are_valid() {
        for number in ["2363", "234123412346", "758722", "123451", "1428570"] {
            assert!(is_valid(number), "{number}");
        }
    }

    #[test]
    fn every_single_wrong_digit_and_every_swap_of_neighbours_is_noticed() {
        let number = b"234123412346";
        for place in 0..number.len() {
            for digit in b'0'..=b'9' {
                let mut changed = *number;
                changed[place] = digit;
                let text = String::from_utf8_lossy(&changed).into_owned();
                assert_eq!(is_valid(&text), changed == *number, "{text}");
            }
        }
        for place in 1..number.len() {
            let mut swapped = *number;
            swapped.swap(place - 1, place);
            assert!(!is_valid(&String::from_utf8_lossy(&swapped)));
        }
    }

    #[test]
    fn text_that_is_not_digits_is_invalid() {
        for text in ["", "0", "23é3", "2363 ", "٢٣٦٣"] {
            assert!(!is_valid(text), "{text}");
        }
    }
}
