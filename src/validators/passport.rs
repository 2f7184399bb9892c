//! Passports and machine-readable documents.

use super::registry::Rule;

/// Rules of this file.
pub(super) static RULES: &[Rule] =
    &[Rule { name: "mrz_passport", check_digit: true, accepts: |text, _| machine_readable(text) }];

/// Accepts the machine-readable zone of a passport, or its second line alone: [`second_line`] on the last 44 characters.
pub fn machine_readable(zone: &str) -> bool {
    zone.len().checked_sub(44).and_then(|at| zone.get(at..)).is_some_and(second_line)
}

/// Accepts the second line of the machine-readable zone of a passport, 44 characters, with all of its check digits.
///
/// ICAO Doc 9303 part 4: document number and check digit, nationality, date of birth and check digit, sex, date of
/// expiry and check digit, optional data and check digit (which may be a filler when there is none), and a check digit
/// over all of these.
pub fn second_line(line: &str) -> bool {
    let zone = line.as_bytes();
    if zone.len() != 44 || !zone.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'<')) {
        return false;
    }
    let holds = |parts: &[&[u8]], at: usize| check_digit(parts) == zone[at];
    let optional = &zone[28..42];
    holds(&[&zone[..9]], 9)
        && holds(&[&zone[13..19]], 19)
        && holds(&[&zone[21..27]], 27)
        && (holds(&[optional], 42) || (zone[42] == b'<' && optional.iter().all(|byte| *byte == b'<')))
        && holds(&[&zone[..10], &zone[13..20], &zone[21..43]], 43)
}

/// Check digit of ICAO Doc 9303: weights 7, 3, 1 repeating, letters from 10 on, fillers 0, modulus 10.
fn check_digit(parts: &[&[u8]]) -> u8 {
    let characters = parts.iter().flat_map(|part| part.iter());
    let sum: u32 = characters
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(character, weight)| {
            weight
                * match character {
                    b'0'..=b'9' => u32::from(character - b'0'),
                    b'A'..=b'Z' => u32::from(character - b'A') + 10,
                    _ => 0,
                }
        })
        .sum();
    b'0' + (sum % 10) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specimen_of_doc_9303_is_accepted() {
        assert!(second_line("L898902C36UTO7408122F1204159ZE184226B<<<<<10"));
    }

    #[test]
    fn a_line_without_optional_data_may_have_a_filler_as_its_check_digit() {
        assert!(second_line("C01X00T478D<<6408125F2702283<<<<<<<<<<<<<<<4"));
    }

    #[test]
    fn one_changed_character_is_noticed() {
        for line in [
            "L898902C37UTO7408122F1204159ZE184226B<<<<<10",
            "L898902C36UTO7408132F1204159ZE184226B<<<<<10",
            "L898902C36UTO7408122F1204169ZE184226B<<<<<10",
            "L898902C36UTO7408122F1204159ZE184227B<<<<<10",
            "L898902C36UTO7408122F1204159ZE184226B<<<<<11",
        ] {
            assert!(!second_line(line), "{line}");
        }
    }

    #[test]
    fn other_texts_are_refused_without_a_panic() {
        for text in ["", "L898902C36", "ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ"] {
            assert!(!second_line(text) && !machine_readable(text), "{text}");
        }
    }

    #[test]
    fn the_first_line_may_stand_before_the_second() {
        let zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
        assert!(machine_readable(zone));
    }
}
