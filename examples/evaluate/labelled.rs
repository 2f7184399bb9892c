//! Running text with labelled spans.

use super::data::SharedData;
use super::explanations::Explanations;
use super::page::Page;
use super::score::{Score, percent};
use lakegate::engine::Engine;
use lakegate::identifiers::keyword_index::Place;
use lakegate::scan::Scanner;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};

#[derive(Deserialize)]
struct Record {
    text: String,
    spans: Vec<Span>,
    entity: Option<String>,
}

#[derive(Deserialize)]
struct Span {
    start: usize,
    end: usize,
    label: String,
    macie: Option<String>,
    valid: Option<bool>,
}

#[derive(Default)]
struct Counts {
    score: Score,
    /// Labelled, but its check digit or range is not valid, and passed over.
    invalid: u64,
    /// Missed although a keyword stands near.
    missed_with_keyword: u64,
}

const SETS: [&str; 3] = ["presidio-research.jsonl", "pii-anon-eval.jsonl.gz", "stt-transcripts.jsonl"];

/// Characters within which a keyword counts in running text.
const NEAR: usize = 30;

/// Writes the section on labelled text.
pub fn report(
    data: &SharedData,
    scanner: &Scanner,
    explanations: &Explanations,
    page: &mut Page,
) -> anyhow::Result<()> {
    page.heading("Labelled text");
    page.line(
        "A report is right when it overlaps a span that is labelled with its identifier; one that overlaps a span of the same kind \
         which the labels give no identifier (a first name alone, a street without a number) or another country's identifier of the same kind (a passport of no stated country) counts neither way. Most of these \
         identifiers need a keyword near the value, of which the labels know nothing: \"missed with keyword\" are the misses that \
         have one within 30 characters. \"Invalid\" are labelled values that break their own check digit or range, and are passed \
         over.\n",
    );
    for set in SETS {
        let records: Vec<Record> = data.lines(&format!("labelled/{set}"))?;
        let counts = measure(scanner.engine(), &records);
        page.line(&format!("### {set}\n"));
        let rows: Vec<[String; 8]> = counts
            .iter()
            .map(|(id, counts)| {
                let Counts { score, invalid, missed_with_keyword } = counts;
                [
                    id.clone(),
                    (score.right + score.missed).to_string(),
                    invalid.to_string(),
                    percent(score.precision()),
                    percent(score.recall()),
                    percent(score.f1()),
                    score.wrong.to_string(),
                    missed_with_keyword.to_string(),
                ]
            })
            .collect();
        page.table(
            ["identifier", "labelled", "invalid", "precision", "recall", "F1", "wrong", "missed with keyword"],
            &rows,
        );
        page.line(&format!("{}\n", explanations.of_texts(set)));
    }
    recognizer_cases(data, scanner.engine(), page)
}

fn measure(engine: &Engine, records: &[Record]) -> BTreeMap<String, Counts> {
    let mut kinds: HashMap<&str, HashSet<&str>> = HashMap::new();
    for span in records.iter().flat_map(|record| &record.spans) {
        if let Some(id) = &span.macie {
            kinds.entry(id).or_default().insert(&span.label);
        }
    }
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    for record in records {
        let bytes: Vec<usize> = record.text.char_indices().map(|(byte, _)| byte).chain([record.text.len()]).collect();
        let range = |span: &Span| bytes[span.start]..bytes[span.end];
        let found = engine.inspect(None, &record.text);
        // Card numbers with and without a keyword are two identifiers of one thing.
        let id_of = |index: usize| engine.managed.identifiers[index].reference.id.trim_end_matches("_(NO_KEYWORD)");
        for (index, place) in &found {
            let id = id_of(*index);
            let overlapped: Vec<&Span> = record
                .spans
                .iter()
                .filter(|span| range(span).start < place.end && place.start < range(span).end)
                .collect();
            let same = overlapped.iter().any(|span| span.macie.as_deref() == Some(id));
            let same_kind = overlapped.iter().any(|span| is_same_kind(&span.label, id));
            let akin = kinds.get(id).is_some_and(|kinds| {
                overlapped.iter().any(|span| span.macie.is_none() && kinds.contains(span.label.as_str()))
            });
            if !same && !akin && !same_kind {
                counts.entry(id.to_string()).or_default().score.wrong += 1;
            }
        }
        for span in &record.spans {
            let Some(id) = span.macie.as_deref() else { continue };
            let place = range(span);
            let hit = found
                .iter()
                .any(|(index, found)| id_of(*index) == id && found.start < place.end && place.start < found.end);
            let counts = counts.entry(id.to_string()).or_default();
            match (hit, span.valid) {
                (true, _) => counts.score.right += 1,
                (false, Some(false)) => counts.invalid += 1,
                (false, _) => {
                    counts.score.missed += 1;
                    counts.missed_with_keyword += u64::from(has_keyword_near(engine, id, &record.text, &place));
                }
            }
        }
    }
    counts
}

/// Words that a label and an identifier share when they are of the same kind, whatever the country.
const KINDS: [&str; 6] = ["PASSPORT", "PHONE", "LICENSE", "CREDIT_CARD", "TAX", "BANK_ACCOUNT"];

fn is_same_kind(label: &str, id: &str) -> bool {
    KINDS.iter().any(|kind| label.contains(kind) && id.contains(kind))
}

fn has_keyword_near(engine: &Engine, id: &str, text: &str, place: &std::ops::Range<usize>) -> bool {
    let mut hits = Vec::new();
    engine.managed.keywords.find_in(text, Place::Text, &mut hits);
    hits.iter().any(|hit| {
        let belongs = |index: &u16| engine.managed.identifiers[usize::from(*index)].reference.id == id;
        let gap = if hit.end <= place.start {
            &text[hit.end..place.start]
        } else if place.end <= hit.start {
            &text[place.end..hit.start]
        } else {
            return false;
        };
        engine.managed.keywords.identifiers(hit.keyword).iter().any(belongs) && gap.chars().count() <= NEAR
    })
}

fn recognizer_cases(data: &SharedData, engine: &Engine, page: &mut Page) -> anyhow::Result<()> {
    #[derive(Deserialize)]
    struct LabelMap {
        labels: HashMap<String, String>,
    }
    let labels = data.json::<LabelMap>("labelled/label-map.json")?.labels;
    let records: Vec<Record> = data.lines("labelled/presidio-recognizer-cases.jsonl")?;
    let mut counts: BTreeMap<String, [u64; 4]> = BTreeMap::new();
    for record in &records {
        let Some(entity) = &record.entity else { continue };
        let labelled = record.spans.iter().find_map(|span| span.macie.clone());
        let Some(id) = labelled.clone().or_else(|| labels.get(entity).cloned()) else { continue };
        let found = engine
            .inspect(None, &record.text)
            .iter()
            .any(|(index, _)| engine.managed.identifiers[*index].reference.id == id);
        let counts = counts.entry(id).or_default();
        let offset = if labelled.is_some() { 0 } else { 2 };
        counts[offset] += 1;
        counts[offset + 1] += u64::from(found);
    }
    page.line("### presidio-recognizer-cases.jsonl\n");
    page.line("Short cases of one recognizer each, most of them a bare value without the keyword that Macie needs.\n");
    let rows: Vec<[String; 5]> = counts
        .iter()
        .map(|(id, counts)| {
            let [positives, found, negatives, reported] = counts.map(|count| count.to_string());
            [id.clone(), positives, found, negatives, reported]
        })
        .collect();
    page.table(["identifier", "positives", "found", "negatives", "reported"], &rows);
    Ok(())
}
