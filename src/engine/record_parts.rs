//! The parts of a name and of an address that one object holds: of JSON, of markup, or a row of a document's table.

use super::address_role::AddressRole;
use super::name_role::NameRole;
use super::path_plan::PathPlan;
use super::person_name::{is_family_name, is_given_name, is_name_part_shape};
use super::postal_code::is_postal_code;
use super::street::is_street_line;
use crate::model::{Location, PathStep};
use std::ops::Range;

/// Where a part stands.
#[derive(Debug, Clone)]
enum Place {
    /// The path to it: a range of [`OpenObjects::steps`], and whether it may be shown.
    Path(Range<usize>, bool),
    Lines(Location),
}

/// Where a part stands, for those who note it and those who are told.
#[derive(Debug, Clone)]
pub enum PartPlace<'a> {
    /// At this path, which may be shown or not.
    Path(&'a [PathStep], bool),
    /// There in a text.
    Lines(Location),
}

/// What an object has held so far.
#[derive(Debug, Default)]
struct Parts {
    /// Objects that are open, this one included.
    depth: usize,
    name: NameParts,
    address: AddressParts,
}

#[derive(Debug, Default)]
struct NameParts {
    given: Option<Place>,
    family: bool,
    /// One of them is known as a name of persons.
    known: bool,
    /// The paths of the given and of the family name speak of names themselves: then nobody has to be known.
    said: [bool; 2],
}

#[derive(Debug, Default)]
struct AddressParts {
    street: Option<Place>,
    city: bool,
    postal_code: bool,
    /// Addresses in running text that begin at a street of this object.
    running: Vec<Location>,
}

/// What was put together from the parts of an object, with the place of its first part.
#[derive(Debug, Default)]
pub struct Composed<'a> {
    /// A person's name.
    pub name: Option<PartPlace<'a>>,
    /// Mailing addresses.
    pub addresses: Vec<PartPlace<'a>>,
}

/// The objects that are open, as far as they have held parts.
#[derive(Debug, Default)]
pub struct OpenObjects {
    depth: usize,
    parts: Vec<Parts>,
    /// Steps of the paths of parts.
    pub steps: Vec<PathStep>,
}

impl OpenObjects {
    /// Forgets all.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// An object begins.
    #[inline]
    pub fn open(&mut self) {
        self.depth += 1;
    }

    /// The object that began last ends: calls `found` if it held parts.
    #[inline]
    pub fn close(&mut self, found: impl FnOnce(Composed<'_>)) {
        if self.parts.last().is_some_and(|parts| parts.depth == self.depth)
            && let Some(parts) = self.parts.pop()
        {
            found(self.compose(&parts));
            let places = parts.name.given.into_iter().chain(parts.address.street);
            let starts = places.filter_map(|place| match place {
                Place::Path(steps, _) => Some(steps.start),
                Place::Lines(_) => None,
            });
            let start = starts.min();
            self.steps.truncate(start.unwrap_or(self.steps.len()));
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn compose(&self, parts: &Parts) -> Composed<'_> {
        let place = |place: &Place| match place {
            Place::Path(steps, shown) => PartPlace::Path(&self.steps[steps.clone()], *shown),
            Place::Lines(lines) => PartPlace::Lines(lines.clone()),
        };
        let name = parts
            .name
            .given
            .as_ref()
            .filter(|_| parts.name.family && (parts.name.known || parts.name.said == [true; 2]));
        let address = parts.address.street.as_ref().filter(|_| parts.address.city && parts.address.postal_code);
        let addresses = match address {
            Some(street) => vec![place(street)],
            None => parts.address.running.iter().cloned().map(PartPlace::Lines).collect(),
        };
        Composed { name: name.map(place), addresses }
    }

    /// The parts of the object that began last.
    fn parts(&mut self) -> Option<&mut Parts> {
        if self.depth == 0 {
            return None;
        }
        if self.parts.last().is_none_or(|parts| parts.depth != self.depth) {
            self.parts.push(Parts { depth: self.depth, ..Parts::default() });
        }
        self.parts.last_mut()
    }

    /// Notes an address in running text that begins at a street of the object that began last. False if there is none.
    pub fn note_running_address(&mut self, place: &Location) -> bool {
        let Some(parts) = self.parts() else { return false };
        parts.address.running.push(place.clone());
        true
    }

    /// Notes the trimmed value of a member that may be a part of a name or an address.
    pub fn note(&mut self, plan: &PathPlan, place: &PartPlace<'_>, text: &str) {
        if self.parts().is_none() {
            return;
        }
        let Self { parts, steps, .. } = self;
        let Some(Parts { name, address, .. }) = parts.last_mut() else { return };
        let mut place = || match place {
            PartPlace::Path(path, shown) => {
                let start = steps.len();
                steps.extend_from_slice(path);
                Some(Place::Path(start..steps.len(), *shown))
            }
            PartPlace::Lines(lines) => Some(Place::Lines(lines.clone())),
        };
        match plan.name_role {
            NameRole::Given if name.given.is_none() && is_name_part_shape(text) => {
                name.given = place();
                name.known |= is_given_name(text);
                name.said[0] = plan.says_name;
            }
            NameRole::Family if !name.family && is_name_part_shape(text) => {
                name.family = true;
                name.known |= is_family_name(text);
                name.said[1] = plan.says_name;
            }
            _ => {}
        }
        match plan.address_role {
            AddressRole::Street | AddressRole::Full if address.street.is_none() && is_street_line(text) => {
                address.street = place();
            }
            AddressRole::City => address.city = true,
            AddressRole::PostalCode => address.postal_code |= is_postal_code(text),
            _ => {}
        }
    }
}
