//! Keys, tokens and headers: what has to hold inside a text that looks like a credential.
//!
//! These rules look at the match as it stands in the text, because letter case and punctuation carry meaning here.

use super::registry::Rule;
use serde_json::{Map, Value};

/// Rules of this file.
pub(super) static RULES: &[Rule] = &[
    Rule { name: "aws_secret", check_digit: false, accepts: |text, _| is_aws_secret(text) },
    Rule { name: "random_token", check_digit: false, accepts: |text, _| is_random_token(text) },
    Rule { name: "basic_credentials", check_digit: false, accepts: |text, _| is_basic_header(text) },
    Rule { name: "json_web_token", check_digit: false, accepts: |text, _| is_json_web_token(text) },
    Rule { name: "openssh_key", check_digit: false, accepts: |text, _| is_openssh_key(text) },
    Rule { name: "pgp_key", check_digit: false, accepts: |text, _| is_pgp_secret_key(text) },
    Rule { name: "pkcs_key", check_digit: false, accepts: |text, _| is_pkcs_key(text) },
    Rule { name: "putty_key", check_digit: false, accepts: |text, _| is_putty_key(text) },
];

/// Alphabets of base64 (RFC 4648): section 4 and section 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// With `+` and `/`.
    Standard,
    /// With `-` and `_`.
    Url,
}

