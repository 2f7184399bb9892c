//! The Luhn check (ISO/IEC 7812-1, annex B), also called modulus 10 "double-add-double".

/// Whether the last digit is the Luhn check digit of those before it.
///
/// True only for two or more ASCII digits; any other character makes it false.
pub fn is_valid(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    if bytes.len() < 2 || !bytes.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = bytes
        .iter()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            match (place % 2 == 1, digit) {
                (false, _) => digit,
                (true, 0..=4) => digit * 2,
                (true, _) => digit * 2 - 9,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    #[test]
    fn published_specimen_numbers_are_valid() {
        // The worked example of the algorithm's descriptions, a card brand's test number, a specimen IMEI.
        for number in ["49927398716", "5555555555554444", "490154203237518"] {
            assert!(is_valid(number), "{number}");
        }
    }

    #[test]
    fn every_single_wrong_digit_is_noticed() {
        let valid = "4929004517830261";
        let check = (0..10).map(|d| format!("{}{d}", &valid[..15])).find(|n| is_valid(n)).expect("one of ten");
        for place in 0..check.len() {
            for digit in b'0'..=b'9' {
                let mut bytes = check.clone().into_bytes();
                bytes[place] = digit;
                let changed = String::from_utf8(bytes).expect("digits");
                assert_eq!(is_valid(&changed), changed == check, "{changed}");
            }
        }
    }

    #[test]
    fn anything_but_two_or_more_ascii_digits_is_refused() {
        for text in ["", "0", "4111 1111 1111 1111", "4111-1111", "１８", "18a", "é8"] {
            assert!(!is_valid(text), "{text}");
        }
        assert!(is_valid("18"));
    }
}
