//! States, provinces and countries as they are written in mailing addresses.

/// States, the District of Columbia, territories and the three military areas of the United States, as the Postal
/// Service abbreviates them.
static US_CODES: &str = "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ \
     NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR GU VI AS MP AA AE AP";

const US_NAMES: &[&str] = &[
    "Alabama",
    "Alaska",
    "Arizona",
    "Arkansas",
    "California",
    "Colorado",
    "Connecticut",
    "Delaware",
    "District of Columbia",
    "Florida",
    "Georgia",
    "Hawaii",
    "Idaho",
    "Illinois",
    "Indiana",
    "Iowa",
    "Kansas",
    "Kentucky",
    "Louisiana",
    "Maine",
    "Maryland",
    "Massachusetts",
    "Michigan",
    "Minnesota",
    "Mississippi",
    "Missouri",
    "Montana",
    "Nebraska",
    "Nevada",
    "New Hampshire",
    "New Jersey",
    "New Mexico",
    "New York",
    "North Carolina",
    "North Dakota",
    "Ohio",
    "Oklahoma",
    "Oregon",
    "Pennsylvania",
    "Puerto Rico",
    "Rhode Island",
    "South Carolina",
    "South Dakota",
    "Tennessee",
    "Texas",
    "Utah",
    "Vermont",
    "Virginia",
    "Washington",
    "West Virginia",
    "Wisconsin",
    "Wyoming",
];

static CANADIAN_CODES: &str = "AB BC MB NB NL NS NT NU ON PE QC SK YT";

const CANADIAN_NAMES: &[&str] = &[
    "Alberta",
    "British Columbia",
    "Manitoba",
    "New Brunswick",
    "Newfoundland",
    "Newfoundland and Labrador",
    "Northwest Territories",
    "Nova Scotia",
    "Nunavut",
    "Ontario",
    "Prince Edward Island",
    "Quebec",
    "Québec",
    "Saskatchewan",
    "Yukon",
    "N.S.",
    "N.B.",
    "B.C.",
    "P.E.I.",
];

static AUSTRALIAN_CODES: &str = "NSW VIC QLD SA WA TAS NT ACT";

const AUSTRALIAN_NAMES: &[&str] = &[
    "New South Wales",
    "Victoria",
    "Queensland",
    "South Australia",
    "Western Australia",
    "Tasmania",
    "Northern Territory",
    "Australian Capital Territory",
    "Vic",
    "Qld",
    "Tas",
];

const COUNTRIES: &[&str] = &[
    "Australia",
    "Canada",
    "Deutschland",
    "England",
    "España",
    "France",
    "Germany",
    "Great Britain",
    "Italia",
    "Italy",
    "Northern Ireland",
    "Scotland",
    "Spain",
    "UK",
    "U.K.",
    "United Kingdom",
    "United States",
    "United States of America",
    "USA",
    "U.S.A.",
    "Wales",
];

/// The country whose system of states a text is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum System {
    /// United States.
    UnitedStates,
    /// Canada.
    Canada,
    /// Australia.
    Australia,
    /// None: only the names of countries are known.
    Countries,
}

impl System {
    fn lists(self) -> (&'static str, &'static [&'static str]) {
        match self {
            System::UnitedStates => (US_CODES, US_NAMES),
            System::Canada => (CANADIAN_CODES, CANADIAN_NAMES),
            System::Australia => (AUSTRALIAN_CODES, AUSTRALIAN_NAMES),
            System::Countries => ("", COUNTRIES),
        }
    }

    fn ends(self) -> &'static Ends {
        static ALL: [Ends; 4] =
            [Ends::of(US_NAMES), Ends::of(CANADIAN_NAMES), Ends::of(AUSTRALIAN_NAMES), Ends::of(COUNTRIES)];
        match self {
            System::UnitedStates => &ALL[0],
            System::Canada => &ALL[1],
            System::Australia => &ALL[2],
            System::Countries => &ALL[3],
        }
    }

    fn has_code(self, code: &str) -> bool {
        const ALL: [Pairs; 3] = [Pairs::of(US_CODES), Pairs::of(CANADIAN_CODES), Pairs::of(AUSTRALIAN_CODES)];
        if let &[first, second] = code.as_bytes() {
            return match self {
                System::UnitedStates => ALL[0].has(first, second),
                System::Canada => ALL[1].has(first, second),
                System::Australia => ALL[2].has(first, second),
                System::Countries => false,
            };
        }
        // In the lists a space follows every code but the last.
        code.len() == 3
            && self
                .lists()
                .0
                .as_bytes()
                .split(|byte| *byte == b' ')
                .any(|known| known.eq_ignore_ascii_case(code.as_bytes()))
    }

