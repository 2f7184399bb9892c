pub fn is_postal_code(_: &str) -> bool { false }
