//! Where check digits do not decide, and why: for the tests, and for docs/identifiers.md, which is generated from it.

#![allow(dead_code, reason = "each user needs a part")]

/// For values of other hands (`tests/checksums.rs`): valid values not found, near-misses found, and the reason.
pub const CHECKSUMS: &[(&str, usize, usize, &str)] = &[
    ("AUSTRALIA_TAX_FILE_NUMBER", 0, 1, "eight digits are the older tax file number, with weights of its own"),
    ("CANADA_HEALTH_NUMBER", 0, 3, "the numbers are another province's: some have nine digits or another check digit"),
    (
        "CREDIT_CARD_NUMBER",
        9,
        0,
        "eight are test numbers that Macie never reports; Macie's numbers have 13 digits or more",
    ),
    ("MEXICO_ORGANIZATION_RFC_NUMBER", 1, 0, "the last character is a check digit, 0 to 9 or A, and this one is B"),
    ("SPAIN_BANK_ACCOUNT_NUMBER", 0, 2, "the national account number inside the wrong IBAN is right by its own digits"),
    ("SPAIN_NIF_NUMBER", 1, 0, "organisations of kind B have a digit as control character, and this one has a letter"),
    ("USA_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", 0, 1, "the IRS issues groups 50 to 65 too; there is no check digit"),
    ("USA_SOCIAL_SECURITY_NUMBER", 0, 2, "no check digit; in a column of that name ranges never issued count too"),
    (
        "VEHICLE_IDENTIFICATION_NUMBER",
        0,
        1,
        "makers outside North America may put the filler Z in the place of the check digit",
    ),
];

/// Values that are reported under a narrower identifier where that one is selected too.
pub const NARROWER: &[(&str, &[&str])] =
    &[("SPAIN_NIF_NUMBER", &["SPAIN_NIE_NUMBER", "SPAIN_TAX_IDENTIFICATION_NUMBER"])];

/// Identifiers that some examples with one changed digit still belong to (`tests/check_digits.rs`): how many, and why.
pub const ESCAPES: &[(&str, usize, &str)] = &[
    ("BRAZIL_CPF_NUMBER", 1, "remainders 0 and 10 give the same check digit"),
    ("CANADA_HEALTH_NUMBER", 3, "the changed number is right by another province's rule"),
    (
        "CANADA_PASSPORT_NUMBER",
        198,
        "the number inside a wrong machine-readable zone stands by itself, near its keyword",
    ),
    ("COLOMBIA_ORGANIZATION_NIT_NUMBER", 16, "remainders 1 and 10 give the same check digit"),
    (
        "CREDIT_CARD_MAGNETIC_STRIPE",
        760,
        "only the card number has a check digit; service code and the issuer's digits have none",
    ),
    (
        "CREDIT_CARD_NUMBER",
        28,
        "the digits before the last group are a card number by themselves; three more may be a CVC",
    ),
    ("GERMANY_DRIVERS_LICENSE", 18, "the last character counts the copies and stands behind the check digit"),
    (
        "MEDICAL_DEVICE_UDI",
        603,
        "lot, serial number and date have no check digit; several elements in a column of that name count",
    ),
    (
        "MEXICO_CURP_NUMBER",
        11,
        "modulus 10 with even weights: a change by 5 leaves the sum, so do weights that are multiples of 5",
    ),
    ("MEXICO_INDIVIDUAL_RFC_NUMBER", 46, "in a column of that name the form and the date are enough"),
    ("MEXICO_ORGANIZATION_RFC_NUMBER", 46, "in a column of that name the form and the date are enough"),
    ("SPAIN_BANK_ACCOUNT_NUMBER", 10, "remainders 1 and 10 give the same check digit"),
    ("UK_TAX_IDENTIFICATION_NUMBER", 8, "eleven remainders share nine check digits"),
    ("US_DRUG_ENFORCEMENT_AGENCY_NUMBER", 42, "digits that are doubled may change by 5 unseen, modulus 10"),
    (
        "VEHICLE_IDENTIFICATION_NUMBER",
        63,
        "makers outside North America may put the filler Z in the place of the check digit",
    ),
];
