//! International bank account numbers (ISO 13616) and the national check digits inside some of them.

use super::registry::Rule;

/// Rules of this file.
pub(super) static RULES: &[Rule] = &[
    Rule { name: "bban_only", check_digit: false, accepts: |_, compact| !has_iban_head(compact) },
    Rule { name: "fr_rib_key", check_digit: true, accepts: |_, compact| rib_key_is_valid(compact) },
    Rule { name: "it_cin", check_digit: true, accepts: |_, compact| cin_is_valid(compact) },
];

/// Structure of one country's IBANs, as the ISO 13616 registry writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Structure {
    country: [u8; 2],
    parts: Vec<Part>,
    len: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    len: usize,
    class: Class,
}

/// Character classes of the registry's notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// `n`: digits.
    Digits,
    /// `a`: upper-case letters.
    Letters,
    /// `c`: digits and letters; what stands in for lower case is upper case here.
    Alphanumeric,
}

impl Class {
    fn holds(self, byte: u8) -> bool {
        match self {
            Self::Digits => byte.is_ascii_digit(),
            Self::Letters => byte.is_ascii_uppercase(),
            Self::Alphanumeric => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
        }
    }
}

/// Bytes that are looked at before a candidate is read as a whole.
const LOOKED_AT: usize = 10;

impl Structure {
    /// Longest IBAN that ISO 13616 allows.
    pub const MAX_LEN: usize = 34;

    /// Reads the registry's notation: the country code, `2!n` for the check digits, then lengths and classes such as
    /// `8!n16!c`. The error says what is wrong with it. Parts of variable length (without `!`) are refused, because no
    /// country has registered any.
    pub fn parse(notation: &str) -> Result<Self, String> {
        let bytes = notation.as_bytes();
        let (Some(&first), Some(&second)) = (bytes.first(), bytes.get(1)) else {
            return Err(format!("`{notation}` is too short for a country code"));
        };
        if !first.is_ascii_uppercase() || !second.is_ascii_uppercase() {
            return Err(format!("`{notation}` does not start with a country code of two upper-case letters"));
        }
        let mut parts = Vec::new();
        let mut rest = &bytes[2..];
        while !rest.is_empty() {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let len = rest[..digits].iter().try_fold(0_usize, |sum, byte| {
                let sum = sum * 10 + usize::from(byte - b'0');
                (sum <= Self::MAX_LEN).then_some(sum)
            });
            let (Some(len @ 1..), Some(b'!'), Some(class)) = (len, rest.get(digits), rest.get(digits + 1)) else {
                return Err(format!("`{notation}` holds a part that is not a length, `!` and one of n, a, c"));
            };
            let class = match class {
                b'n' => Class::Digits,
                b'a' => Class::Letters,
                b'c' => Class::Alphanumeric,
                _ => return Err(format!("`{notation}` holds a class that is not one of n, a, c")),
            };
            parts.push(Part { len, class });
            rest = &rest[digits + 2..];
        }
        if parts.first() != Some(&Part { len: 2, class: Class::Digits }) {
            return Err(format!("`{notation}` lacks the two check digits, `2!n`, after the country code"));
        }
        let len = 2 + parts.iter().map(|part| part.len).sum::<usize>();
        if parts.len() < 2 || len > Self::MAX_LEN {
            return Err(format!("`{notation}` is {len} characters long; an IBAN has an account part and at most 34"));
        }
        Ok(Self { country: [first, second], parts, len })
    }

    /// ISO 3166-1 alpha-2 code that the IBAN starts with.
    pub fn country(&self) -> &str {
        std::str::from_utf8(&self.country).unwrap_or_default()
    }

    /// Length in characters, country code and check digits included.
    #[allow(clippy::len_without_is_empty, reason = "a structure is never empty")]
    pub fn len(&self) -> usize {
        self.len
    }

