//! What a column's name says about the names of persons in it.

use super::header_words::{HeaderWords, Vocabulary};

/// The part of a person's name that a column holds, as its header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NameRole {
    /// Given name.
    Given,
    /// Middle name or its initial.
    Middle,
    /// Family name.
    Family,
    /// Full name, or a name of which the header does not say whose it is: the values decide.
    Full,
    /// Family name at birth.
    Maiden,
    /// Nothing that a header says is the name of a person.
    None,
}

/// Words for a given name that need no other word beside them.
static GIVEN: Vocabulary = Vocabulary::new(
    "firstname fname forename forenames given givenname givennames vorname vornamen prenom prenoms prénom prénoms \
     voornaam fornavn förnamn imie imię preferredname",
);

/// Words for a family name that need no other word beside them.
static FAMILY: Vocabulary = Vocabulary::new(
    "lastname lname surname surnames familyname nachname familienname apellido apellidos cognome sobrenome apelido \
     achternaam etternavn efternamn efternavn nazwisko",
);

static MIDDLE: Vocabulary = Vocabulary::new("middlename mname middleinitial minit midname");

static MAIDEN: Vocabulary = Vocabulary::new("maiden maidenname née nee birthname geburtsname mothersmaiden");

static FULL: Vocabulary = Vocabulary::new(
    "fullname personname patientname customername clientname employeename ownername contactname membername \
     accountholder cardholder cardholdername payee alderman vollname",
);

/// Words of a language that mean a name in general; in front or behind stands whose.
static NAME: Vocabulary = Vocabulary::new("name names nm nombre nombres nome nom naam namn navn");

/// Persons and roles of persons: they leave the meaning of the words beside them as it is.
static PERSONS: Vocabulary = Vocabulary::new(
    "account accountholder additional admin agent applicant assignee attending attorney author beneficiary bene \
     billing borrower buyer candidate card cardholder caregiver child claimant client clinician co coborrower \
     commonly contact contributor coordinator cust customer defendant dependent display doctor donor driver emergency \
     emp employee father fathers full grantee grantor guarantor guardian head holder husband individual inspector \
     insured investigator judge kin lead legal local main manager member mother mothers next nurse of officer \
     official operator other owner parent participant party passenger patient payee payer pcp person personal \
     physician plaintiff player policyholder preferred prescriber primary principal professor provider public publ pt \
     recipient referring rep representative representante requester resident respondent responsible s secondary \
     seller sender shipping spouse staff student subscriber subject supervisor surgeon suspect teacher tenant the \
     user used victim visitor voter wife witness worker y your complete completo completa apellidos and or",
);

/// Words of a header that are a part of a name and that leave open which.
static ORDER: Vocabulary = Vocabulary::new("first last middle mi initial init family firstlast lastfirst");

/// Things and places that bear names of their own, often those of persons: schools, streets, parks, books.
static THINGS: Vocabulary = Vocabulary::new(
    "accommodation address addresses addr agency agencies area asociacion asociación association avenue barrio barrios \
     book borough branch brand building bureau business campus cargo category categories church city class clinic club college \
     colegio commodity community company companies corporation country county course courses curso cursos department dependencia \
     dept direccion dirección district division domicilio empresa employer entidad entity escuela event events facility \
     facilities film firm hospital hotel institucion institución institution intersection job landmark language library location \
     locations make manufacturer model motel movie municipality municipio museum neighborhood neighborhoods neighbourhood \
     occupation office org organisation organisations organization organizations parish park parks place places position product \
     program programs project projects region restaurant road room route school schools sede serie series shop site sites song \
     state station stop store street streets subject subdivision supplier title titles titulo título topic town university \
     vendor venue village ward zone",
);

/// Persons of whom a header may say where they belong (`facility contact name`).
static PEOPLE: Vocabulary = Vocabulary::new(
    "agent applicant attorney author authors chair chairperson client contact contacts coordinator customer \
     director doctor driver employee inspector leader manager member members nurse officer officers official officials operator \
     owner owners patient people person persons physician president principal representative resident staff student supervisor \
     teacher visitor",
);

/// Words of columns with running text, whatever it is about.
static TEXTS: Vocabulary = Vocabulary::new(
    "answer answers biography body bio comment comments content description descripcion descripción detail details \
     memo message narrative note notes query question questions remark remarks summary text transcript",
);

/// Words of a header that is a sentence rather than a name of a thing.
const SENTENCE: usize = 6;

/// True when a header names things or places rather than persons or running text: `school_name`, `Street Address`,
/// `Organization`. Such columns hold persons' names only as parts of other names (Nat King Cole Park), which say nothing
/// about anybody.
pub fn names_things(column_name: &str) -> bool {
    let words = HeaderWords::read(column_name);
    // Of persons and things the last one counts: a visitor's address is a place, a facility's contact a person.
    let noun = words.as_slice().iter().rev().find(|word| THINGS.holds(word) || PEOPLE.holds(word));
    noun.is_some_and(|noun| THINGS.holds(noun))
        && !words.has(&TEXTS)
        && words.as_slice().len() < SENTENCE
        && name_role(column_name) == NameRole::None
}

