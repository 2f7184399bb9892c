//! `lakegate isolate`, `lakegate restore`, and what `lakegate scan` isolates.

use crate::args::{EncryptionArgs, IsolateAfterScan, IsolateArgs, RestoreArgs};
use crate::exit::Exit;
use crate::{clock, config};
use anyhow::{Context, Result, bail};
use lakegate::actions::isolate::{
    Found, Identities, Outcome, Recipients, Request, RestoreSettings, Settings, check_apart, finish, isolate, restore,
};
use lakegate::actions::pattern::Event;
use lakegate::actions::{EventRule, rule_load};
use lakegate::config::{Config, FILE_NAMES};
use lakegate::model::{Fingerprint, ObjectReport, Severity};
use lakegate::outputs::{RunContext, sanitize};
use lakegate::sources::Entry;
use serde_json::Value;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Runs `isolate`.
pub fn run(args: &IsolateArgs) -> Result<Exit> {
    let recipients = recipients(&args.encryption)?;
    let name = args.findings.display();
    let text = read(&args.findings).with_context(|| format!("reading the findings in {name}"))?;
    let mut found = match &args.rule {
        Some(name) => {
            let rule = rule(args, name)?;
            Found::wanted(&text, |event| wants(&rule, event))
        }
        None => Found::all(&text),
    }
    .with_context(|| format!("reading the findings in {name}"))?;
    if args.rule.is_none() {
        found.retain(|found| found.severity >= args.severity.least());
    }
    if let Some(bucket) = &args.bucket {
        found.retain(|found| found.finding.bucket == *bucket);
    }
    let buckets = Found::buckets(&found);
    if buckets.len() > 1 {
        let names = buckets.into_iter().collect::<Vec<_>>().join(", ");
        bail!("{name} has findings of several buckets ({names}); choose with --bucket whose files are in --source");
    }
    if !args.source.is_dir() {
        bail!("{}: no such folder", args.source.display());
    }
    check_apart(&args.to, &args.source)?;
    let requests = Found::requests(&found, &args.source, &args.key_prefix);
    let settings = Settings { recipients: &recipients, at: clock::now()?, dry_run: args.dry_run, witness: &() };
    let outcomes = isolate(&args.to, &requests, &settings)?;
    print(&outcomes)?;
    Ok(exit(&outcomes))
}

/// Runs `restore`.
pub fn run_restore(args: &RestoreArgs) -> Result<Exit> {
    let mut identities = Identities::default();
    for file in &args.identity {
        identities.add_file(file)?;
    }
    let settings = RestoreSettings { identities: &identities, at: clock::now()?, witness: &() };
    let outcomes = restore(&args.manifest, &args.keys, &settings)?;
    print(&outcomes)?;
    Ok(exit(&outcomes))
}

/// The rule of this name, of the files that were given or of the settings.
fn rule(args: &IsolateArgs, name: &str) -> Result<EventRule> {
    let home = config::home();
    let rules = if args.rules.is_empty() {
        let folder = std::env::current_dir().context("looking for lakegate.yaml")?;
        let file = Config::file_for(&folder)?.with_context(|| {
            format!("there is no {} here or above; say with --rules where {name:?} is", FILE_NAMES[0])
        })?;
        config::read(&file, &home)?.rules
    } else {
        rule_load::load(&args.rules, &home)?.rules
    };
    let names = rules.iter().map(|rule| rule.name.as_str()).collect::<Vec<_>>().join(", ");
    match rules.into_iter().find(|rule| rule.name == name) {
        Some(rule) if rule.enabled => Ok(rule),
        Some(_) => bail!("the rule {name:?} is switched off"),
        None => bail!("there is no rule {name:?}; there are: {names}"),
    }
}

fn wants(rule: &EventRule, event: &Value) -> Result<bool, String> {
    if event.get("detail").is_none() {
        return Err("rules judge events, and this is none; scan with --format events".to_owned());
    }
    Event::parse(&event.to_string()).map(|event| rule.pattern.matches(&event)).map_err(|error| error.to_string())
}

