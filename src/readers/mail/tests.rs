//! Messages of every shape, and where their text stands.

use super::{read, read_mailbox};
use crate::readers::gathered::Gathered;
use proptest::prelude::*;

fn gather(message: &str) -> Gathered {
    let mut gathered = Gathered::default();
    read(message.replace('\n', "\r\n").as_bytes(), &mut gathered).expect("memory can be read");
    gathered
}

const MIXED: &str = "From: =?utf-8?Q?Jane_Ro=C3=AB?= <jane@example.org>
X-SSN: 219-09-4821
Subject: a
 folded line
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=\"outer\"

before
--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=iso-8859-2
Content-Transfer-Encoding: quoted-printable

plain =B1 te=
xt
--inner
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable

<p>one=
 two</p>
<p>three</p>
--inner--
--outer
Content-Type: text/csv; name=\"=?utf-8?B?bGlzdC5jc3Y=?=\"
Content-Disposition: attachment
Content-Transfer-Encoding: base64

YSxi
CjEsMg==
--outer--
after
";

#[test]
fn a_message_is_read_part_by_part_and_located_in_its_source() {
    let gathered = gather(MIXED);
    assert_eq!(gathered.value_at("X-SSN").trim(), "219-09-4821");
    assert!(gathered.value_at("From").contains("Jane Ro\u{eb}"), "{:?}", gathered.values);
    assert_eq!(gathered.value_at("Subject"), " a\r\n folded line\r\n");
    for (word, place) in [
        ("folded", "4:2"),
        ("before", "8:1"),
        ("\u{105}", "16:7"),
        ("text", "16:9"),
        ("after", "34:1"),
        ("three", "24:4"),
    ] {
        let place_of = gathered.words.iter().find(|(_, known)| known == word).map(|(place, _)| place.as_str());
        assert_eq!(place_of, Some(place), "{word}");
    }
    assert_eq!(gathered.place_of("two"), "23:2");
    assert_eq!(gathered.members, [("list.csv".to_owned(), b"a,b\n1,2".to_vec())]);
}

#[test]
fn a_message_inside_a_message_is_a_file() {
    let gathered = gather(
        "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\nSubject: inner\n\nSSN\n--x--\n",
    );
    assert_eq!(gathered.members, [("part 1.eml".to_owned(), b"Subject: inner\r\n\r\nSSN\r\n".to_vec())]);
}

#[test]
fn a_body_that_is_cut_off_or_never_begins_is_read() {
    assert!(gather("Subject: x").text.contains('x'));
    assert!(gather("no header at all\nbut text").text.contains("but text"));
    let cut = gather("Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nhello");
    assert!(cut.text.contains("hello"));
    let never = gather("Content-Type: multipart/mixed; boundary=x\n\nhello");
    assert!(never.text.contains("hello"));
}

#[test]
fn an_encrypted_part_is_reported() {
    let gathered = gather("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nAAAA\n");
    assert_eq!(gathered.gaps.len(), 1);
    let pgp =
        gather("Content-Type: multipart/encrypted; boundary=x; protocol=\"application/pgp-encrypted\"\n\n--x\n\n--x--");
    assert_eq!(pgp.gaps.len(), 1);
}

#[test]
fn a_mailbox_holds_messages_and_their_lines_go_on() {
    let mut gathered = Gathered::default();
    let mailbox = "From a@b Mon Jun 01 10:00:00 2009\nSubject: one\n\ntext one\n>From here\n\nFrom c@d Tue\nX-Id: \
         two\nContent-Disposition: attachment; filename=\"a/b.txt\"\n\nfile two\n";
    read_mailbox(mailbox.as_bytes(), &mut gathered).expect("memory can be read");
    assert_eq!(gathered.value_at("Subject"), " one\n");
    assert_eq!(gathered.place_of("here"), "5:7");
    assert_eq!(gathered.place_of("two"), "8:7");
    assert_eq!(gathered.members, [("message 2/a/b.txt".to_owned(), b"file two\n".to_vec())]);
}

#[test]
fn a_line_without_end_is_read_in_pieces() {
    let long = format!("Subject: x\n\n{} end", "y".repeat(1_000_000));
    assert_eq!(gather(&long).place_of("end"), "3:1000002");
}

proptest! {
    #[test]
    fn words_of_a_random_message_are_found_where_they_stand(
        parts in prop::collection::vec((prop::collection::vec("[a-z]{3,8}", 1..6), any::<bool>()), 1..6),
    ) {
        let mut message = String::from("Subject: s\nContent-Type: multipart/mixed; boundary=\"b=1\"\n\n");
        let mut expected = Vec::new();
        for (index, (words, is_html)) in parts.iter().enumerate() {
            let kind = if *is_html { "html" } else { "plain" };
            message.extend([format!("--b=1\nContent-Type: text/{kind}\n\n")]);
            for (number, word) in words.iter().enumerate() {
                let line = message.matches('\n').count() + 1;
                let tag = if *is_html { "<p>" } else { "" };
                expected.push((format!("{line}:{}", tag.len() + 1), format!("{word}{index}x{number}")));
                message.extend([format!("{tag}{word}{index}x{number}\n")]);
            }
        }
        message.push_str("--b=1--\n");
        let gathered = gather(&message);
        for word in expected {
            prop_assert!(gathered.words.contains(&word), "{word:?} in {:?}", gathered.words);
        }
    }

    #[test]
    fn no_input_breaks_the_reader(
        message in "(Content-Type: (multipart/mixed|text/html|text/plain); boundary=x\n|Content-Transfer-Encoding: (base64|quoted-printable)\n|--x|--|\n|From |[a-z=:;\"<>/ ]|\u{e9}){0,40}",
    ) {
        gather(&message);
        let _ = read_mailbox(message.as_bytes(), &mut Gathered::default());
    }
}
