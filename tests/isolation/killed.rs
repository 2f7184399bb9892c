//! The program killed at random moments, over and over.

use crate::program::{lakegate, run_command};
use crate::tree::{Ground, plain};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Seconds that this test takes; `LAKEGATE_KILL_SECONDS` makes it another number.
const SECONDS: u64 = 30;

/// A generator of numbers, so that a round can be played again from its seed (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit.max(1)
    }
}

fn ground(folder: TempDir) -> Ground {
    let files = (0..24).map(|index: usize| {
        let row = format!("{index},219-45-{:04}\n", index + 1);
        (format!("d{}/f{index}.csv", index % 5), format!("id,SSN\n{}", row.repeat(1 + index * index * 30)).into_bytes())
    });
    Ground::on(folder, files)
}

fn isolate(ground: &Ground) -> Command {
    let mut command = lakegate();
    let findings = ground.path().join("findings.json");
    command.arg("isolate").arg("--findings").arg(findings);
    command.arg("--source").arg(ground.source()).arg("--to").arg(ground.to());
    command
}

fn restore(ground: &Ground) -> Command {
    let mut command = lakegate();
    command.arg("restore").arg("--manifest").arg(ground.manifest());
    command
}

/// Starts the command and kills it after that time; says whether it was still running.
fn kill(mut command: Command, after: Duration) -> bool {
    let mut child: Child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    // Sends SIGKILL.
    child.kill().unwrap();
    !child.wait().unwrap().success()
}

fn finish(mut command: Command) {
    let run = run_command(&mut command);
    assert_eq!(run.status, Some(0), "{}{}", run.out, run.err);
}

fn folder_in(parent: Option<&Path>) -> TempDir {
    parent.map_or_else(|| tempfile::tempdir().unwrap(), |parent| tempfile::tempdir_in(parent).unwrap())
}

#[test]
fn nothing_is_lost_however_often_the_program_is_killed() {
    let seconds = std::env::var("LAKEGATE_KILL_SECONDS").map_or(SECONDS, |text| text.parse().unwrap());
    let started = Instant::now();
    let memory = Some(Path::new("/dev/shm")).filter(|path| path.is_dir());
    let (mut grounds, mut rounds, mut kills) = (0_u64, 0_u64, 0_u64);
    while started.elapsed() < Duration::from_secs(seconds) {
        // On a disk the waiting is longest where files are written back; in memory there are more rounds.
        let ground = ground(folder_in(memory.filter(|_| !grounds.is_multiple_of(6))));
        grounds += 1;
        let findings = ground.path().join("findings.json");
        let mut scan = lakegate();
        scan.arg("scan").arg(ground.source()).args(["--managed", "USA_SOCIAL_SECURITY_NUMBER", "-q", "-o"]);
        finish({
            scan.arg(&findings);
            scan
        });
        // How long a whole move takes here, and how long the way back.
        let timed = |command| {
            let started = Instant::now();
            finish(command);
            u64::try_from(started.elapsed().as_micros()).unwrap()
        };
        let (whole_move, way_back) = (timed(isolate(&ground)), timed(restore(&ground)));
        ground.assert_as_at_the_start("before anything was killed");
        let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ (rounds + 1));
        for _ in 0..12 {
            rounds += 1;
            let when = format!("in round {rounds}");
            for _ in 0..=random.below(2) {
                kills += u64::from(kill(isolate(&ground), Duration::from_micros(random.below(whole_move))));
                ground.assert_nothing_lost(&plain, &when);
            }
            finish(isolate(&ground));
            ground.assert_isolated(&plain, &when);
            for _ in 0..=random.below(2) {
                kills += u64::from(kill(restore(&ground), Duration::from_micros(random.below(way_back))));
                ground.assert_nothing_lost(&plain, &when);
            }
            finish(restore(&ground));
            ground.assert_as_at_the_start(&when);
        }
    }
    eprintln!("{rounds} rounds, killed {kills} times");
    assert!(kills > 0, "nothing was ever killed in {rounds} rounds");
}
