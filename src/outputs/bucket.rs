//! A folder's name made into a name that an S3 bucket could have.

/// Longest and shortest bucket name that S3 allows.
const LENGTH: std::ops::RangeInclusive<usize> = 3..=63;
/// Beginnings and ends that S3 reserves.
const RESERVED_STARTS: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_ENDS: [&str; 5] = ["-s3alias", "--ols-s3", ".mrap", "--x-s3", "--table-s3"];

/// The bucket name nearest to `folder` under the naming rules for S3 general purpose buckets: 3 to 63 lower-case
/// letters, digits, dots and hyphens, a letter or digit at either end, no two dots in a row, not the form of an IPv4
/// address, none of the reserved beginnings and ends.
///
/// Other characters become hyphens. What would still not be a name is put behind `local-`; nothing at all becomes
/// `local`. A valid name is returned as it is.
pub fn bucket_name(folder: &str) -> String {
    let mut name = String::with_capacity(folder.len());
    for character in folder.chars().flat_map(char::to_lowercase) {
        match character {
            'a'..='z' | '0'..='9' => name.push(character),
            '-' => name.push('-'),
            '.' if name.ends_with('.') => {}
            '.' => name.push('.'),
            _ if name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    let mut name = cut(&name);
    if name.is_empty() {
        return "local".to_owned();
    }
    let reserved = RESERVED_STARTS.iter().any(|start| name.starts_with(start));
    if name.len() < *LENGTH.start() || reserved || is_ipv4(&name) {
        name = cut(&format!("local-{name}"));
    }
    name
}

/// Within the longest length, without dots and hyphens at the ends and without a reserved end.
fn cut(name: &str) -> String {
    let punctuation = ['.', '-'];
    let name = name.trim_start_matches(punctuation);
    let mut name = name[..name.len().min(*LENGTH.end())].trim_end_matches(punctuation);
    while let Some(rest) = RESERVED_ENDS.iter().find_map(|end| name.strip_suffix(end)) {
        name = rest.trim_end_matches(punctuation);
    }
    name.to_owned()
}

fn is_ipv4(name: &str) -> bool {
    name.split('.').count() == 4 && name.split('.').all(|part| part.parse::<u8>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_folder_name_keeps_what_a_bucket_name_may_hold() {
        for (folder, bucket) in [
            ("synthea", "synthea"),
            ("data.2025-01", "data.2025-01"),
            ("Patient Files (new)", "patient-files-new"),
            ("_drop_", "drop"),
            ("a..b", "a.b"),
            ("Größe", "gr-e"),
            ("x", "local-x"),
            ("", "local"),
            ("患者", "local"),
            ("192.168.0.1", "local-192.168.0.1"),
            ("xn--drop", "local-xn--drop"),
            ("drop--x-s3", "drop"),
        ] {
            assert_eq!(bucket_name(folder), bucket, "{folder}");
        }
    }

    #[test]
    fn a_long_name_ends_with_a_letter_or_digit_at_63_characters_or_before() {
        assert_eq!(bucket_name(&"a".repeat(80)).len(), 63);
        assert_eq!(bucket_name(&format!("{}-tail", "a".repeat(62))), "a".repeat(62));
    }

    proptest! {
        #[test]
        fn every_name_becomes_valid_and_a_valid_name_stays(folder in "[a-zA-Z0-9._ é-]{0,80}|.{0,80}") {
            let name = bucket_name(&folder);
            prop_assert!(LENGTH.contains(&name.len()), "{name}");
            let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            prop_assert!(name.chars().all(|c| alphanumeric(c) || c == '.' || c == '-'), "{name}");
            prop_assert!(name.starts_with(alphanumeric) && name.ends_with(alphanumeric), "{name}");
            prop_assert!(!name.contains(".."), "{name}");
            prop_assert!(!RESERVED_ENDS.iter().any(|end| name.ends_with(end)), "{name}");
            prop_assert_eq!(bucket_name(&name), name);
        }
    }
}