    /// False when `bytes`, in which single signs may stand between groups, surely do not begin with an IBAN of this structure: one of
    /// the first characters behind the check digits is of another class.
    pub fn may_begin(&self, bytes: &[u8]) -> bool {
        let Some(part) = self.parts.get(1) else { return true };
        let account = bytes.iter().take(LOOKED_AT).filter(|byte| byte.is_ascii_alphanumeric()).skip(4);
        account.take(part.len).all(|byte| part.class.holds(byte.to_ascii_uppercase()))
    }

    /// Whether the compact candidate has this country, length and class of character at each place. The check digits'
    /// value is not looked at.
    pub fn matches(&self, compact: &str) -> bool {
        let bytes = compact.as_bytes();
        if bytes.len() != self.len || !bytes.starts_with(&self.country) {
            return false;
        }
        let mut rest = &bytes[2..];
        self.parts.iter().all(|part| {
            let (here, after) = rest.split_at(part.len);
            rest = after;
            here.iter().all(|&byte| part.class.holds(byte))
        })
    }
}

/// The modulus 97 check of ISO 13616 (ISO/IEC 7064 MOD 97-10): the country code and check digits are moved to the end,
/// letters become 10 to 35, and the remainder has to be 1. The check digits have to be digits; all that fit are accepted,
/// 00, 01 and 99 too, although banks that follow the standard compute 02 to 98.
pub fn mod97_is_valid(compact: &str) -> bool {
    let bytes = compact.as_bytes();
    if bytes.len() < 5 || !bytes.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return false;
    }
    let (head, account) = bytes.split_at(4);
    if !head[2..].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let remainder = account.iter().chain(head).fold(0_u32, |sum, &byte| {
        if byte.is_ascii_digit() {
            (sum * 10 + u32::from(byte - b'0')) % 97
        } else {
            (sum * 100 + u32::from(byte - b'A') + 10) % 97
        }
    });
    remainder == 1
}

/// Whether the text starts as an IBAN does, with two letters and a digit. A national account number does not; what
/// follows such a head is the rest of an IBAN, perhaps a mistyped one, whose own check digits decide.
pub fn has_iban_head(compact: &str) -> bool {
    let bytes = compact.as_bytes();
    bytes.len() >= 3 && bytes[..2].iter().all(u8::is_ascii_uppercase) && bytes[2].is_ascii_digit()
}

/// The key of a French *relevé d'identité bancaire*: bank (5), branch (5), account (11) and key (2). Letters of the
/// account count as the digit they share a telephone-like row with: A and J as 1, B, K and S as 2, and so on. The sum of
/// 89 times the bank, 15 times the branch, 3 times the account and the key is divisible by 97 (rule of the Comité
/// français d'organisation et de normalisation bancaires).
pub fn rib_key_is_valid(compact: &str) -> bool {
    let bytes = compact.as_bytes();
    if bytes.len() != 23 {
        return false;
    }
    let number = |part: &[u8], letters: bool| {
        part.iter().try_fold(0_u64, |sum, &byte| {
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'A'..=b'I' if letters => byte - b'A' + 1,
                b'J'..=b'R' if letters => byte - b'J' + 1,
                b'S'..=b'Z' if letters => byte - b'S' + 2,
                _ => return None,
            };
            Some(sum * 10 + u64::from(digit))
        })
    };
    let parts = (
        number(&bytes[..5], false),
        number(&bytes[5..10], false),
        number(&bytes[10..21], true),
        number(&bytes[21..], false),
    );
    let (Some(bank), Some(branch), Some(account), Some(key)) = parts else { return false };
    (1..=97).contains(&key) && (89 * bank + 15 * branch + 3 * account + key) % 97 == 0
}

