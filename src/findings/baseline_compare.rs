//! Holds what was found against a baseline: what is known, what is new, and what a baseline names that is no more.

use super::baseline::{Baseline, Entry, Key};
use super::baseline_place::{Place, Places};
use crate::model::{Detection, IdentifierRef, Location, ObjectReport, Severity};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// What a comparison is about.
#[derive(Clone, Copy)]
pub struct Scope<'s> {
    /// How the baseline names the objects of the reports, in the same order.
    pub objects: &'s [String],
    /// How it names the folders that were scanned with everything below them: empty for the baseline's own folder.
    pub folders: &'s [String],
    /// Whether an identifier of that id was looked for.
    pub looked_for: &'s dyn Fn(&str) -> bool,
    /// The day on which entries may have expired.
    pub today: Date,
}

impl Scope<'_> {
    /// Whether an object would have been scanned if it were there.
    fn holds(&self, object: &str) -> bool {
        self.folders.iter().any(|folder| match folder.as_str() {
            "" => object != ".." && !object.starts_with("../"),
            folder => object.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')),
        })
    }
}

/// Something found that the baseline does not accept, or not as often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fresh {
    /// Index of the report.
    pub report: usize,
    /// What was found, and where.
    pub key: Key,
    /// The identifier.
    pub identifier: Arc<IdentifierRef>,
    /// Severity of the detection that it is part of.
    pub severity: Severity,
    /// Occurrences at the place.
    pub count: u64,
    /// How many of them the baseline accepts.
    pub known: u64,
    /// The first of them, where it is located; with `known` ones among them it may be one of those.
    pub first: Option<Location>,
}

/// An entry that no longer says what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The entry.
    pub entry: Entry,
    /// What is wrong with it.
    pub reason: StaleReason,
}

/// Why an entry no longer says what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaleReason {
    /// Fewer are found: so many, which may be none.
    Fewer(u64),
    /// The object is no more.
    Gone,
}

/// What holding findings against a baseline gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// What is new, in the order of reports, then of identifiers and places.
    pub fresh: Vec<Fresh>,
    /// What the baseline names and is not there, as far as it was looked for.
    pub stale: Vec<Stale>,
    /// Entries that have expired, and count no more.
    pub expired: Vec<Entry>,
}

/// Occurrences of an identifier at a place of an object, or of a file inside it.
struct Claim {
    member: Option<usize>,
    key: Key,
    count: u64,
    known: u64,
    widened: bool,
    first: Option<Location>,
}

/// How much of each entry has been used up, by object and identifier.
struct Budget<'b> {
    entries: HashMap<&'b str, HashMap<&'b str, Vec<Used<'b>>>>,
}

/// An entry, and how much of it has been used up.
type Used<'b> = (&'b Entry, u64);

impl<'b> Budget<'b> {
    fn new(entries: impl Iterator<Item = &'b Entry>) -> Self {
        let mut largest: BTreeMap<&Key, &Entry> = BTreeMap::new();
        for entry in entries {
            let known = largest.entry(&entry.key).or_insert(entry);
            if entry.count > known.count {
                *known = entry;
            }
        }
        let mut budget = Self { entries: HashMap::new() };
        for entry in largest.into_values() {
            let key = &entry.key;
            let of_object = budget.entries.entry(&key.object).or_default();
            of_object.entry(&key.identifier).or_default().push((entry, 0));
        }
        budget
    }

    /// Takes what the entries of those places still accept.
    fn take(&mut self, claim: &mut Claim, speaks_of: impl Fn(&Place) -> bool) {
        let of_object = self.entries.get_mut(claim.key.object.as_str());
        let entries = of_object.and_then(|entries| entries.get_mut(claim.key.identifier.as_str()));
        for (entry, used) in entries.into_iter().flatten().filter(|(entry, _)| speaks_of(&entry.key.place)) {
            let taken = (claim.count - claim.known).min(entry.count - *used);
            *used += taken;
            claim.known += taken;
        }
    }
}

