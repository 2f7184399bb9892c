//! Weighted sums, the commonest kind of check digit. The weights are data of the identifier files.

/// Remainder of the weighted sum that `Weighted` in the identifiers' schema describes: the characters of `compact` from
/// `start` (0-based) on, as numbers (`0`-`9`, then `A` = 10 to `Z` = 35), times `weights`, plus `plus`, modulo `modulus`.
/// With `digit_sum` the decimal digits of each product are added instead of the product.
///
/// `None` when the text is too short for the weights, one of the characters is not 0-9 or A-Z, or `modulus` is 0.
pub fn remainder(
    compact: &str,
    start: usize,
    weights: &[u32],
    modulus: u32,
    digit_sum: bool,
    plus: u32,
) -> Option<u32> {
    let end = start.checked_add(weights.len())?;
    let characters = compact.as_bytes().get(start..end)?;
    let modulus = u64::from(modulus);
    let mut sum = u64::from(plus);
    for (&character, &weight) in characters.iter().zip(weights) {
        let product = u64::from(number_of(character)?) * u64::from(weight);
        sum += if digit_sum { digit_sum_of(product) } else { product };
    }
    u32::try_from(sum.checked_rem(modulus)?).ok()
}

/// Number that a digit or capital letter stands for.
fn number_of(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'A'..=b'Z' => Some(character - b'A' + 10),
        _ => None,
    }
}

fn digit_sum_of(mut number: u64) -> u64 {
    let mut sum = 0;
    while number > 0 {
        sum += number % 10;
        number /= 10;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_numbers_printed_in_icao_9303_get_their_check_digits() {
        // ICAO Doc 9303 prints D23145890 with the check digit 7 and L898902C3 with 6.
        let weights = [7, 3, 1, 7, 3, 1, 7, 3, 1];
        assert_eq!(remainder("D23145890", 0, &weights, 10, false, 0), Some(7));
        assert_eq!(remainder("L898902C3", 0, &weights, 10, false, 0), Some(6));
    }

    #[test]
    fn digits_of_products_are_added_where_asked() {
        // 2 * 7 is 14, of which 1 + 4 is 5.
        assert_eq!(remainder("7", 0, &[2], 100, true, 0), Some(5));
        assert_eq!(remainder("7", 0, &[2], 100, false, 0), Some(14));
    }

    #[test]
    fn the_sum_starts_at_the_given_character_and_with_the_given_constant() {
        assert_eq!(remainder("X12", 1, &[10, 1], 1000, false, 24), Some(36));
    }

    #[test]
    fn text_that_does_not_fit_the_weights_has_no_remainder() {
        assert_eq!(remainder("12", 0, &[1, 1, 1], 10, false, 0), None);
        assert_eq!(remainder("12", 3, &[], 10, false, 0), None);
        assert_eq!(remainder("1Ñ", 0, &[1, 1], 10, false, 0), None);
        assert_eq!(remainder("1a", 0, &[1, 1], 10, false, 0), None);
        assert_eq!(remainder("12", usize::MAX, &[1], 10, false, 0), None);
        assert_eq!(remainder("12", 0, &[1], 0, false, 0), None);
    }

    #[test]
    fn large_weights_do_not_overflow() {
        assert_eq!(remainder("ZZ", 0, &[u32::MAX, u32::MAX], 11, false, u32::MAX), Some(4));
    }
}
