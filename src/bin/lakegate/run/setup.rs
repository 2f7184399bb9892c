//! Everything that a run needs, checked before anything is scanned or moved.

use crate::args::RunArgs;
use crate::{clock, config};
use anyhow::{Result, anyhow, bail};
use jiff::Timestamp;
use lakegate::actions::isolate::check_apart;
use lakegate::actions::{Action, EventRule, Home, TargetMap, rule_load};
use lakegate::config::Config;
use lakegate::identifiers::custom_load;
use lakegate::outputs::RunContext;
use lakegate::scan::Scanner;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Where an event names the bucket.
const BUCKET_NAME: &str = "detail.resourcesAffected.s3Bucket.name";

/// What a run does with which objects.
pub struct Setup {
    /// When it began.
    pub at: Timestamp,
    /// Rules, those of files first.
    pub rules: Vec<EventRule>,
    /// What stands for their targets.
    pub targets: TargetMap,
    /// Buckets by name, with the folders that stand for them.
    pub buckets: Vec<(String, PathBuf)>,
    /// What looks for sensitive data.
    pub scanner: Scanner,
}

impl Setup {
    /// Reads and checks everything.
    pub fn of(args: &RunArgs) -> Result<Self> {
        let at = clock::now()?;
        let home = home(args, at);
        let config = settings(args, &home)?;
        let files: Vec<PathBuf> = args.template.iter().chain(&args.rules).cloned().collect();
        let loaded = rule_load::load(&files, &home)?;
        let mut rules = loaded.rules.clone();
        rules.extend(config.rules);
        if rules.is_empty() {
            bail!("there are no event rules: give --template, --rules, or rules: in lakegate.yaml");
        }
        let mut names = HashSet::new();
        if let Some(twice) = rules.iter().find(|rule| !names.insert(rule.name.as_str())) {
            bail!("the rule {:?} is given twice; every rule has its own name", twice.name);
        }
        let mut targets = config.targets;
        targets.add_stacks(&loaded);
        for (name, action) in &args.target {
            TargetMap::known(name, &rules).map_err(|reason| anyhow!("--target {name}: {reason}"))?;
            targets.set(name.clone(), action.clone());
        }
        targets.check(&rules)?;
        let buckets = buckets(args, &loaded.buckets, &rules)?;
        let mut identifiers = loaded.identifiers;
        for other in custom_load::load(&args.choice.identifiers)? {
            if identifiers.iter().any(|own| own.name == other.name || own.id == other.id) {
                bail!("the identifier {:?} is given twice, in a template and with --identifiers", other.name);
            }
            identifiers.push(other);
        }
        let scanner = args.choice.builder().custom(identifiers).build()?;
        if scanner.identifier_count() == 0 {
            bail!("no identifier is left to look for: give --identifiers or other --managed");
        }
        let setup = Self { at, rules, targets, buckets, scanner };
        for (rule, to) in setup.isolations(args) {
            let Some(to) = to else {
                bail!("the rule {} isolates objects: give the isolation folder with --to DIR", rule.name);
            };
            for (_, folder) in &setup.buckets {
                check_apart(to, folder)?;
            }
        }
        Ok(setup)
    }

    /// The rules that isolate, each with the folder that objects move to, if one is given.
    pub fn isolations<'a>(&'a self, args: &'a RunArgs) -> impl Iterator<Item = (&'a EventRule, Option<&'a Path>)> {
        let targets = |rule: &'a EventRule| rule.targets.iter().map(move |target| (rule, target));
        self.rules.iter().filter(|rule| rule.enabled).flat_map(targets).filter_map(|(rule, target)| {
            match self.targets.action(&target.address) {
                Some(Action::Isolate(to)) => Some((rule, to.as_deref().or(args.to.as_deref()))),
                _ => None,
            }
        })
    }
}

fn home(args: &RunArgs, at: Timestamp) -> Home {
    let context = RunContext {
        account_id: args.account.clone(),
        region: args.region.clone(),
        bucket: String::new(),
        created_at: at,
        job_id: String::new(),
    };
    Home { account: context.account_id.clone(), partition: context.partition().to_owned(), region: context.region }
}

fn settings(args: &RunArgs, home: &Home) -> Result<Config> {
    Ok(match &args.settings.config {
        Some(file) => config::read(file, home)?,
        None => Config::default(),
    })
}

/// The buckets by name. A bucket of the template may be given by its logical id; one that a rule names must be given.
fn buckets(args: &RunArgs, declared: &[(String, String)], rules: &[EventRule]) -> Result<Vec<(String, PathBuf)>> {
    let mut buckets: Vec<(String, PathBuf)> = Vec::new();
    for (name, folder) in &args.bucket {
        if !folder.is_dir() {
            bail!("--bucket {name}={}: there is no such folder", folder.display());
        }
        let real = declared.iter().find(|(logical_id, _)| logical_id == name).map_or(name, |(_, real)| real);
        if buckets.iter().any(|(other, _)| other == real) {
            bail!("--bucket {name}: this bucket is given twice");
        }
        buckets.push((real.clone(), folder.clone()));
    }
    for rule in rules.iter().filter(|rule| rule.enabled) {
        for wanted in rule.pattern.exact_texts(BUCKET_NAME) {
            if !buckets.iter().any(|(name, _)| name == wanted) {
                bail!(
                    "the rule {} wants events of the bucket {wanted}, and no folder stands for it: give --bucket {wanted}=DIR",
                    rule.name
                );
            }
        }
    }
    Ok(buckets)
}
