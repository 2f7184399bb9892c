//! Documents made by hand.

use super::read;
use crate::model::{Quotas, Reason};
use crate::readers::gathered::Gathered;
use crate::readers::{Limits, ReadFailure};
use flate2::{Compression, write::ZlibEncoder};
use proptest::prelude::*;
use std::io::Write;

/// A file of these objects, of which the first is the catalog.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(file.len());
        file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let start = file.len();
    file.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        file.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let size = objects.len() + 1;
    file.extend_from_slice(format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes());
    file
}

fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<<{entries}/Length {}>>\nstream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

/// A document whose pages have these contents; `catalog` and `page` are entries of theirs, `more` objects from 100 on are
/// written behind the pages.
fn document(contents: &[&str], catalog: &str, page: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let first = 4 + more.len();
    let kids: String =
        (0..contents.len()).map(|index| format!("{} 0 R ", first + 2 * index)).collect::<Vec<_>>().concat();
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>").into_bytes(),
        format!("<</Type/Pages/Count {}/Kids[{kids}]>>", contents.len()).into_bytes(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_vec(),
    ];
    objects.extend_from_slice(more);
    for (index, content) in contents.iter().enumerate() {
        let number = first + 2 * index + 1;
        objects.push(
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>/XObject<</X1 4 0 \
                 R>>>>/Contents {number} 0 R{page}>>"
            )
            .into_bytes(),
        );
        objects.push(stream("/Filter/FlateDecode", &deflate(content.as_bytes())));
    }
    file(&objects)
}

fn gather(file: &[u8]) -> (Gathered, Result<(), ReadFailure>) {
    let mut gathered = Gathered::default();
    let outcome = read(file, &Limits::new(&Quotas::default(), 0), &mut gathered);
    (gathered, outcome)
}

#[test]
fn lines_and_words_of_each_page_are_told_by_where_they_stand() {
    let file = document(
        &[
            "BT /F1 12 Tf 50 700 Td (SSN 219-09-) Tj (4821) Tj 0 -14 Td [(Ja) 20 (ne) -400 (R\\366e)] TJ ET",
            "BT /F1 12 Tf 1 0 0 1 300 600 Tm (value) Tj 1 0 0 1 50 600 Tm (label) Tj ET",
        ],
        "",
        "",
        &[],
    );
    let (gathered, outcome) = gather(&file);
    assert_eq!(outcome, Ok(()));
    assert_eq!(gathered.text, "SSN 219-09-4821\nJane R\u{f6}e\nlabel\tvalue\n");
    assert_eq!((gathered.place_of("219-09-4821"), gathered.place_of("value")), ("1", "2"));
}

#[test]
fn fields_of_a_form_and_notes_are_read_with_their_names() {
    let field = "/Annots[<</Subtype/Widget/T(ssn)/Parent<</T(person)>>/V(219-09-4821)>><</Subtype/Text/Contents(a \
                 note)/T(Jane Roe)>><</Subtype/Link/A<</URI(mailto:a@b.c)>>>>]";
    let (gathered, _) = gather(&document(&["BT ET"], "", field, &[]));
    assert_eq!(gathered.value_at("person ssn"), "219-09-4821");
    for text in ["a note", "mailto:a@b.c", "Jane Roe"] {
        assert!(gathered.text.contains(text), "{:?}", gathered.text);
    }
}

#[test]
fn attached_files_are_members() {
    let more = [
        stream("/Type/EmbeddedFile/Filter/FlateDecode", &deflate(b"a,b\n1,2")),
        b"<</Type/Filespec/F(x)/UF(\xfe\xff\0l\0.\0c\0s\0v)/EF<</F 4 0 R>>>>".to_vec(),
    ];
    let (gathered, _) = gather(&document(&["BT ET"], "/Names<</EmbeddedFiles<</Names[(x) 5 0 R]>>>>", "", &more));
    assert_eq!(gathered.members, [("l.csv".to_owned(), b"a,b\n1,2".to_vec())]);
}

#[test]
fn pages_that_are_pictures_are_reported() {
    let image = [stream("/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", b"x")];
    let (gathered, _) = gather(&document(&["/X1 Do", "BT /F1 9 Tf (text) Tj ET"], "", "", &image));
    assert_eq!(gathered.gaps.len(), 1);
    assert_eq!(gathered.gaps[0].detail, "1 of 2 pages hold pictures and no text");
    assert!(gathered.gaps[0].out_of_scope());
    assert!(gather(&document(&["/X1 Do"], "", "", &image)).0.gaps[0].detail.contains("no text"));
}

#[test]
fn a_form_that_shows_itself_ends() {
    let form = [stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 3 0 R>>/XObject<</X1 4 0 R>>>>",
        b"BT /F1 9 Tf (inside) Tj ET /X1 Do",
    )];
    let (gathered, _) = gather(&document(&["/X1 Do"], "", "", &form));
    assert_eq!(gathered.text.trim(), "inside");
}

#[test]
fn a_file_without_its_table_of_objects_is_repaired_and_one_without_pages_is_a_failure() {
    let mut file = document(&["BT /F1 9 Tf (kept) Tj ET"], "", "", &[]);
    let end = file.windows(5).rposition(|window| window == b"xref\n").expect("there is one");
    file.truncate(end - 4);
    assert_eq!(gather(&file).0.text.trim(), "kept");
    assert_eq!(gather(b"%PDF-1.4\nnothing").1.map_err(|failure| failure.reason), Err(Reason::MalformedFile));
}

#[test]
fn a_stream_that_expands_without_end_is_refused_before_it_is_expanded() {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..300 {
        encoder.write_all(&zeros).expect("memory can be written");
    }
    let bomb = encoder.finish().expect("memory can be written");
    let (_, outcome) = gather(&document(&["BT ET"], "", "", &[stream("/Filter/FlateDecode", &bomb)]));
    assert_eq!(outcome.map_err(|failure| failure.reason), Err(Reason::ArchiveTotalBytesExtractedOverLimit));
}

#[test]
fn objects_inside_each_other_without_end_break_nothing() {
    for (open, close) in [("[", "]"), ("<</A ", ">>"), ("(", ")")] {
        let deep = format!("{}{}", open.repeat(200_000), close.repeat(200_000));
        let _ = gather(&document(&[&deep], "", &format!("/Annots {deep}"), &[deep.clone().into_bytes()]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn words_of_a_random_document_are_found_on_their_page(
        pages in prop::collection::vec(prop::collection::vec("[a-z]{2,9}", 1..6), 1..6),
    ) {
        let mut expected = Vec::new();
        let contents: Vec<String> = (1..).zip(&pages).map(|(number, words)| {
            let mut content = String::from("BT /F1 10 Tf 40 700 Td ");
            for (index, word) in words.iter().enumerate() {
                let word = format!("{word}{number}x{index}");
                content.extend([format!("({word}) Tj 0 -12 Td ")]);
                expected.push((number.to_string(), word));
            }
            content + "ET"
        }).collect();
        let contents: Vec<&str> = contents.iter().map(String::as_str).collect();
        prop_assert_eq!(gather(&document(&contents, "", "", &[])).0.words, expected);
    }
}