    /// The byte offset at which the state begins with which `text` ends, case of a code as it is printed (`IL`).
    pub(super) fn start_of_last(self, text: &str) -> Option<usize> {
        // A code is a word of two or three capitals.
        let capitals = text.bytes().rev().take(4).take_while(u8::is_ascii_uppercase).count();
        let start = text.len() - capitals;
        if is_boundary(text, start) && self.has_code(&text[start..]) {
            return Some(start);
        }
        let [.., before, last] = text.as_bytes() else { return None };
        if !self.ends().has(*before, *last) {
            return None;
        }
        let ends_with = |name: &&&str| {
            let start = text.len().checked_sub(name.len());
            start.is_some_and(|start| {
                text.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(name)) && is_boundary(text, start)
            })
        };
        let name = self.lists().1.iter().filter(ends_with).max_by_key(|name| name.len())?;
        Some(text.len() - name.len())
    }
}

/// The codes of two letters in a list, by first letter one bit for each second.
struct Pairs([u32; 26]);

impl Pairs {
    const fn of(list: &str) -> Self {
        let bytes = list.as_bytes();
        let mut pairs = [0; 26];
        let (mut start, mut at) = (0, 0);
        while at <= bytes.len() {
            if at == bytes.len() || bytes[at] == b' ' {
                if at - start == 2 {
                    pairs[(bytes[start] - b'A') as usize] |= 1 << (bytes[start + 1] - b'A');
                }
                start = at + 1;
            }
            at += 1;
        }
        Self(pairs)
    }

    /// True when the letters, in any case, are a code of the list.
    fn has(&self, first: u8, second: u8) -> bool {
        let number = |byte: u8| byte.to_ascii_uppercase().wrapping_sub(b'A');
        let (first, second) = (number(first), number(second));
        second < 26 && self.0.get(usize::from(first)).is_some_and(|seconds| seconds >> second & 1 == 1)
    }
}

/// The last two bytes of names, by the last one a bit for each that stands before it. Case makes no difference, and
/// some others are taken for those.
struct Ends([u32; 32]);

impl Ends {
    const fn of(names: &[&str]) -> Self {
        let mut ends = [0; 32];
        let mut index = 0;
        while index < names.len() {
            let name = names[index].as_bytes();
            ends[(name[name.len() - 1] & 31) as usize] |= 1 << (name[name.len() - 2] & 31);
            index += 1;
        }
        Self(ends)
    }

    /// False when no name ends with those bytes.
    fn has(&self, before: u8, last: u8) -> bool {
        self.0[usize::from(last & 31)] >> (before & 31) & 1 == 1
    }
}

/// True when no letter or digit stands before the byte offset.
fn is_boundary(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric())
}

/// True when the whole value is a state of the United States, by name or abbreviation, in any case.
pub fn is_us_state(value: &str) -> bool {
    is_of(System::UnitedStates, value)
}

/// True when the whole value is a state or province of the United States, Canada or Australia, by name or
/// abbreviation, in any case.
pub fn is_region(value: &str) -> bool {
    [System::UnitedStates, System::Canada, System::Australia].into_iter().any(|system| is_of(system, value))
}

fn is_of(system: System, value: &str) -> bool {
    let value = value.trim();
    system.has_code(value) || system.lists().1.iter().any(|name| name.to_lowercase() == value.to_lowercase())
}

/// True when the whole value is the name of one of the countries whose addresses are looked for.
pub(super) fn is_country(value: &str) -> bool {
    COUNTRIES.iter().any(|name| name.eq_ignore_ascii_case(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_known_by_name_and_abbreviation() {
        for value in ["CA", "ca", "California", "NEW YORK", " Utah ", "PR"] {
            assert!(is_us_state(value), "{value}");
        }
        for value in ["", "ZZ", "C", "Bavaria", "CA 90210"] {
            assert!(!is_us_state(value), "{value}");
        }
        assert!(is_region("ON") && is_region("Nova Scotia") && is_region("NSW"));
    }

    #[test]
    fn a_state_is_found_at_the_end_of_a_text() {
        let system = System::UnitedStates;
        assert_eq!(system.start_of_last("Springfield, IL"), Some(13));
        assert_eq!(system.start_of_last("Charleston, West Virginia"), Some(12));
        assert_eq!(system.start_of_last("Springfield"), None);
        assert_eq!(system.start_of_last("come in"), None, "a code is written in capitals");
    }
}
