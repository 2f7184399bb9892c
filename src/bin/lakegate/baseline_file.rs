//! A baseline in its file: read, written, applied, and what is said about it.

use crate::clock;
use anyhow::{Context, Result, bail};
use jiff::tz::TimeZone;
use lakegate::findings::baseline::{Baseline, Entry, Key};
use lakegate::findings::{ColumnRef, Comparison, Place, Scope, StaleReason};
use lakegate::model::ObjectReport;
use lakegate::outputs::{quoted, sanitize};
use lakegate::scan::Scanner;
use lakegate::sources::{self, ObjectNames};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Entries that are told one by one.
const TOLD: usize = 20;

/// A baseline and where it is.
pub struct BaselineFile {
    /// The file.
    pub path: PathBuf,
    /// What is accepted.
    pub baseline: Baseline,
}

/// How a baseline names what was scanned.
pub struct Names {
    /// The objects, in the order of the reports.
    pub objects: Vec<String>,
    /// The folders that were scanned with everything below them.
    pub folders: Vec<String>,
}

impl BaselineFile {
    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| {
            format!("reading the baseline {}; `lakegate baseline write` makes a new one", path.display())
        })?;
        let baseline = Baseline::parse(&text).with_context(|| format!("the baseline {}", path.display()))?;
        Ok(Self { path: path.to_owned(), baseline })
    }

    /// The folder that objects are named below.
    pub fn folder(path: &Path) -> PathBuf {
        let folder = path.parent().unwrap_or(Path::new(""));
        if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
    }

    /// True for the baseline's own file.
    pub fn is(&self, path: &Path) -> bool {
        path.file_name() == self.path.file_name()
            && path.canonicalize().is_ok_and(|path| self.path.canonicalize().is_ok_and(|own| own == path))
    }

    /// How the baseline names the entries of a walk over those paths.
    pub fn names(&self, paths: &[PathBuf], entries: &[sources::Entry]) -> Names {
        let mut names = ObjectNames::below(&Self::folder(&self.path));
        Names {
            objects: entries.iter().map(|entry| names.of_file(&entry.path)).collect(),
            folders: paths.iter().filter(|path| path.is_dir()).map(|path| names.of_folder(path)).collect(),
        }
    }

    /// Accepts in the reports what the baseline accepts.
    pub fn apply(&self, names: &Names, scanner: &Scanner, reports: &mut [ObjectReport]) -> Result<Comparison> {
        let scope = Scope {
            objects: &names.objects,
            folders: &names.folders,
            looked_for: &|id| scanner.looks_for(id),
            today: clock::now()?.to_zoned(TimeZone::UTC).date(),
        };
        Ok(self.baseline.apply(scope, reports))
    }

    /// Writes the file, all of it or nothing. False when it says so already.
    pub fn write(&self) -> Result<bool> {
        let text = self.baseline.text();
        // A link to the file stays one.
        let path = self.path.canonicalize().unwrap_or_else(|_| self.path.clone());
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            return Ok(false);
        }
        if path.is_dir() {
            bail!("{}: is a folder; --file names the baseline's file", path.display());
        }
        let written = new_file(&Self::folder(&path)).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|error| error.error)
        });
        written.with_context(|| format!("writing the baseline {}", path.display()))?;
        Ok(true)
    }
}

/// A new file in the folder, with the permissions that new files have.
fn new_file(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".lakegate-");
    #[cfg(unix)]
    let permissions: fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(permissions);
    builder.tempfile_in(folder)
}

/// Says what has grown, what is stale and what has expired; nothing if nothing has.
pub fn tell(path: &Path, comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let file = sanitize(&path.display().to_string()).into_owned();
    let grown: Vec<String> = comparison
        .fresh
        .iter()
        .filter(|fresh| fresh.known > 0)
        .map(|fresh| format!("{}: {} found, {} of them accepted", about(&fresh.key), fresh.count, fresh.known))
        .collect();
    list(out, &format!("More than {file} accepts"), &grown)?;
    let stale: Vec<String> = comparison
        .stale
        .iter()
        .map(|stale| match stale.reason {
            StaleReason::Gone => format!("{}: the file is no more", about(&stale.entry.key)),
            StaleReason::Fewer(found) => {
                format!("{}: {} accepted, {found} found", about(&stale.entry.key), stale.entry.count)
            }
        })
        .collect();
    let update = format!("`lakegate baseline update --file {}` lowers it", quoted(&file));
    list(out, &format!("{file} accepts more than is there; {update}"), &stale)?;
    let since = |entry: &Entry| entry.expires.map_or_else(String::new, |day| format!(": until {day}"));
    let expired: Vec<String> =
        comparison.expired.iter().map(|entry| format!("{}{}", about(&entry.key), since(entry))).collect();
    list(out, &format!("Expired in {file}"), &expired)
}

fn list(out: &mut dyn Write, title: &str, lines: &[String]) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "{title}:")?;
    for line in lines.iter().take(TOLD) {
        writeln!(out, "  {line}")?;
    }
    if let Some(more) = lines.len().checked_sub(TOLD).filter(|more| *more > 0) {
        writeln!(out, "  and {more} more")?;
    }
    Ok(())
}

/// What an entry is about, in words.
pub fn about(key: &Key) -> String {
    let place = match &key.place {
        Place::Anywhere => String::new(),
        Place::Path(path) if path.is_empty() => ", a path that is withheld".to_owned(),
        Place::Path(path) => format!(", {path}"),
        Place::Column { sheet, column } => {
            let sheet = sheet.as_ref().map_or_else(String::new, |sheet| format!(" of {sheet}"));
            match column {
                ColumnRef::Name(name) => format!(", column {name}{sheet}"),
                ColumnRef::Number(number) => format!(", column {number}{sheet}"),
            }
        }
    };
    sanitize(&format!("{}{place}, {}", key.object, key.identifier)).into_owned()
}