/// The bytes that a base64 text stands for. Padding may be missing, but if it is there it has to be right; any other
/// character, white space too, makes it `None`.
pub fn decode_base64(text: &str, alphabet: Alphabet) -> Option<Vec<u8>> {
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    if body.len() % 4 == 1 || padding > 2 || (padding > 0 && !text.len().is_multiple_of(4)) {
        return None;
    }
    let mut bytes = Vec::with_capacity(body.len() * 3 / 4);
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for byte in body.bytes() {
        let value = match (byte, alphabet) {
            (b'A'..=b'Z', _) => byte - b'A',
            (b'a'..=b'z', _) => byte - b'a' + 26,
            (b'0'..=b'9', _) => byte - b'0' + 52,
            (b'+', Alphabet::Standard) | (b'-', Alphabet::Url) => 62,
            (b'/', Alphabet::Standard) | (b'_', Alphabet::Url) => 63,
            _ => return None,
        };
        buffer = (buffer << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits) as u8);
            buffer &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

/// How many different characters there are.
fn variety(text: &str) -> usize {
    let mut seen: Vec<char> = text.chars().collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len()
}

/// An AWS secret access key: 40 characters of base64's alphabet that look drawn at random. Thirty of them differ on
/// average; fewer than 20, or a whole kind of character missing, means a checksum in hexadecimal, a path, a name or a
/// placeholder. A random key fails this about once in a thousand, for want of a digit.
pub fn is_aws_secret(text: &str) -> bool {
    let count = |kind: fn(&u8) -> bool| text.bytes().filter(kind).count();
    text.len() == 40
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+'))
        && variety(text) >= 20
        && count(u8::is_ascii_uppercase) >= 3
        && count(u8::is_ascii_lowercase) >= 3
        && count(u8::is_ascii_digit) >= 1
        && count(|byte| *byte == b'/') <= 5
}

/// A prefixed key of 15 or more random letters and digits, not filler such as `sk_test_xxxxxxxx`: at least 14 different
/// characters in all.
pub fn is_random_token(text: &str) -> bool {
    variety(text) >= 14
}

/// A header that ends in the credentials of RFC 7617: base64 of a user-id, a colon and a password in UTF-8 without
/// control characters, not both of them empty.
pub fn is_basic_header(text: &str) -> bool {
    let token = text.rsplit([' ', '\t']).next().unwrap_or_default();
    let Some(bytes) = decode_base64(token, Alphabet::Standard) else { return false };
    let Ok(credentials) = std::str::from_utf8(&bytes) else { return false };
    credentials.len() > 1 && credentials.contains(':') && !credentials.chars().any(char::is_control)
}

/// A JSON Web Token (RFC 7519) in the JWS compact form (RFC 7515), signed or with an empty signature: the first part is
/// a JSON object that names an `alg`, the second a JSON object. A header with `enc` belongs to an encrypted token
/// (RFC 7516), whose other parts say nothing.
pub fn is_json_web_token(text: &str) -> bool {
    let mut parts = text.split('.');
    let (Some(header), Some(claims), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let object =
        |part| -> Option<Map<String, Value>> { serde_json::from_slice(&decode_base64(part, Alphabet::Url)?).ok() };
    object(header).is_some_and(|header| header.get("alg").is_some_and(Value::is_string) && !header.contains_key("enc"))
        && object(claims).is_some()
        && decode_base64(signature, Alphabet::Url).is_some()
}

/// The lines of a key as they would stand in its own file. Keys travel inside other texts: line ends may be written out
/// as `\n` (a JSON string), and each line may be quoted, indented or commented out.
fn lines(text: &str) -> Vec<String> {
    text.replace("\\r", "\n")
        .replace("\\n", "\n")
        .split(['\n', '\r'])
        .map(|line| {
            // Of a quoted line, what is inside the quotes; a lone `+` or `,` outside joins it to the next.
            let inside = line.split(['"', '\'', '`']).map(|part| part.trim().trim_end_matches('\\').trim());
            let inside = inside.max_by_key(|part| part.trim_matches(['+', ',', ';', '.', '(', ')', ' ']).len());
            let line = inside.unwrap_or_default();
            if line.chars().all(|c| matches!(c, '+' | ',' | ';' | '.' | '(' | ')' | ' ')) {
                return String::new();
            }
            ["# ", "// ", "> ", "* "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line).trim().to_owned()
        })
        .filter(|line| !matches!(line.as_str(), "" | "#" | "//" | ">" | "*"))
        .collect()
}

/// What the base64 between the BEGIN and END lines of a PEM block (RFC 7468, RFC 1421) or of PGP armour (RFC 9580)
/// decodes to, header lines and the armour's checksum set aside.
fn armoured_bytes(block: &str) -> Option<Vec<u8>> {
    const HYPHENS: &str = "-----";
    let (_, rest) = block.split_once("-----BEGIN ")?;
    let (_, rest) = rest.split_once(HYPHENS)?;
    let (body, _) = rest.split_once("-----END ")?;
    let mut joined = String::with_capacity(body.len());
    for line in lines(body) {
        let is_header = line.contains(':');
        let is_checksum = line.len() == 5 && line.starts_with('=');
        if !is_header && !is_checksum {
            joined.extend(line.split_whitespace());
        }
    }
    decode_base64(&joined, Alphabet::Standard)
}

/// A private key of PKCS #1, SEC 1 or PKCS #8 in PEM. The smallest in use (Ed25519, RFC 8410) has 48 bytes; half of that
/// separates keys, cut ones too, from a mention of the two lines.
pub fn is_pkcs_key(text: &str) -> bool {
    armoured_bytes(text).is_some_and(|bytes| bytes.len() >= 24)
}

/// A private key in OpenSSH's own format (PROTOCOL.key of the OpenSSH sources): it starts with `openssh-key-v1` and a
/// zero byte.
pub fn is_openssh_key(text: &str) -> bool {
    armoured_bytes(text).is_some_and(|bytes| bytes.starts_with(b"openssh-key-v1\0"))
}

/// PGP armour whose first packet is a secret key or secret subkey (RFC 9580, packet types 5 and 7).
pub fn is_pgp_secret_key(text: &str) -> bool {
    let packet_type = |first: u8| match first {
        0x80..=0xBF => (first >> 2) & 0x0F,
        0xC0.. => first & 0x3F,
        _ => 0,
    };
    armoured_bytes(text).is_some_and(|bytes| bytes.len() >= 24 && matches!(packet_type(bytes[0]), 5 | 7))
}

/// A `PuTTY` private key file (appendix C of the `PuTTY` manual): its headers in order, as many lines of base64 as two of
/// them announce, and a public part that names the same algorithm as the first header.
pub fn is_putty_key(text: &str) -> bool {
    read_putty_key(text).is_some()
}

fn read_putty_key(text: &str) -> Option<()> {
    let lines = lines(text);
    let mut lines = lines.iter().map(String::as_str);
    let header = |name: &str, lines: &mut dyn Iterator<Item = &str>| -> Option<String> {
        let (found, value) = lines.next()?.split_once(':')?;
        found.starts_with(name).then(|| value.trim().to_owned())
    };
    let algorithm = header("PuTTY-User-Key-File-", &mut lines)?;
    header("Encryption", &mut lines)?;
    header("Comment", &mut lines)?;
    let mut blob = |name: &str| {
        let count = header(name, &mut lines)?.parse().ok().filter(|count| (1..=1000).contains(count))?;
        let joined: Vec<&str> = lines.by_ref().take(count).collect();
        (joined.len() == count).then(|| decode_base64(&joined.concat(), Alphabet::Standard))?
    };
    let public = blob("Public-Lines")?;
    blob("Private-Lines")?;
    header("Private-MAC", &mut lines)?;
    let length = u32::try_from(algorithm.len()).ok()?.to_be_bytes();
    (public.starts_with(&length) && public[4..].starts_with(algorithm.as_bytes())).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPENSSH_START: &str = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW";

    fn block(label: &str, body: &str) -> String {
        format!("-----BEGIN {label}-----{body}-----END {label}-----")
    }

    #[test]
    fn base64_follows_the_test_vectors_of_its_standard() {
        // RFC 4648, section 10.
        for (text, plain) in
            [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmFy", "foobar")]
        {
            assert_eq!(decode_base64(text, Alphabet::Standard).as_deref(), Some(plain.as_bytes()), "{text}");
        }
        assert_eq!(decode_base64("-_8", Alphabet::Url), Some(vec![0xFB, 0xFF]));
        for wrong in ["Z", "Zg=", "Zg===", "Zm=8", "Zm 8", "-_8", "Zmé8"] {
            assert_eq!(decode_base64(wrong, Alphabet::Standard), None, "{wrong}");
        }
    }

    #[test]
    fn an_aws_secret_mixes_the_kinds_of_characters() {
        assert!(is_aws_secret("q8Zr/2LbT+0vYwEo5NcHd7uXkJmGs3PiA9fQeW1D"));
        for wrong in [
            "ded7db27a4558eea9bbf0bf36e0e8521618f366c",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "src/main/java/com/example/cfg/Service1Ab",
            "q8Zr/2LbT+0vYwEo5NcHd7uXkJmGs3PiA9fQeW1",
            "q8Zr/2LbT-0vYwEo5NcHd7uXkJmGs3PiA9fQeW1D",
            "éq8Zr/2LbT+0vYwEo5NcHd7uXkJmGs3PiA9fQeW1",
        ] {
            assert!(!is_aws_secret(wrong), "{wrong}");
        }
    }

    #[test]
    fn filler_is_no_random_token() {
        assert!(is_random_token("sk_live_Qm7xT2vB9kLpR4nZ"));
        assert!(is_random_token("AIzaSyD3xK9mQ7vB2nL5tR8wY1cF4hJ6pZ0aE_s-u"));
        assert!(!is_random_token("sk_test_xxxxxxxxxxxxxxxxxxxxxxxx"));
        assert!(!is_random_token("AIzaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
        assert!(!is_random_token("sk_test_your_secret_key"));
    }

    #[test]
    fn a_basic_header_holds_a_user_and_a_password() {
        // Both of RFC 7617.
        assert!(is_basic_header("Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
        assert!(is_basic_header("Proxy-Authorization: Basic dGVzdDoxMjPCow=="));
        // No colon, a lone colon, a control character, no base64, a word.
        for value in ["QWxhZGRpbg==", "Og==", "YTpiAA==", "QWxh*", "training"] {
            assert!(!is_basic_header(&format!("Authorization: Basic {value}")), "{value}");
        }
    }

    #[test]
    fn a_json_web_token_has_a_header_with_an_algorithm_and_claims() {
        // Example 3.1 of RFC 7519 (line breaks inside the header) and an unsecured token as in section 6.1.
        assert!(is_json_web_token(concat!(
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.",
            "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        )));
        assert!(is_json_web_token("eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UifQ."));
        for wrong in [
            "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UifQ",
            "eyJ0eXAiOiJKV1QifQ.eyJpc3MiOiJqb2UifQ.",
            "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0.eyJpc3MiOiJqb2UifQ.",
            "eyJhbGciOiJub25lIn0..",
            "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UifQ.abcde",
            "eyJBB.eyJCC.eyJDDDD",
            "..",
        ] {
            assert!(!is_json_web_token(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_key_is_read_through_quotes_escapes_and_headers() {
        let one = "MC4CAQAwBQYDK2VwBCIEIBz58pBssceiCy4TI3n2";
        let two = "5yz+LQ3156MLALjpm9TaD6wj";
        for body in [
            format!("\n{one}\n{two}\n"),
            format!("\r\n{one}\r\n{two}\r\n"),
            format!("\\n{one}\\n{two}\\n"),
            format!("\\r\\n{one}\\r\\n{two}\\r\\n"),
            format!("\" +\n\"{one}\" +\n\"{two}\" +\n\""),
            format!("\\n\" +\n  \"{one}\\n\" +\n  \"{two}\\n\" +\n\""),
            format!("\n    {one}\n    {two}\n    "),
            format!("\n# {one}\n# {two}\n# "),
            format!(" {one} {two} "),
            format!("\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,1F77CE6D\n\n{one}\n{two}\n"),
        ] {
            assert!(is_pkcs_key(&block("PRIVATE KEY", &body)), "{body}");
        }
    }

    #[test]
    fn a_mention_of_a_key_is_no_key() {
        for body in
            ["", " and ", "\n...\n", "\nMC4CAQ==\n", "\nMC4C=QAwBQYDK2VwBCIEIBz58pBssceiCy4TI3n25yz+LQ31\n", "\né\n"]
        {
            assert!(!is_pkcs_key(&block("PRIVATE KEY", body)), "{body}");
        }
        assert!(!is_pkcs_key("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIBz58pBssceiCy4TI3n2"));
    }

    #[test]
    fn an_openssh_key_starts_with_its_magic() {
        let label = "OPENSSH PRIVATE KEY";
        assert!(is_openssh_key(&block(label, &format!("\n{OPENSSH_START}\nQy\n"))));
        assert!(!is_openssh_key(&block(label, "\nMC4CAQAwBQYDK2VwBCIEIBz58pBssceiCy4TI3n25yz+LQ31\n")));
    }

    #[test]
    fn pgp_armour_is_told_apart_by_its_first_packet() {
        let label = "PGP PRIVATE KEY BLOCK";
        let rest = "gEawO5qBYJKwYBBAHaRw8BAQdAoZjOVoB2LJoq";
        // An old-format and a new-format secret key packet; a public key packet.
        assert!(is_pgp_secret_key(&block(label, &format!("\nVersion: 1\n\nlF{rest}\n=njUN\n"))));
        assert!(is_pgp_secret_key(&block(label, &format!("\n\nxV{rest}\n"))));
        assert!(!is_pgp_secret_key(&block(label, &format!("\n\nmD{rest}\n"))));
    }

    #[test]
    fn a_putty_key_has_its_headers_in_order_and_as_many_lines_as_it_says() {
        let key = concat!(
            "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: backup-key\nPublic-Lines: 2\n",
            "AAAAC3NzaC1lZDI1NTE5AAAAIKq7u8zM3d3u7v//ABEiM0RVZneImaq7zN3u/wAR\nIjNE\nPrivate-Lines: 1\n",
            "AAAAIAARIjNEVWZ3iJmqu8zd7v8AESIzRFVmd4iZqrvM3e7/\nPrivate-MAC: 0011223344556677\n"
        );
        assert!(is_putty_key(key));
        assert!(is_putty_key(&key.replace('\n', "\\r\\n")));
        for (from, to) in [
            ("Public-Lines: 2", "Public-Lines: 3"),
            ("Public-Lines: 2", "Public-Lines: 99999999999"),
            ("ssh-ed25519\n", "ssh-rsa\n"),
            ("Encryption: none\nComment: backup-key", "Comment: backup-key\nEncryption: none"),
            ("AAAAIAAR", "AAAAI*AR"),
            ("Private-MAC: 0011223344556677\n", ""),
        ] {
            assert!(!is_putty_key(&key.replace(from, to)), "{to}");
        }
        assert!(!is_putty_key("PuTTY-User-Key-File-2: is the first line of such a file"));
    }
}
