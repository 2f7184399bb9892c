//! The parts of a start tag of XML or HTML.

use std::ops::Range;

/// Where in the bytes of a start tag its name and its attributes are.
pub(super) struct Tag {
    pub(super) name: Range<usize>,
    pub(super) attributes: Vec<Attribute>,
}

/// An attribute of a tag, as ranges of the tag's bytes.
pub(super) struct Attribute {
    pub(super) name: Range<usize>,
    /// Without its quotes.
    pub(super) value: Range<usize>,
}

impl Tag {
    /// Reads a tag, from `<` to `>`. Attributes without quotes or without a value are taken as HTML does.
    pub(super) fn read(raw: &[u8]) -> Self {
        let end = raw.len() - usize::from(raw.ends_with(b">"));
        let end = end - usize::from(raw[..end].ends_with(b"/"));
        let is_blank = |at: usize| raw[at].is_ascii_whitespace();
        let skip = |from: usize, over: &dyn Fn(usize) -> bool| (from..end).find(|at| !over(*at)).unwrap_or(end);
        let start = usize::from(raw.starts_with(b"<")).min(end);
        let name = start..skip(start, &|at| !is_blank(at));
        let mut attributes = Vec::new();
        let mut at = skip(name.end, &is_blank);
        while at < end {
            let name = at..skip(at + 1, &|at| !is_blank(at) && raw[at] != b'=');
            let equals = skip(name.end, &is_blank);
            at = equals;
            if equals < end && raw[equals] == b'=' {
                let first = skip(equals + 1, &is_blank);
                let quote = raw[first..end].first().copied().filter(|byte| matches!(byte, b'"' | b'\''));
                let start = first + usize::from(quote.is_some());
                let stop = match quote {
                    Some(quote) => skip(start, &|at| raw[at] != quote),
                    None => skip(start, &|at| !is_blank(at)),
                };
                attributes.push(Attribute { name, value: start..stop });
                at = (stop + usize::from(quote.is_some())).min(end);
            }
            at = skip(at, &is_blank);
        }
        Self { name, attributes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(raw: &str) -> (String, Vec<(String, String)>) {
        let tag = Tag::read(raw.as_bytes());
        let pair =
            |attribute: &Attribute| (raw[attribute.name.clone()].to_owned(), raw[attribute.value.clone()].to_owned());
        (raw[tag.name].to_owned(), tag.attributes.iter().map(pair).collect())
    }

    #[test]
    fn attributes_are_told_apart_however_they_are_quoted() {
        let (name, attributes) = parts("<a:b x = \"1 > 2\" y='it \"is\"' checked z=3/>");
        assert_eq!(name, "a:b");
        let expected = [("x", "1 > 2"), ("y", "it \"is\""), ("z", "3")];
        assert_eq!(attributes, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(parts("<a b=\"unclosed>"), ("a".to_owned(), vec![("b".to_owned(), "unclosed".to_owned())]));
        for odd in ["", "<", "<>", "</>", "< =", "<a =", "<a ==", "<a b=", "<a b='", "<a \"", "<a/"] {
            parts(odd);
        }
    }
}