/// What the words of a column's header say: `FIRST`, `first_name`, `firstName`, `LAST`, `OWNERNAME`, `contact name`.
///
/// Every word has to fit: `first_name` is a given name and `patient_last_name` a family name, while `first_visit`,
/// `file_name`, `street name` and `company name` are no names of persons. A `user name` is an account.
pub fn name_role(column_name: &str) -> NameRole {
    let words = HeaderWords::read(column_name);
    let has = |vocabulary| words.has(vocabulary);
    let has_any = |few| words.has_any(few);
    let all = words.as_slice();
    let only_fitting = all.iter().all(|word| {
        [&GIVEN, &FAMILY, &MIDDLE, &MAIDEN, &FULL, &NAME, &PERSONS, &ORDER].iter().any(|known| known.holds(word))
    });
    // The last four digits of a number.
    let last_four = ["last4", "last_4", "last 4"].iter().any(|known| column_name.to_ascii_lowercase().contains(known));
    if all.is_empty() || !only_fitting || last_four {
        return NameRole::None;
    }
    let named = has(&NAME);
    // `user` and `account` beside a name are a login; beside a part of a name they are a person.
    let login = has_any("user account admin display");
    let first = has_any("first");
    let last = has_any("last");
    let given = has(&GIVEN) || first;
    let family = has(&FAMILY) || last || (has_any("family") && named);
    match () {
        () if has(&MAIDEN) => NameRole::Maiden,
        () if has(&MIDDLE) || has_any("middle mi") => NameRole::Middle,
        () if given && family => NameRole::Full,
        // A name in a language whose word for it, beside one for the family name, means the given name.
        () if family && has_any("nombres nombre nome nom") && has_any("y and") => NameRole::Full,
        () if given && !has_any("initial init") => NameRole::Given,
        () if family && !has_any("initial init") => NameRole::Family,
        () if has_any("family initial init") => NameRole::None,
        () if (named && !login) || has(&FULL) || is_person_alone(all) => NameRole::Full,
        () => NameRole::None,
    }
}

/// `contact`, `author`, `representante_legal`: persons without the word name, which other words could make anything.
fn is_person_alone(words: &[String]) -> bool {
    static ALONE: Vocabulary = Vocabulary::new(
        "author contact inspector judge patient physician representante supervisor suspect attorney doctor \
         owner coordinator investigator",
    );
    words.len() <= 2 && words.iter().any(|word| ALONE.holds(word))
}

/// True for a name of a column or path that speaks of names itself, such as `fname`, `lastName` or `apellidos`.
pub fn says_name(name: &str) -> bool {
    const NAMES: [&str; 6] = ["name", "nombre", "nome", "apellido", "prenom", "prénom"];
    let name = name.to_lowercase();
    NAMES.iter().any(|known| name.contains(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_the_part_of_a_name() {
        use NameRole::{Family, Full, Given, Maiden, Middle};
        for (header, role) in [
            ("FIRST", Given),
            ("first_name", Given),
            ("firstName", Given),
            ("FirstName", Given),
            ("given", Given),
            ("fname", Given),
            ("forename", Given),
            ("judge_first", Given),
            ("patient.first_name", Given),
            ("Vorname", Given),
            ("Prénom", Given),
            ("LAST", Family),
            ("lname", Family),
            ("surname", Family),
            ("family_name", Family),
            ("public_contact_last_name", Family),
            ("apellido1", Family),
            ("MIDDLE", Middle),
            ("MI", Middle),
            ("middle_initial", Middle),
            ("MAIDEN", Maiden),
            ("mother's maiden name", Maiden),
            ("NAME", Full),
            ("full_name", Full),
            ("patient_name", Full),
            ("OWNERNAME", Full),
            ("contact name", Full),
            ("provider name", Full),
            ("nombres_y_apellidos", Full),
            ("representante_legal", Full),
            ("first and last name", Full),
        ] {
            assert_eq!(name_role(header), role, "{header}");
        }
    }

    #[test]
    fn headers_of_things_and_places_are_told_from_those_of_running_text() {
        for header in [
            "school_name",
            "Street Address",
            "Organization",
            "project_name",
            "Park",
            "location_1",
            "jobTitle",
            "visitor_address",
        ] {
            assert!(names_things(header), "{header}");
        }
        for header in ["", "value", "comments", "project_description", "event notes", "facility_contact_name", "artist"]
        {
            assert!(!names_things(header), "{header}");
        }
        assert!(!names_things("name_s_of_client_organization_or_department_you_represent"), "a question, not a thing");
    }

    #[test]
    fn headers_of_other_things_tell_nothing() {
        for header in [
            "",
            "file_name",
            "user_name",
            "username",
            "street name",
            "company name",
            "product_name",
            "city name",
            "first_visit",
            "last_updated",
            "LASTMODIFIED",
            "family",
            "organization_name",
            "host",
            "name_type",
            "column_name",
            "test name",
            "drug name",
            "first_dose_date",
            "PASSPORT",
            "filename",
            "account_name",
            "last4",
        ] {
            assert_eq!(name_role(header), NameRole::None, "{header}");
        }
    }
}
