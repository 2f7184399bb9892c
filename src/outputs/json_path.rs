//! Macie's limits on the length of a JSON path in a location.

use std::borrow::Cow;

/// Longest name of one path element, in characters; a longer one loses characters from its beginning.
const NAME: usize = 240;
/// Longest path, in characters; a longer one loses elements from its beginning.
const PATH: usize = 250;
/// Stands for the lost beginning of a name.
const NAME_CUT: &str = "...";
/// Stands for the root and the lost elements of a path.
const PATH_CUT: &str = "$..";

/// `path` within Macie's limits, such as `$['...uvwxyz']` and `$..family`; borrowed when it is within them already.
pub(super) fn within_limits(path: &str) -> Cow<'_, str> {
    if path.chars().count() <= NAME {
        return Cow::Borrowed(path);
    }
    let elements: Vec<Cow<'_, str>> = elements(path).into_iter().map(short_element).collect();
    let length = |elements: &[Cow<'_, str>]| -> usize { elements.iter().map(|element| element.chars().count()).sum() };
    if length(&elements) < PATH {
        return Cow::Owned(format!("${}", elements.concat()));
    }
    let mut kept = &elements[..];
    while kept.len() > 1 && PATH_CUT.len() + length(kept) > PATH {
        kept = &kept[1..];
    }
    // A name after the two dots needs none of its own.
    let rest = kept.concat();
    Cow::Owned(format!("{PATH_CUT}{}", rest.strip_prefix('.').unwrap_or(&rest)))
}

/// The steps of a path after its `$`: `.name`, `[0]` or `['any name']`, in which a backslash escapes what follows.
fn elements(path: &str) -> Vec<&str> {
    let path = path.strip_prefix('$').unwrap_or(path);
    let mut elements = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, character) in path.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match character {
            '\\' if quoted => escaped = true,
            '\'' if quoted && path[at..].starts_with("']") => quoted = false,
            '\'' if !quoted && &path[start..at] == "[" => quoted = true,
            '.' | '[' if !quoted && at > start => {
                elements.push(&path[start..at]);
                start = at;
            }
            _ => {}
        }
    }
    if start < path.len() {
        elements.push(&path[start..]);
    }
    elements
}

/// An element with its name within the limit.
fn short_element(element: &str) -> Cow<'_, str> {
    let (open, name, close) = match element.strip_prefix("['").and_then(|rest| rest.strip_suffix("']")) {
        Some(name) => ("['", name, "']"),
        // Dots in front of a dot-form name would read as another operator, so it turns into bracket form.
        None => ("['", element.trim_start_matches('.'), "']"),
    };
    let length = name.chars().count();
    if length <= NAME {
        return Cow::Borrowed(element);
    }
    let tail: String = name.chars().skip(length - (NAME - NAME_CUT.len())).collect();
    Cow::Owned(format!("{open}{NAME_CUT}{tail}{close}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_within_the_limits_stays_as_it_is() {
        for path in ["$", "$.name[0].family", "$[0]['Card Number']", "$['it\\'s']"] {
            assert_eq!(within_limits(path), path);
        }
        let longest = format!("$.{}.{}", "a".repeat(200), "b".repeat(47));
        assert_eq!(longest.len(), 250);
        assert_eq!(within_limits(&longest), longest);
    }

    #[test]
    fn a_long_name_loses_its_beginning_in_either_form() {
        let expected = format!("$['...{}z']", "y".repeat(236));
        assert_eq!(within_limits(&format!("$.{}z", "y".repeat(300))), expected);
        assert_eq!(within_limits(&format!("$['{}z']", "y".repeat(300))), expected);
        let exact = format!("$.{}", "a".repeat(240));
        assert_eq!(within_limits(&exact), exact);
    }

    #[test]
    fn a_long_path_loses_elements_from_its_front_until_it_fits() {
        let path = format!("$.first{}.last", "[0]['a.b[c']".repeat(30));
        let short = within_limits(&path);
        assert!(short.starts_with("$..[0]['a.b[c']") || short.starts_with("$..['a.b[c']"), "{short}");
        assert!(short.ends_with("['a.b[c'].last"), "{short}");
        assert!((239..=250).contains(&short.chars().count()), "{}", short.len());
        assert_eq!(
            within_limits(&format!("$.{}.{}.c", "a".repeat(130), "b".repeat(130))),
            format!("$..{}.c", "b".repeat(130))
        );
    }

    #[test]
    fn limits_count_characters_not_bytes() {
        let path = format!("$.{}", "é".repeat(240));
        assert_eq!(within_limits(&path), path);
    }
}
