//! `lakegate run`: plays what rules and a stack would do with what a scan finds.

mod account;
mod setup;

use crate::args::RunArgs;
use crate::exit::Exit;
use crate::output::{name_settings, summarise};
use crate::progress::Bar;
use account::{Account, Done};
use anyhow::{Context, Result};
use lakegate::actions::isolate::{Fate, Recipients, Request, Settings, finish, isolate};
use lakegate::actions::{Action, ActionLog, Announced, Delivery, route};
use lakegate::model::ObjectReport;
use lakegate::outputs::{RunContext, event};
use lakegate::sources::{Entry, walk};
use setup::Setup;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;
use std::time::Instant;

/// Runs the subcommand.
pub fn run(args: &RunArgs) -> Result<Exit> {
    let setup = Setup::of(args)?;
    let mut log = if args.dry_run { None } else { Some(open_log(&args.action_log)?) };
    if !args.dry_run {
        // What an interrupted run has left undone is finished first, so that the scan meets nothing half moved.
        for folder in setup.isolation_folders(args) {
            finish(folder, setup.at, &())?;
        }
    }
    let (found, complete) = scan(args, &setup)?;
    let events: Vec<Announced> = found.iter().map(|found| found.announced.clone()).collect();
    let deliveries = route(&events, &setup.rules, &setup.targets);
    let mut outcomes: Vec<Option<Done>> = deliveries.iter().map(|delivery| carry_out(args, delivery)).collect();
    move_objects(args, &setup, &found, &deliveries, &mut outcomes)?;
    let account = Account::new(&events, &deliveries, &outcomes, args.dry_run);
    if let Some(log) = &mut log {
        for (delivery, done) in account.lines() {
            log.add(setup.at, delivery, done.good, &done.words)
                .with_context(|| format!("writing to the action log {}", args.action_log.display()))?;
        }
    }
    account.write(&mut io::stdout().lock())?;
    Ok(if complete && account.is_good() { Exit::Done } else { Exit::Incomplete })
}

fn open_log(path: &Path) -> Result<ActionLog> {
    ActionLog::open(path).with_context(|| format!("opening the action log {}", path.display()))
}

/// An object with a finding.
struct FoundObject {
    announced: Announced,
    request: Option<Request>,
}

/// Scans the buckets one after the other; what is found comes in the order of the buckets and of the keys in each. Says also whether
/// every object was fully analysed.
fn scan(args: &RunArgs, setup: &Setup) -> Result<(Vec<FoundObject>, bool)> {
    let listed: Vec<Vec<Entry>> = setup.buckets.iter().map(|(_, folder)| walk(&[folder])).collect();
    let entries = || listed.iter().flatten();
    let size = entries().map(|entry| entry.size).sum();
    let bar = Bar::new(size, entries().count() as u64, args.work.shows_progress());
    let started = Instant::now();
    let mut found = Vec::new();
    let mut reports: Vec<ObjectReport> = Vec::new();
    for ((bucket, folder), entries) in setup.buckets.iter().zip(&listed) {
        let context = setup.context(args, bucket);
        let (scanned, fingerprints) =
            setup.scanner.scan_and_fingerprint(entries, "", args.work.threads(), &bar, None)?;
        for ((report, entry), fingerprint) in scanned.iter().zip(entries).zip(fingerprints) {
            if let Some(event) = event::event(&context, report) {
                let request = Request::of_report(&context, report, entry, folder, fingerprint);
                found.push(FoundObject { announced: Announced::new(event)?, request });
            }
        }
        reports.extend(scanned);
    }
    let elapsed = started.elapsed();
    bar.finish();
    if !args.work.quiet {
        summarise(&reports, elapsed, false)?;
        name_settings(&args.settings)?;
    }
    Ok((found, !reports.iter().any(|report| report.coverage.incomplete())))
}

/// Messages and programs; `None` for isolation, which comes after all of them.
fn carry_out(args: &RunArgs, delivery: &Delivery<'_>) -> Option<Done> {
    if args.dry_run { Done::would(delivery) } else { delivery.carry_out().map(Done::from) }
}

/// Moves the objects that some delivery isolates, each once, and notes the outcome for all deliveries that do.
fn move_objects(
    args: &RunArgs,
    setup: &Setup,
    found: &[FoundObject],
    deliveries: &[Delivery<'_>],
    outcomes: &mut [Option<Done>],
) -> Result<()> {
    let mut wanted: BTreeMap<(&Path, &str), Vec<usize>> = BTreeMap::new();
    for (number, delivery) in deliveries.iter().enumerate() {
        if let Action::Isolate(to) = delivery.action
            && let Some(to) = to.as_deref().or(args.to.as_deref())
        {
            wanted.entry((to, delivery.announced.bucket())).or_default().push(number);
        }
    }
    let recipients = Recipients::default();
    let settings = Settings { recipients: &recipients, at: setup.at, dry_run: args.dry_run, witness: &() };
    for ((to, _), numbers) in wanted {
        let requests: Vec<Request> =
            numbers.iter().filter_map(|number| found[deliveries[*number].number].request.clone()).collect();
        let fates: HashMap<String, Fate> =
            isolate(to, &requests, &settings)?.into_iter().map(|outcome| (outcome.key, outcome.fate)).collect();
        for number in numbers {
            outcomes[number] = fates.get(deliveries[number].announced.key()).map(Done::from);
        }
    }
    Ok(())
}

impl Setup {
    /// What events of this bucket have in common.
    fn context(&self, args: &RunArgs, bucket: &str) -> RunContext {
        let settings = format!("{:?} {:?} {:?}", args.choice.managed, args.choice.exclude_managed, self.buckets);
        RunContext {
            account_id: args.account.clone(),
            region: args.region.clone(),
            bucket: bucket.to_owned(),
            created_at: self.at,
            job_id: RunContext::job_id(&settings, self.at),
        }
    }

    /// Every folder that a rule moves objects to.
    fn isolation_folders<'a>(&'a self, args: &'a RunArgs) -> Vec<&'a Path> {
        let mut folders: Vec<&Path> = self.isolations(args).filter_map(|(_, to)| to).collect();
        folders.sort_unstable();
        folders.dedup();
        folders
    }
}