/// What the characters 0-9 and A-Z are worth in the odd places (counted from 1) of the Italian control character; in
/// the even places a digit is worth itself and a letter its place in the alphabet from 0.
const CIN_ODD: [u32; 26] =
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/// The control letter (CIN) that an Italian or San Marino BBAN starts with, over bank (ABI, 5), branch (CAB, 5) and
/// account (12), as the Associazione Bancaria Italiana defines it.
pub fn cin_is_valid(compact: &str) -> bool {
    let bytes = compact.as_bytes();
    if bytes.len() != 23 || !bytes[0].is_ascii_uppercase() {
        return false;
    }
    let sum = bytes[1..].iter().enumerate().try_fold(0_u32, |sum, (place, &byte)| {
        let index = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' if place >= 10 => byte - b'A',
            _ => return None,
        };
        Some(sum + if place % 2 == 0 { CIN_ODD[usize::from(index)] } else { u32::from(index) })
    });
    sum.is_some_and(|sum| sum % 26 == u32::from(bytes[0] - b'A'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_structure_knows_its_country_and_length() {
        let albania = Structure::parse("AL2!n8!n16!c").expect("registry notation");
        assert_eq!((albania.country(), albania.len()), ("AL", 28));
    }

    #[test]
    fn a_structure_decides_by_country_length_and_class() {
        let britain = Structure::parse("GB2!n4!a6!n8!n").expect("registry notation");
        assert!(britain.matches("GB29NWBK60161331926819"));
        for wrong in [
            "",
            "FR29NWBK60161331926819",
            "GB29NWBK6016133192681",
            "GB29NWBK601613319268190",
            "GB29NWB160161331926819",
            "GB29NWBK6016133192681A",
            "GB2ANWBK60161331926819",
            "gb29nwbk60161331926819",
            "GB29NWBK6016133192681é",
        ] {
            assert!(!britain.matches(wrong), "{wrong}");
        }
    }

    #[test]
    fn malformed_notation_is_refused_with_a_reason() {
        for wrong in [
            "",
            "A",
            "al2!n8!n",
            "AL8!n",
            "AL2!n",
            "AL2!n16c",
            "AL2!n0!n",
            "AL2!n8!x",
            "AL2!n8",
            "AL2!n99!n",
            "AL2!n20!n20!n",
            "AL2!n99999999999999999999999!n",
            "ÄL2!n8!n",
        ] {
            let message = Structure::parse(wrong).expect_err(wrong);
            assert!(message.contains(wrong), "{message}");
        }
    }

    #[test]
    fn published_specimen_ibans_pass_modulus_97() {
        // From the registry's own examples.
        for iban in [
            "GB29NWBK60161331926819",
            "DE89370400440532013000",
            "FR1420041010050500013M02606",
            "MT84MALT011000012345MTLCAST001S",
            "NO9386011117947",
        ] {
            assert!(mod97_is_valid(iban), "{iban}");
        }
    }

    #[test]
    fn a_wrong_character_or_two_exchanged_ones_fail_modulus_97() {
        for iban in ["GB29NWBK60161331926818", "GB29NWBK60161331928619", "GB92NWBK60161331926819", "GB", "GB2!", "é29"]
        {
            assert!(!mod97_is_valid(iban), "{iban}");
        }
    }

    #[test]
    fn only_ibans_have_the_head_of_an_iban() {
        assert!(has_iban_head("GB29NWBK60161331926819"));
        for account in ["NWBK60161331926819", "370400440532013000", "X0542811101000000123456", "GB", "é29"] {
            assert!(!has_iban_head(account), "{account}");
        }
    }

    #[test]
    fn the_french_key_is_verified() {
        assert!(rib_key_is_valid("20041010050500013M02606"));
        assert!(rib_key_is_valid("30006000011234567890189"));
        for wrong in [
            "20041010050500013M02607",
            "20041010050500013N02606",
            "2004101005050001M302606",
            "A0041010050500013M02606",
            "20041010050500013M026",
            "",
            "é0041010050500013M0260",
        ] {
            assert!(!rib_key_is_valid(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_italian_control_letter_is_verified() {
        assert!(cin_is_valid("X0542811101000000123456"));
        // San Marino shares the form.
        assert!(cin_is_valid("U0322509800000000270100"));
        for wrong in [
            "Y0542811101000000123456",
            "X0542811101000000123465",
            "X05428A1101000000123456",
            "00542811101000000123456",
            "X054281110100000012345",
            "",
            "Xé54281110100000012345",
        ] {
            assert!(!cin_is_valid(wrong), "{wrong}");
        }
    }
}