fn read(path: &Path) -> io::Result<String> {
    if path != Path::new("-") {
        return fs::read_to_string(path);
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    Ok(text)
}

fn recipients(args: &EncryptionArgs) -> Result<Recipients> {
    let mut recipients = Recipients::default();
    for recipient in &args.age_recipient {
        recipients.add(recipient).context("--age-recipient")?;
    }
    for file in &args.age_recipients_file {
        recipients.add_file(file).context("--age-recipients-file")?;
    }
    Ok(recipients)
}

fn exit(outcomes: &[Outcome]) -> Exit {
    if outcomes.iter().all(|outcome| outcome.fate.is_good()) { Exit::Done } else { Exit::Incomplete }
}

/// Says what became of each file: on standard output what went well, on standard error the rest.
fn print(outcomes: &[Outcome]) -> Result<()> {
    let (mut out, mut error) = (io::stdout().lock(), io::stderr().lock());
    for outcome in outcomes {
        if outcome.fate.is_good() { writeln!(out, "{}", line(outcome))? } else { writeln!(error, "{}", line(outcome))? }
    }
    if outcomes.is_empty() {
        writeln!(error, "There was nothing to do.")?;
    }
    Ok(())
}

fn line(outcome: &Outcome) -> String {
    sanitize(&format!("{}: {}", outcome.key, outcome.fate)).into_owned()
}

/// What is to be isolated after a scan.
pub struct AfterScan {
    to: PathBuf,
    least: Severity,
    recipients: Recipients,
}

impl AfterScan {
    /// Checks the options before anything is scanned, and finishes what an interrupted run has left undone, so that the scan meets
    /// nothing half moved. `None` when nothing is to be isolated.
    pub fn prepare(args: &IsolateAfterScan, scanned: &[PathBuf]) -> Result<Option<Self>> {
        let recipients = recipients(&args.encryption)?;
        let Some(to) = &args.isolate_to else {
            if !recipients.is_empty() {
                bail!("age recipients are for isolated copies: give --isolate-to as well");
            }
            return Ok(None);
        };
        for folder in scanned.iter().filter(|path| path.is_dir()) {
            check_apart(to, folder)?;
        }
        let outcomes = finish(to, clock::now()?, &())?;
        report(&outcomes, to, false)?;
        Ok(Some(Self { to: to.clone(), least: args.isolate_at.least(), recipients }))
    }

    /// Moves the files of findings that are severe enough; says whether all of them were. `scanned` has what was scanned below
    /// `paths`.
    pub fn isolate<'s>(
        &self,
        context: &RunContext,
        paths: &[PathBuf],
        scanned: impl Iterator<Item = (&'s Entry, (&'s ObjectReport, Option<Fingerprint>))>,
        quiet: bool,
    ) -> Result<bool> {
        let is_severe = |report: &ObjectReport| report.active().is_some_and(|finding| finding.severity >= self.least);
        let severe = scanned.filter(|(_, (report, _))| is_severe(report));
        let requests: Vec<Request> = severe
            .filter_map(|(entry, (report, fingerprint))| {
                Request::of_report(context, report, entry, paths.get(entry.root)?, fingerprint)
            })
            .collect();
        let settings = Settings { recipients: &self.recipients, at: context.created_at, dry_run: false, witness: &() };
        let outcomes = isolate(&self.to, &requests, &settings)?;
        report(&outcomes, &self.to, quiet)?;
        Ok(outcomes.iter().all(|outcome| outcome.fate.is_good()))
    }
}

/// Says on standard error how many files were isolated, and what is wrong with the others.
fn report(outcomes: &[Outcome], to: &Path, quiet: bool) -> Result<()> {
    let mut error = io::stderr().lock();
    let bad: Vec<&Outcome> = outcomes.iter().filter(|outcome| !outcome.fate.is_good()).collect();
    if !quiet && !outcomes.is_empty() {
        let (moved, all) = (outcomes.len() - bad.len(), outcomes.len());
        let to = to.display().to_string();
        writeln!(error, "Isolated {moved} of {all} files in {}", sanitize(&to))?;
    }
    for outcome in bad {
        writeln!(error, "  {}", line(outcome))?;
    }
    Ok(())
}
