//! What a column's name says about the mailing addresses in it.

use super::header_words::{HeaderWords, Vocabulary};

/// The part of a mailing address that a column holds, as its header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressRole {
    /// Street and number, or an address of which the header does not say how much it holds: the values decide.
    Street,
    /// Second line: apartment, suite, floor.
    Street2,
    /// City, town or place.
    City,
    /// State or province.
    Region,
    /// Postal code.
    PostalCode,
    /// Country.
    Country,
    /// The whole address in one cell.
    Full,
    /// No part of a mailing address.
    None,
}

static STREET: Vocabulary = Vocabulary::new(
    "street address addr adress adresse addresse direccion dirección domicilio indirizzo endereco endereço morada \
     strasse straße anschrift adres streetaddress addressline rue pobox calle voie streetname",
);

static SECOND: Vocabulary = Vocabulary::new("apt apartment suite unit floor");

static CITY: Vocabulary = Vocabulary::new(
    "city town suburb locality ort stadt wohnort ville commune citta città comune ciudad municipio localidad cidade \
     plaats place municipality",
);

static REGION: Vocabulary =
    Vocabulary::new("state province provincia prov region région bundesland stateprovince estado");

static POSTAL_CODE: Vocabulary =
    Vocabulary::new("zip zipcode post postcode postalcode postal plz postleitzahl codepostal cap cp eircode");

static COUNTRY: Vocabulary = Vocabulary::new("country land pays paese pais país nation");

/// Words that leave the meaning of the words beside them as it is.
static FILLERS: Vocabulary = Vocabulary::new(
    "line lines code number no name full complete home work mailing mail billing shipping physical legal current permanent \
     previous residential residence business office contact patient customer client employee member owner company \
     provider person personal primary secondary public of the and or civic location site delivery postal hall park \
     taxpayer inspector visitor headquartered headquarters hq abbreviation abbr abbrev plus applicant facility \
     organization payer house student school district county ship bill to from s po box a b c two one ext extra block \
     user hospital sender recipient destination origin de du del via di text",
);

/// What the words of a column's header say: `ADDRESS`, `address line 1`, `city`, `STATE_HEADQUARTERED`, `zip`, `plz`.
///
/// Every word has to fit: `ip address`, `email address`, `mac address`, `state of health`, `capacity` and `status` are
/// no parts of a mailing address.
pub fn address_role(column_name: &str) -> AddressRole {
    let words = HeaderWords::read(column_name);
    let all = words.as_slice();
    let known = |word: &str| {
        [&STREET, &SECOND, &CITY, &REGION, &POSTAL_CODE, &COUNTRY, &FILLERS].iter().any(|known| known.holds(word))
    };
    if all.is_empty() || !all.iter().all(|word| known(word)) {
        return AddressRole::None;
    }
    let second_line = column_name.trim_end().ends_with('2') || words.has_any("two extra");
    // `postal address` and `mail address` are addresses, `postal code` a code.
    let postal_code = words.has(&POSTAL_CODE) && (words.has_any("code zip") || !words.has_any("post postal"));
    match () {
        () if postal_code => AddressRole::PostalCode,
        () if words.has(&STREET) && words.has_any("full complete") => AddressRole::Full,
        () if words.has(&SECOND) || (words.has(&STREET) && second_line) => AddressRole::Street2,
        () if words.has(&STREET) => AddressRole::Street,
        () if words.has_any("box") && words.has_any("po") => AddressRole::Street,
        () => all.iter().rev().find_map(|word| kind_of_place(word)).unwrap_or(AddressRole::None),
    }
}

/// `CITY HALL STATE` is a state: the last of such words says what the column holds.
fn kind_of_place(word: &str) -> Option<AddressRole> {
    let kinds = [(&CITY, AddressRole::City), (&REGION, AddressRole::Region), (&COUNTRY, AddressRole::Country)];
    kinds.into_iter().find_map(|(known, role)| known.holds(word).then_some(role))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_the_part_of_an_address() {
        use AddressRole::{City, Country, Full, PostalCode, Region, Street, Street2};
        for (header, role) in [
            ("ADDRESS", Street),
            ("street", Street),
            ("StreetAddress", Street),
            ("address1", Street),
            ("Address Line 1", Street),
            ("mailing_address", Street),
            ("po_box_address", Street),
            ("CITY HALL ADDRESS", Street),
            ("Straße", Street),
            ("address_2", Street2),
            ("Address Line 2", Street2),
            ("Suite", Street2),
            ("full_address", Full),
            ("CITY", City),
            ("mailing_city_town", City),
            ("Ort", City),
            ("STATE", Region),
            ("STATE_HEADQUARTERED", Region),
            ("CITY HALL STATE", Region),
            ("province", Region),
            ("ZIP", PostalCode),
            ("zipCode", PostalCode),
            ("post_code", PostalCode),
            ("postcode", PostalCode),
            ("postal_code", PostalCode),
            ("PLZ", PostalCode),
            ("cap", PostalCode),
            ("cp", PostalCode),
            ("country", Country),
        ] {
            assert_eq!(address_role(header), role, "{header}");
        }
    }

    #[test]
    fn headers_of_other_things_tell_nothing() {
        for header in [
            "",
            "ip address",
            "ip_address",
            "email address",
            "EmailAddress",
            "mac_address",
            "status",
            "capacity",
            "state_of_health",
            "birth_date",
            "code",
            "name",
            "velocity",
            "unit_price",
            "units",
            "line",
            "box",
        ] {
            assert_eq!(address_role(header), AddressRole::None, "{header}");
        }
    }
}
