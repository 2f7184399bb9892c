//! Clinical documents: FHIR bundles (JSON) and C-CDA documents (XML).

use super::data::SharedData;
use super::page::Page;
use lakegate::model::ObjectInfo;
use lakegate::scan::Scanner;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Truth {
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(rename = "type")]
    kind: String,
    macie: Option<String>,
    #[serde(default = "one")]
    count: u64,
}

fn one() -> u64 {
    1
}

/// Kinds that are only pieces of what their identifier looks for.
const PIECES: [&str; 4] = ["name_part", "address_part", "latitude", "longitude"];

/// Writes the section on clinical documents.
pub fn report(data: &SharedData, scanner: &Scanner, page: &mut Page) -> anyhow::Result<()> {
    page.heading("Clinical documents");
    page.line(
        "Occurrences beside the items that the truth lists. It lists structured fields only: names in narrative text, in attachments \
         and in references without a title are reported and not listed, so more reports than items are no false alarms by \
         themselves. Pieces (a family name, a postal code) are left out. In FHIR a number's kind stands beside it, not in the path that \
         leads to it, so keywords are missing for phone and Social Security numbers; in C-CDA each part of a name or address has an \
         element of its own, which running text does not put together.\n",
    );
    for folder in ["synthea-fhir", "ccda"] {
        let truth: BTreeMap<String, Truth> = data.json(&format!("{folder}/truth.json"))?;
        let mut counts: BTreeMap<(String, String), [u64; 2]> = BTreeMap::new();
        for (file, truth) in &truth {
            for item in truth.items.iter().filter(|item| !PIECES.contains(&item.kind.as_str())) {
                if let Some(id) = &item.macie {
                    counts.entry((file.clone(), id.clone())).or_default()[0] += item.count;
                }
            }
            let content = data.bytes(&format!("{folder}/{file}"))?;
            let object = ObjectInfo { key: file.clone(), size: content.len() as u64, ..ObjectInfo::default() };
            let report = scanner.scan_object(object, content.as_slice());
            for detection in report.finding.iter().flat_map(|finding| &finding.detections) {
                counts.entry((file.clone(), detection.identifier.id.clone())).or_default()[1] += detection.count;
            }
        }
        page.line(&format!("### {folder}\n"));
        let rows: Vec<[String; 4]> = counts
            .into_iter()
            .map(|((file, id), [listed, reported])| [file, id, listed.to_string(), reported.to_string()])
            .collect();
        page.table(["file", "identifier", "listed", "reported"], &rows);
    }
    Ok(())
}
