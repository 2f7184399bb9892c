//! Arguments of commands that a person is to copy.

use super::sanitize::sanitize;

/// An argument that a POSIX shell takes as it is.
pub fn quoted(argument: &str) -> String {
    let argument = sanitize(argument);
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@%".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) && !argument.starts_with('-') {
        return argument.into_owned();
    }
    let argument = if argument.starts_with('-') { format!("./{argument}") } else { argument.into_owned() };
    format!("'{}'", argument.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_harmless_argument() {
        assert_eq!(quoted("drop/patients.csv"), "drop/patients.csv");
        assert_eq!(quoted("my drop/it's.csv"), r"'my drop/it'\''s.csv'");
        assert_eq!(quoted("$(rm -rf ~).csv"), "'$(rm -rf ~).csv'");
        assert_eq!(quoted("-o"), "'./-o'");
    }
}
