//! Words that street lines are made of, folded: lower case, without accents and final dots.
//!
//! The words that end English street names are those of Appendix C1 of the United States Postal Service's
//! Publication 28 with their abbreviations, and the usual ones of Australia, Canada and Great Britain.

/// The parts that a word can play in a street line, as a set.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts(u16);

impl Parts {
    /// No part.
    pub(super) const NONE: Parts = Parts(0);

    /// True when the word can play that part, or one of those.
    pub(super) const fn has(self, part: Parts) -> bool {
        self.0 & part.0 != 0
    }

    /// Both sets together.
    pub(super) const fn or(self, other: Parts) -> Parts {
        Parts(self.0 | other.0)
    }
}

/// Kind of street behind its name, with nothing else that it could be.
pub(super) const KIND: Parts = Parts(1);
/// Last word of the names of streets as well as of other places.
pub(super) const ENDING: Parts = Parts(1 << 1);
/// In front of the number of a part of a building.
pub(super) const UNIT: Parts = Parts(1 << 2);
/// Point of the compass.
pub(super) const DIRECTION: Parts = Parts(1 << 3);
/// Kind of street in front of its name, without a number before it (Spain, Italy, Latin America).
pub(super) const FIRST_KIND: Parts = Parts(1 << 4);
/// Kind of street in French, behind the number.
pub(super) const FRENCH_KIND: Parts = Parts(1 << 5);
/// Behind a number that is an amount, not a house.
pub(super) const MEASURE: Parts = Parts(1 << 6);
/// Road that has a number for a name.
pub(super) const NUMBERED_ROAD: Parts = Parts(1 << 7);
/// First word of a German street that has no kind (Am Markt, Unter den Linden).
pub(super) const GERMAN_FIRST: Parts = Parts(1 << 8);
/// In front of the number of a box.
pub(super) const BOX: Parts = Parts(1 << 9);
/// Anywhere before a box, so that it is one of a post office.
pub(super) const OF_BOX: Parts = Parts(1 << 10);
/// First of two words before a box.
pub(super) const BEFORE_BOX: Parts = Parts(1 << 11);
/// The only word before a bag.
pub(super) const BEFORE_BAG: Parts = Parts(1 << 12);
/// In front of the number of a box, with nothing else to say so.
pub(super) const WHOLE_BOX: Parts = Parts(1 << 13);
/// Between the number of a house and the name of the street.
pub(super) const BEHIND_NUMBER: Parts = Parts(1 << 14);
/// Small word inside the name of a street.
pub(super) const SMALL_WORD: Parts = Parts(1 << 15);

/// First word of a street line that does not begin with a number.
pub(super) const FIRST: Parts = FIRST_KIND.or(GERMAN_FIRST).or(WHOLE_BOX);

