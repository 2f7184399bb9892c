//! What a run did, told for people: for each object the rules that wanted it, and what came of each.

use anyhow::Result;
use lakegate::actions::isolate::Fate;
use lakegate::actions::{Action, Announced, Delivery, Outcome, Outlet};
use lakegate::outputs::sanitize;
use std::io::Write;
use std::path::Path;

/// What came of a delivery, in words.
pub struct Done {
    /// Whether what was to be done is done.
    pub good: bool,
    /// What happened.
    pub words: String,
    /// The message, if it goes to standard output.
    message: Option<String>,
}

impl Done {
    /// What would be done; `None` for isolation, about which the isolation folder is asked.
    pub fn would(delivery: &Delivery<'_>) -> Option<Self> {
        let (words, message) = match delivery.action {
            Action::Isolate(_) => return None,
            Action::Ignore => ("would be ignored".to_owned(), None),
            Action::Exec(program) => (format!("would run {}", program.command.join(" ")), None),
            Action::Notify(Outlet::Standard) => ("would say".to_owned(), Some(delivery.input())),
            Action::Notify(Outlet::File(path)) => {
                (format!("would write to {}", path.display()), Some(delivery.input()))
            }
            Action::Notify(Outlet::Program(program)) => {
                (format!("would pass to {}", program.command.join(" ")), Some(delivery.input()))
            }
        };
        Some(Self { good: true, words, message })
    }
}

impl From<Outcome> for Done {
    fn from(outcome: Outcome) -> Self {
        let (good, words) = (outcome.is_good(), outcome.to_string());
        let message = if let Outcome::Message(message) = outcome { Some(message) } else { None };
        Self { good, words, message }
    }
}

impl From<&Fate> for Done {
    fn from(fate: &Fate) -> Self {
        let words = match fate {
            Fate::Isolated(path) => format!("isolated in {}", from_here(path)),
            Fate::AlreadyIsolated(path) => format!("already isolated in {}", from_here(path)),
            other => other.to_string(),
        };
        Self { good: fate.is_good(), words, message: None }
    }
}

/// A path as it is from the working directory, if it is below it.
fn from_here(path: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}

/// The account of a run.
pub struct Account<'a> {
    events: &'a [Announced],
    deliveries: &'a [Delivery<'a>],
    outcomes: &'a [Option<Done>],
    dry_run: bool,
}

impl<'a> Account<'a> {
    /// What came of each delivery of these events.
    pub fn new(
        events: &'a [Announced],
        deliveries: &'a [Delivery<'a>],
        outcomes: &'a [Option<Done>],
        dry_run: bool,
    ) -> Self {
        Self { events, deliveries, outcomes, dry_run }
    }

    /// The deliveries with what came of them.
    pub fn lines(&self) -> impl Iterator<Item = (&'a Delivery<'a>, &'a Done)> {
        self.deliveries.iter().zip(self.outcomes).filter_map(|(delivery, done)| Some((delivery, done.as_ref()?)))
    }

    /// Whether everything that was to be done is done.
    pub fn is_good(&self) -> bool {
        self.lines().count() == self.deliveries.len() && self.lines().all(|(_, done)| done.good)
    }

    /// Writes the account.
    pub fn write(&self, out: &mut dyn Write) -> Result<()> {
        for (number, announced) in self.events.iter().enumerate() {
            let about = format!(
                "s3://{}/{}: {}, {}",
                announced.bucket(),
                announced.key(),
                announced.severity(),
                announced.text("/title")
            );
            writeln!(out, "{}", sanitize(&about))?;
            let mut own = self.lines().filter(|(delivery, _)| delivery.number == number).peekable();
            if own.peek().is_none() {
                writeln!(out, "  no rule wants this event")?;
            }
            for (delivery, done) in own {
                let (rule, target, action) = (&delivery.rule.name, delivery.target.address.name(), delivery.action);
                writeln!(out, "  {}", sanitize(&format!("{rule} -> {target}: {action}: {}", done.words)))?;
                for line in done.message.iter().flat_map(|message| message.lines()) {
                    writeln!(out, "    {}", sanitize(line))?;
                }
            }
        }
        let would = if self.dry_run { ", of which nothing was carried out" } else { "" };
        writeln!(out, "{}, {}{would}", plural(self.events.len(), "event"), plural(self.deliveries.len(), "action"))?;
        Ok(())
    }
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