impl Baseline {
    /// Marks in `reports` what the baseline accepts, and tells what is new, what is stale and what has expired.
    ///
    /// A detection is accepted when all its occurrences are, in the object and in each file inside it: it moves to the
    /// finding's `accepted`. One that has grown, or occurs at another place too, stays with its full count.
    pub fn apply(&self, scope: Scope<'_>, reports: &mut [ObjectReport]) -> Comparison {
        let is_expired = |entry: &&Entry| entry.expires.is_some_and(|day| day < scope.today);
        let mut budget = Budget::new(self.entries.iter().filter(|entry| !is_expired(entry)));
        let mut fresh = Vec::new();
        for (index, (report, object)) in reports.iter_mut().zip(scope.objects).enumerate() {
            accept(report, index, object, &mut budget, &mut fresh);
        }
        let complete: HashMap<&str, bool> = scope
            .objects
            .iter()
            .zip(reports.iter())
            .map(|(object, report)| (object.as_str(), !report.coverage.incomplete()))
            .collect();
        let examined = |key: &Key| {
            // The name of a file inside begins with that of the object, whose own name may hold the same signs.
            let ends = key.object.match_indices("!/").map(|(at, _)| at).chain([key.object.len()]);
            let mut known = ends.filter_map(|end| complete.get(&key.object[..end]));
            match known.next() {
                Some(is_complete) => Some(*is_complete),
                None => scope.holds(&key.object).then_some(true),
            }
        };
        let is_there = |key: &Key| {
            let object = key.object.as_str();
            complete.contains_key(object)
                || object.match_indices("!/").any(|(at, _)| complete.contains_key(&object[..at]))
        };
        let in_scope = |key: &Key| (scope.looked_for)(&key.identifier) && examined(key) == Some(true);
        let used = budget.entries.into_values().flat_map(HashMap::into_values).flatten();
        let mut stale: Vec<Stale> = used
            .filter(|(entry, used)| *used < entry.count && in_scope(&entry.key))
            .map(|(entry, used)| Stale {
                entry: entry.clone(),
                reason: if is_there(&entry.key) { StaleReason::Fewer(used) } else { StaleReason::Gone },
            })
            .collect();
        stale.sort_by(|left, right| left.entry.cmp(&right.entry));
        let mut expired: Vec<Entry> =
            self.entries.iter().filter(is_expired).filter(|entry| in_scope(&entry.key)).cloned().collect();
        expired.sort();
        Comparison { fresh, stale, expired }
    }

    /// The baseline without what is stale in it: entries of what is no more are gone, the others have the counts that were
    /// found. Reasons and days of expiry stay, as do entries that were not looked at, and those that have expired while what
    /// they speak of is still there.
    #[must_use]
    pub fn lowered(&self, comparison: &Comparison) -> Self {
        let found: HashMap<&Key, u64> = comparison
            .stale
            .iter()
            .map(|stale| match stale.reason {
                StaleReason::Fewer(found) => (&stale.entry.key, found),
                StaleReason::Gone => (&stale.entry.key, 0),
            })
            .collect();
        let expired: HashSet<&Entry> = comparison.expired.iter().collect();
        let new: HashSet<&Key> = comparison.fresh.iter().map(|fresh| &fresh.key).collect();
        let lower = |entry: &Entry| {
            if expired.contains(entry) && !new.contains(&entry.key) {
                return None;
            }
            let count = found.get(&entry.key).map_or(entry.count, |found| entry.count.min(*found));
            (count > 0).then(|| Entry { count, ..entry.clone() })
        };
        Self { entries: self.entries.iter().filter_map(lower).collect() }
    }

    /// The baseline with what is new accepted too. An entry that grows keeps its reason and day of expiry unless others are
    /// given; one that has expired is replaced.
    #[must_use]
    pub fn raised(&self, comparison: &Comparison, expires: Option<Date>, reason: Option<&str>) -> Self {
        let expired: HashSet<&Entry> = comparison.expired.iter().collect();
        let mut entries: BTreeMap<Key, Entry> = BTreeMap::new();
        let mut kept = Vec::new();
        for entry in &self.entries {
            match entries.get(&entry.key) {
                Some(known) if known.count >= entry.count => {}
                _ if expired.contains(entry) => kept.push(entry.clone()),
                _ => drop(entries.insert(entry.key.clone(), entry.clone())),
            }
        }
        for fresh in &comparison.fresh {
            let new = fresh.count - fresh.known;
            let entry = entries.entry(fresh.key.clone()).or_insert_with(|| Entry {
                key: fresh.key.clone(),
                count: 0,
                expires: None,
                reason: None,
            });
            entry.count += new;
            entry.expires = expires.or(entry.expires);
            entry.reason = reason.map(str::to_owned).or(entry.reason.take());
        }
        kept.retain(|entry| !entries.contains_key(&entry.key));
        Self { entries: entries.into_values().chain(kept).collect() }
    }
}

