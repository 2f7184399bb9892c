//! Words that name a country, as evidence between identifiers of different countries that claim the same characters.

/// ISO 3166-1 alpha-2 code, and the words that point to the country: lower case; two letters only where they are no word of
/// another language.
static WORDS: &[(&str, &[&str])] = &[
    ("AR", &["argentina", "argentine", "argentino"]),
    ("AT", &["austria", "austrian", "österreich", "aut"]),
    ("AU", &["australia", "australian", "aus", "nsw", "victoria", "queensland", "tasmania", "tas"]),
    ("BE", &["belgium", "belgian", "belgië", "belgique", "bel"]),
    ("BG", &["bulgaria", "bulgarian"]),
    ("BR", &["brazil", "brazilian", "brasil", "brasileiro", "bra"]),
    ("CA", &["canada", "canadian", "ontario", "quebec", "québec", "alberta", "manitoba", "saskatchewan"]),
    ("CL", &["chile", "chilean", "chileno"]),
    ("CO", &["colombia", "colombian", "colombiano"]),
    ("CY", &["cyprus", "cypriot"]),
    ("CZ", &["czech", "czechia"]),
    ("DE", &["germany", "german", "deutschland", "deutsch", "deu"]),
    ("DK", &["denmark", "danish", "danmark"]),
    ("EE", &["estonia", "estonian"]),
    ("ES", &["spain", "spanish", "españa", "español", "esp"]),
    ("FI", &["finland", "finnish", "suomi"]),
    ("FR", &["france", "french", "français", "fra"]),
    ("GB", &["uk", "gb", "gbr", "british", "britain", "england", "scotland", "wales", "ni"]),
    ("GR", &["greece", "greek"]),
    ("HR", &["croatia", "croatian", "hrvatska"]),
    ("HU", &["hungary", "hungarian"]),
    ("IE", &["ireland", "irish"]),
    ("IN", &["india", "indian"]),
    ("IT", &["italy", "italian", "italia", "italiano", "italiana", "ita"]),
    ("LT", &["lithuania", "lithuanian"]),
    ("LU", &["luxembourg"]),
    ("LV", &["latvia", "latvian"]),
    ("MT", &["malta", "maltese"]),
    ("MX", &["mexico", "méxico", "mexican", "mexicano"]),
    ("NL", &["netherlands", "dutch", "nederland", "nederlandse"]),
    ("PL", &["poland", "polish", "polska"]),
    ("PT", &["portugal", "portuguese"]),
    ("RO", &["romania", "romanian"]),
    ("SE", &["sweden", "swedish", "sverige"]),
    ("SI", &["slovenia", "slovenian"]),
    ("SK", &["slovakia", "slovak"]),
    ("US", &["us", "usa", "american"]),
];

/// The words of a country; none for `any` and for countries whose identifiers have no rivals.
pub fn words(code: &str) -> &'static [&'static str] {
    WORDS.binary_search_by_key(&code, |(known, _)| known).map_or(&[], |index| WORDS[index].1)
}

/// True when `text` holds one of the words as a whole word, in any case.
pub fn mentions(text: &str, words: &[&str]) -> bool {
    text.split(|character: char| !character.is_alphabetic()).filter(|word| !word.is_empty()).any(|word| {
        if word.is_ascii() {
            return words.iter().any(|known| known.eq_ignore_ascii_case(word));
        }
        let lower = word.to_lowercase();
        words.iter().any(|known| known.len() >= word.len() && *known == lower)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_sorted_and_named_by_whole_words() {
        assert!(WORDS.is_sorted_by_key(|(code, _)| code));
        assert!(mentions("uk_driving_licence", words("GB")));
        assert!(mentions("Licence (Tas)", words("AU")));
        assert!(!mentions("bulk licence", words("GB")));
        assert!(words("any").is_empty());
    }
}