const LISTS: &[(Parts, &str)] = &[
    (
        KIND,
        "alley aly anex arc arcade av ave aven avenue bayou bl blvd boul boulevard bvd byp bypass byu causeway \
         cct chase cir circ circle circuit cl close court courts cove cr cres crescent crossing crossroad crs \
         cswy ct ctr cts cv dr drive drives drv esp esplanade expressway expwy expy freeway frwy fwy gardens gdns \
         gr grove grv gte highway hwy lane ln loop mews motorway mtwy parade parkway pde pike pkwy pky pl place \
         plaza plz pwy quay rd road roads route row rte speedway spur sq square st str street streets ter terr \
         terrace thruway tpke trafficway trail trails trce trl trwy turnpike viaduct wharf",
    ),
    (
        ENDING,
        "annex beach bend bluff bluffs bottom br branch bridge brook brooks burg camp canyon cape center centre \
         club common commons corner corners course creek crest curve dale dam divide estate estates extension \
         fall falls ferry field fields flat flats ford forest forge fork forks fort garden gateway glen glens \
         green greens harbor harbors haven heights hill hills hollow hts inlet island islands isle junction key \
         keys knoll knolls lake lakes landing light lights lndg loaf lock locks lodge mall manor manors meadow \
         meadows mill mills mission mount mountain neck oaks orchard oval overpass park parks parkways pass \
         passage path pine pines plain plains point points port ports prairie radial ramp ranch rapid rapids rdg \
         rest ridge ridges rise river run shoal shoals shore shores skyway spring springs spurs station stravenue \
         stream summit throughway trace track tunnel underpass union unions valley valleys via view views village \
         villages ville vista walk walks wall way ways well wells",
    ),
    (
        UNIT,
        "apartment appartement apt bat batiment bldg building dept escalera etage fl flat floor interno level lot \
         no office ph piso planta rm room scala shop space spc ste suite trlr unit wohnung",
    ),
    (DIRECTION, "e east n ne north nw s se so south sw w west"),
    (
        FIRST_KIND,
        "av avd avda avenida borgo c c/ calle callejon camino carrera carretera cl contrada corso cr cra ctra \
         diagonal estrada glorieta kr largo localita lungomare pasaje paseo passeig piazza piazzale piazzetta \
         plaza poligono praca pza rambla ronda rua salita strada transversal travesia travessa urb urbanizacion v \
         via viale vico vicolo",
    ),
    (
        FRENCH_KIND,
        "allee allees av avenue bd blvd boulevard chaussee che chemin cite cours esplanade faubourg hameau \
         impasse lotissement mail montee passage pl place quai residence rond-point route rte rue ruelle sentier \
         square traverse venelle villa voie",
    ),
    (
        MEASURE,
        "actuat count day days dose doses gm hour hours hr kg lb mcg meq mg ml month months oz pack percent \
         tablet tablets unt week weeks year years",
    ),
    (NUMBERED_ROAD, "cr fm highway hwy road route rr rte sr us"),
    (GERMAN_FIRST, "alte alter am an auf hinter im in unter zum zur"),
    (BOX, "box bag"),
    (OF_BOX, "po p.o pob pobox gpo postfach bp apartado hc rr psc cmr"),
    (BEFORE_BOX, "post unit route p locked private"),
    (BEFORE_BAG, "locked private"),
    (WHOLE_BOX, "pobox pob postfach bp apartado"),
    (BEHIND_NUMBER, "bis ter quater blk block 1/2 -"),
    (SMALL_WORD, "of the and"),
];

/// A folded word of up to sixteen bytes, the first byte lowest.
pub(super) type Key = u128;

/// What stands for words that are too long for a key, or of other scripts. No list holds them.
pub(super) const NO_KEY: Key = Key::MAX;

/// The key of the folded word in `bytes` from `start` to `end`; [`NO_KEY`] for longer ones.
const fn key_of(bytes: &[u8], start: usize, end: usize) -> Key {
    if end - start > 16 {
        return NO_KEY;
    }
    let mut key = 0;
    let mut index = end;
    while index > start {
        index -= 1;
        key = key << 8 | bytes[index] as Key;
    }
    key
}

/// The key of a folded word; [`NO_KEY`] for longer ones.
pub(super) fn key(word: &str) -> Key {
    key_of(word.as_bytes(), 0, word.len())
}

/// The words of the lists by their keys, so that a word is found without a search.
struct Table {
    keys: [Key; Table::SLOTS],
    parts: [Parts; Table::SLOTS],
}

impl Table {
    /// A few times as many as there are words, so that hardly any has to give way to another.
    const SLOTS: usize = 1 << Table::BITS;
    const BITS: u32 = 10;

    const fn of(lists: &[(Parts, &str)]) -> Table {
        let mut table = Table { keys: [NO_KEY; Table::SLOTS], parts: [Parts::NONE; Table::SLOTS] };
        let mut list = 0;
        while list < lists.len() {
            let (part, words) = lists[list];
            let bytes = words.as_bytes();
            let (mut start, mut end) = (0, 0);
            while end <= bytes.len() {
                if end == bytes.len() || bytes[end] == b' ' {
                    let key = key_of(bytes, start, end);
                    let slot = table.slot(key);
                    table.keys[slot] = key;
                    table.parts[slot] = table.parts[slot].or(part);
                    start = end + 1;
                }
                end += 1;
            }
            list += 1;
        }
        table
    }