/// Accepts what the budget allows of one report, and adds the rest to `fresh`.
fn accept(report: &mut ObjectReport, index: usize, object: &str, budget: &mut Budget<'_>, fresh: &mut Vec<Fresh>) {
    let Some(whole) = &report.finding else { return };
    let mut in_whole = Vec::new();
    let mut in_members = HashSet::new();
    for detection in &whole.detections {
        let mut claims = claims(report, object, detection);
        let mut each =
            |step: &dyn Fn(&mut Claim, &mut Budget<'_>)| claims.iter_mut().for_each(|claim| step(claim, budget));
        each(&|claim, budget| {
            let place = claim.key.place.clone();
            budget.take(claim, |entry| *entry == place);
        });
        each(&|claim, budget| {
            let place = claim.key.place.clone();
            budget.take(claim, |entry| entry.covers(&place));
        });
        each(&|claim, budget| {
            if claim.widened {
                let place = claim.key.place.clone();
                budget.take(claim, |entry| place.covers(entry));
            }
        });
        let id = &detection.identifier.id;
        if claims.iter().all(|claim| claim.known == claim.count) {
            in_whole.push(id.clone());
        }
        let members: HashSet<usize> = claims.iter().filter_map(|claim| claim.member).collect();
        in_members.extend(
            members
                .into_iter()
                .filter(|member| {
                    claims.iter().filter(|claim| claim.member == Some(*member)).all(|claim| claim.known == claim.count)
                })
                .map(|member| (member, id.clone())),
        );
        fresh.extend(claims.into_iter().filter(|claim| claim.known < claim.count).map(|claim| Fresh {
            report: index,
            key: claim.key,
            identifier: Arc::clone(&detection.identifier),
            severity: detection.severity,
            count: claim.count,
            known: claim.known,
            first: claim.first,
        }));
    }
    if let Some(finding) = report.finding.as_mut().filter(|_| !in_whole.is_empty()) {
        finding.accept(|detection| in_whole.contains(&detection.identifier.id));
    }
    for (number, member) in report.members.iter_mut().enumerate().filter(|_| !in_members.is_empty()) {
        if let Some(finding) = &mut member.finding {
            finding.accept(|detection| in_members.contains(&(number, detection.identifier.id.clone())));
        }
    }
}

/// The occurrences of a detection, in the object itself and in each file inside it.
fn claims(report: &ObjectReport, object: &str, detection: &Detection) -> Vec<Claim> {
    let id = &detection.identifier.id;
    let inside = report.members.iter().enumerate().filter_map(|(number, member)| {
        let found = member.finding.as_ref()?.detections.iter().find(|found| found.identifier.id == *id)?;
        let shown = report.name_of(Some(member));
        let name = format!("{object}{}", shown.strip_prefix(report.object.key.as_str()).unwrap_or_default());
        Some((number, name, found))
    });
    let inside: Vec<(usize, String, &Detection)> = inside.collect();
    let in_members: u64 = inside.iter().map(|(.., found)| found.count).sum();
    let own = detection.count.saturating_sub(in_members);
    let mut claims = Vec::new();
    let mut add = |member, object: &str, found: &Detection, count| {
        let places = Places::of(count, &found.occurrences, &found.columns);
        for (place, count) in places.counts {
            let first = found.occurrences.iter().find(|location| place.covers(&Place::of(location))).cloned();
            let key = Key { object: object.to_owned(), identifier: id.clone(), place };
            claims.push(Claim { member, key, count, known: 0, widened: places.widened, first });
        }
    };
    add(None, object, detection, own);
    for (number, name, found) in inside {
        add(Some(number), &name, found, found.count);
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{Counted, SeverityRule, Tally, build};
    use crate::model::{Category, Coverage, IdentifierKind, Member, ObjectInfo};
    use jiff::civil::date;

    const IDS: [&str; 2] = ["NAME", "SSN"];

    fn counted() -> Vec<Counted> {
        let of = |(id, severity): (&str, Severity)| Counted {
            identifier: Arc::new(IdentifierRef {
                kind: IdentifierKind::Managed,
                id: id.into(),
                name: id.into(),
                category: Category::PersonalInformation,
            }),
            severity: SeverityRule::Managed([severity; 3]),
        };
        IDS.into_iter().zip([Severity::Low, Severity::High]).map(of).collect()
    }

    /// What was found: identifier, column and count.
    fn tally(found: &[(usize, &str, u64)]) -> Tally {
        let mut tally = Tally::new([false; 2].into());
        for &(identifier, column, count) in found {
            for row in 2..2 + count {
                let sheet = None;
                tally.add(identifier, Location::Cell { row, column: 1, column_name: Some(column.into()), sheet });
            }
        }
        tally
    }

    fn report(key: &str, found: &[(usize, &str, u64)]) -> ObjectReport {
        ObjectReport {
            object: ObjectInfo { key: key.into(), ..ObjectInfo::default() },
            mime_type: "text/csv".into(),
            members: Vec::new(),
            size_classified: 1,
            coverage: Coverage::complete(),
            ignored: crate::model::Ignored::default(),
            finding: build(tally(found), &counted()),
        }
    }

    fn baseline(lines: &[&str]) -> Baseline {
        let entry = |line: &&str| {
            let words: Vec<&str> = line.split(' ').collect();
            let place = match words[1] {
                "*" => Place::Anywhere,
                column => Place::Column { sheet: None, column: super::super::ColumnRef::Name(column.into()) },
            };
            let key = Key { object: words[0].into(), identifier: words[2].into(), place };
            let expires = words.get(4).map(|day| day.parse().expect("a day"));
            Entry { key, count: words[3].parse().expect("a count"), expires, reason: None }
        };
        Baseline { entries: lines.iter().map(entry).collect() }
    }

    fn apply(baseline: &Baseline, folders: &[&str], reports: &mut [ObjectReport]) -> Comparison {
        let objects: Vec<String> = reports.iter().map(|report| report.object.key.clone()).collect();
        let folders: Vec<String> = folders.iter().map(|folder| (*folder).to_owned()).collect();
        let scope = Scope {
            objects: &objects,
            folders: &folders,
            looked_for: &|id| IDS.contains(&id),
            today: date(2027, 5, 1),
        };
        baseline.apply(scope, reports)
    }

    fn entries(baseline: &Baseline) -> Vec<String> {
        baseline.text().lines().skip(1).map(str::to_owned).collect()
    }

    #[test]
    fn what_is_known_is_accepted_and_what_is_not_keeps_severity_and_count() {
        let known = baseline(&["a.csv ssn SSN 3", "a.csv name NAME 1"]);
        let mut reports = [report("a.csv", &[(1, "ssn", 3), (0, "name", 2)]), report("b.csv", &[(1, "ssn", 3)])];
        let comparison = apply(&known, &[], &mut reports);
        let first = reports[0].active().unwrap();
        assert_eq!((first.severity, first.detections[0].count, first.accepted[0].count), (Severity::Low, 2, 3));
        assert_eq!(reports[1].active().unwrap().severity, Severity::High);
        let fresh: Vec<_> = comparison.fresh.iter().map(|new| (&*new.key.object, new.count, new.known)).collect();
        assert_eq!(fresh, [("a.csv", 2, 1), ("b.csv", 3, 0)]);
        assert_eq!(comparison.stale, []);
        assert_eq!(first.whole().detections.len(), 2);
    }

    #[test]
    fn all_accepted_is_no_active_finding() {
        let mut reports = [report("a.csv", &[(1, "ssn", 3)])];
        apply(&baseline(&["a.csv ssn SSN 5"]), &[], &mut reports);
        assert_eq!(reports[0].active(), None);
        let accepted = reports[0].finding.as_ref().unwrap().accepted().unwrap();
        assert!(accepted.archived && accepted.severity == Severity::High);
    }

    #[test]
    fn the_same_value_in_another_column_is_new_unless_the_entry_is_for_the_object() {
        let found = [(1, "ssn", 2), (1, "note", 1)];
        let mut reports = [report("a.csv", &found)];
        let comparison = apply(&baseline(&["a.csv ssn SSN 3"]), &[], &mut reports);
        assert_eq!(comparison.fresh.len(), 1);
        assert_eq!((comparison.fresh[0].count, comparison.fresh[0].known), (1, 0));
        assert_eq!(reports[0].active().unwrap().detections[0].count, 3);
        let mut reports = [report("a.csv", &found)];
        let comparison = apply(&baseline(&["a.csv * SSN 3"]), &[], &mut reports);
        assert_eq!((comparison, reports[0].active()), (Comparison::default(), None));
    }

    #[test]
    fn only_what_was_looked_at_and_looked_for_can_be_stale() {
        let known = baseline(&[
            "a.csv ssn SSN 3",
            "a.csv name NAME 1",
            "a.csv name PHONE 1",
            "b.csv ssn SSN 1",
            "sub/gone.csv ssn SSN 1",
            "../c.csv ssn SSN 1",
        ]);
        let stale = |folders: &[&str], coverage: Coverage| {
            let mut reports = [ObjectReport { coverage, ..report("a.csv", &[(1, "ssn", 2)]) }];
            let comparison = apply(&known, folders, &mut reports);
            let of = |stale: &Stale| (stale.entry.key.object.clone(), stale.reason);
            (comparison.stale.iter().map(of).collect::<Vec<_>>(), entries(&known.lowered(&comparison)).len())
        };
        let (none, two) = (StaleReason::Fewer(0), StaleReason::Fewer(2));
        let of_a = [("a.csv".to_owned(), none), ("a.csv".to_owned(), two)];
        assert_eq!(stale(&[], Coverage::complete()), (of_a.to_vec(), 5));
        let gone = [("b.csv".to_owned(), StaleReason::Gone), ("sub/gone.csv".to_owned(), StaleReason::Gone)];
        assert_eq!(stale(&[""], Coverage::complete()), ([of_a.to_vec(), gone.to_vec()].concat(), 3));
        assert_eq!(stale(&["sub"], Coverage::complete()), ([&of_a[..], &gone[1..]].concat(), 4));
        let partial = Coverage::partial(crate::model::Reason::MalformedFile, "cut off");
        assert_eq!(stale(&[], partial), (Vec::new(), 6));
    }

    #[test]
    fn an_expired_entry_counts_no_more_and_its_last_day_is_the_one_it_states() {
        let known = baseline(&["a.csv ssn SSN 3 2027-04-30", "b.csv ssn SSN 3 2027-05-01"]);
        let mut reports = [report("a.csv", &[(1, "ssn", 3)]), report("b.csv", &[(1, "ssn", 3)])];
        let comparison = apply(&known, &[], &mut reports);
        assert_eq!(comparison.expired, known.entries[..1]);
        assert!(reports[0].active().is_some() && reports[1].active().is_none());
        assert_eq!(known.lowered(&comparison), known);
        let clean = &mut [report("a.csv", &[])];
        assert_eq!(known.lowered(&apply(&known, &[], clean)).entries, known.entries[1..]);
        let raised = known.raised(&comparison, Some(date(2028, 1, 1)), Some("asked"));
        let expected = "{\"object\":\"a.csv\",\"column\":\"ssn\",\"identifier\":\"SSN\",\"count\":3,\"expires\":\"2028-01-01\",\"reason\":\"asked\"}";
        assert_eq!(entries(&raised)[0], expected);
        assert_eq!(entries(&raised).len(), 2);
    }

    #[test]
    fn files_inside_are_accepted_one_by_one() {
        let inside = |path: &str, found: &[(usize, &str, u64)]| Member {
            path: path.into(),
            mime_type: "text/csv".into(),
            size: 1,
            modified: None,
            coverage: Coverage::complete(),
            finding: build(tally(found), &counted()).map(Box::new),
        };
        let archive = || ObjectReport {
            members: vec![inside("x.csv", &[(1, "ssn", 2)]), inside("y.csv", &[(1, "ssn", 1)])],
            finding: build(tally(&[(1, "ssn", 3)]).counts(), &counted()),
            ..report("in/drop.zip", &[])
        };
        let mut reports = [archive()];
        let comparison = apply(&baseline(&["in/drop.zip!/x.csv ssn SSN 2"]), &[""], &mut reports);
        assert_eq!(comparison.fresh.len(), 1);
        assert_eq!(comparison.fresh[0].key.object, "in/drop.zip!/y.csv");
        assert_eq!(comparison.stale, []);
        let located = reports[0].located();
        assert_eq!(located.iter().map(|(member, _)| member.unwrap().path.as_str()).collect::<Vec<_>>(), ["y.csv"]);
        // Raised by what is new it accepts all of it, and nothing in it is stale.
        let raised = Baseline::default().raised(&apply(&Baseline::default(), &[], &mut [archive()]), None, None);
        let mut reports = [archive()];
        assert_eq!(apply(&raised, &[""], &mut reports), Comparison::default());
        assert_eq!((reports[0].active(), reports[0].located()), (None, Vec::new()));
    }
}