    /// The slot of the word, or the free one in which it would stand.
    const fn slot(&self, key: Key) -> usize {
        let mixed = ((key as u64) ^ ((key >> 64) as u64).rotate_left(23)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut slot = (mixed >> (64 - Table::BITS)) as usize;
        while self.keys[slot] != key && self.keys[slot] != NO_KEY {
            slot = (slot + 1) % Table::SLOTS;
        }
        slot
    }
}

/// The parts that the folded word with that key can play.
pub(super) fn parts(word: Key) -> Parts {
    static TABLE: Table = Table::of(LISTS);
    TABLE.parts[TABLE.slot(word)]
}

/// By the first letter of a word that is [`FIRST`] one bit for the letter behind it, so that most words need not be
/// read.
const BEGINNINGS: [u32; 32] = {
    let mut beginnings = [0; 32];
    let mut list = 0;
    while list < LISTS.len() {
        let (part, words) = LISTS[list];
        let bytes = words.as_bytes();
        let mut at = 0;
        while FIRST.has(part) && at < bytes.len() {
            if at == 0 || bytes[at - 1] == b' ' {
                let alone = at + 1 == bytes.len() || !bytes[at + 1].is_ascii_alphabetic();
                // What stands behind a word of one letter may be anything.
                beginnings[letter(bytes[at])] |= if alone { u32::MAX } else { 1 << letter(bytes[at + 1]) };
            }
            at += 1;
        }
        list += 1;
    }
    beginnings
};

/// False when no word that begins with the two bytes, in any case, is [`FIRST`].
pub(super) fn may_be_first(first: u8, second: u8) -> bool {
    !first.is_ascii() || !second.is_ascii() || BEGINNINGS[letter(first)] >> letter(second) & 1 == 1
}

/// Ends of compound street names (Germany; the Netherlands and the North write alike).
const COMPOUNDS: &[&str] = &[
    "strasse", "str", "weg", "gasse", "platz", "allee", "damm", "ufer", "chaussee", "steig", "stieg", "pfad", "markt",
    "ring", "winkel", "straat", "laan", "plein", "gracht", "kade", "dijk", "gade", "vej", "gatan", "vagen", "veien",
    "gata", "vegen",
];

/// By the last letter of an end one bit for the letter before it, so that most words are not compared with any.
const ENDS: [u32; 32] = {
    let mut ends = [0; 32];
    let mut index = 0;
    while index < COMPOUNDS.len() {
        let end = COMPOUNDS[index].as_bytes();
        ends[letter(end[end.len() - 1])] |= 1 << letter(end[end.len() - 2]);
        index += 1;
    }
    ends
};

/// The number of a letter, whatever its case.
const fn letter(byte: u8) -> usize {
    (byte & 31) as usize
}

/// True when the word, in any case but without accents and final dots, ends as the compound name of a street does.
pub(super) fn ends_as_street(word: &[u8]) -> bool {
    let [.., before, last] = word else { return false };
    ENDS[letter(*last)] >> letter(*before) & 1 == 1
        && COMPOUNDS.iter().any(|end| {
            let start = word.len().checked_sub(end.len());
            start.is_some_and(|start| word[start..].eq_ignore_ascii_case(end.as_bytes()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_can_play_several_parts() {
        let parts = |word| parts(key(word));
        let place = parts("place");
        assert!(place.has(KIND) && place.has(FRENCH_KIND) && !place.has(UNIT));
        assert!(parts("landing").has(ENDING) && !parts("landing").has(KIND));
        assert!(!parts("hospital").has(KIND));
    }

    #[test]
    fn every_word_of_the_lists_is_found_and_no_other() {
        for (part, list) in LISTS {
            assert!(list.split_ascii_whitespace().all(|word| parts(key(word)).has(*part)));
        }
        for word in ["", "streets'", "xyzzy", "a word that is too long for a key"] {
            assert_eq!(parts(key(word)).0, 0, "{word}");
        }
    }

    #[test]
    fn every_first_word_may_be_one() {
        for word in
            LISTS.iter().filter(|(part, _)| FIRST.has(*part)).flat_map(|(_, list)| list.split_ascii_whitespace())
        {
            for second in word.as_bytes().get(1).map_or((0..=u8::MAX).collect(), |second| vec![*second]) {
                assert!(may_be_first(word.as_bytes()[0], second), "{word}");
            }
        }
        assert!(!may_be_first(b'M', b'a'));
    }

    #[test]
    fn names_of_streets_are_known_by_their_ends() {
        for word in COMPOUNDS.iter().map(ToString::to_string).chain(["Hauptstrasse".into(), "LINDENWEG".into()]) {
            assert!(ends_as_street(word.as_bytes()), "{word}");
        }
        for word in ["", "g", "Markte", "Wegen", "Street"] {
            assert!(!ends_as_street(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn every_word_of_the_lists_has_a_key() {
        for word in LISTS.iter().flat_map(|(_, list)| list.split_ascii_whitespace()) {
            assert!(key(word) != NO_KEY, "{word}");
        }
        assert_eq!(key("stravenue") as u64, u64::from_le_bytes(*b"stravenu"));
    }
}
