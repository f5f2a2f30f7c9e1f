//! What is acknowledged is on the disk: the system calls of the real program, as `strace` saw them.
//!
//! A missing `strace` fails these tests: `scripts/setup.sh test` installs it.

mod replay;
mod trace;

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use crate::crash::{Installation, all_messages, try_post};
use crate::database;
use crate::messages::raid_into;
use crate::support::{Browser, Program, Sim};
use replay::Disk;
use trace::Call;

/// Notifications of one run, at least; it goes on until the log has been written back into the database.
const COUNT: u64 = 250;

/// A program under `strace`.
struct Traced {
    tracee: Tracee,
    strace: Program,
}

impl Traced {
    async fn start(installation: &Installation, trace: &Path) -> (Self, Browser) {
        let mut command = Command::new("strace");
        command.args(["-f", "-yy", "-s", "131072", "-e", "signal=none", "-e"]);
        command.arg(format!("trace={}", trace::CALLS));
        command.arg("-o").arg(trace).arg("--");
        let mut strace = installation.command().under(command).start();
        let browser = strace.browser().await;
        let children = format!("/proc/{0}/task/{0}/children", strace.id());
        let children = std::fs::read_to_string(children).unwrap();
        let tracee = Tracee(children.trim().to_owned());
        (Self { tracee, strace }, browser)
    }

    /// `kill -9`, and waits until the trace is whole.
    async fn kill(self) {
        drop(self.tracee);
        self.strace.exit().await;
    }
}

/// A process that would outlive its strace.
struct Tracee(String);

impl Drop for Tracee {
    fn drop(&mut self) {
        drop(Command::new("kill").args(["-KILL", &self.0]).status());
    }
}

/// Notifications brought one after the other, and what the program did on the way.
struct Run {
    installation: Installation,
    /// In the order of their answers.
    acknowledged: Vec<String>,
    calls: Vec<Call>,
}

async fn run() -> Run {
    let installation = Installation::new("conduit").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trace");
    let (traced, browser) = Traced::start(&installation, &file).await;
    let mut acknowledged = Vec::new();
    let database = installation.data_dir().join("events.db");
    let written_at = || std::fs::metadata(&database).unwrap().modified().unwrap();
    let began = written_at();
    for n in 0.. {
        if n >= COUNT && written_at() > began {
            break;
        }
        let message = raid_into(Sim::id("viewer_vera"), n);
        let answer = try_post(&browser, &message).await.unwrap();
        assert_eq!(answer.status, 204, "{}", answer.text);
        acknowledged.push(message.id);
    }
    traced.kill().await;
    let calls = trace::read(&file);
    let answers = calls
        .iter()
        .filter(|call| matches!(call, Call::Acknowledges));
    assert_eq!(answers.count(), acknowledged.len(), "the trace is whole");
    Run {
        installation,
        acknowledged,
        calls,
    }
}

/// The message ids in a database, which must be sound.
async fn stored(folder: &Path) -> HashSet<String> {
    let mut database = database::open_file(&folder.join("events.db")).await;
    assert_eq!(database.rows("PRAGMA integrity_check").await, ["ok"]);
    let ids = database.rows("SELECT message_id FROM events").await;
    database.close().await;
    ids.into_iter().collect()
}

#[tokio::test]
async fn before_each_204_what_it_acknowledges_is_synced() {
    let run = run().await;
    let mut answers = run
        .calls
        .iter()
        .enumerate()
        .filter(|(_, call)| matches!(call, Call::Acknowledges));
    for id in &run.acknowledged {
        let (answered, _) = answers.next().unwrap();
        let before = &run.calls[..answered];
        let is_log = |path: &str| path.ends_with("events.db-wal");
        let holds_it = |call: &Call| matches!(call, Call::Writes { path, bytes, .. } if is_log(path) && trace::holds(bytes, id));
        let written = before.iter().rposition(holds_it);
        let written =
            written.unwrap_or_else(|| panic!("{id} was acknowledged and is nowhere written"));
        let mut syncs = before[written..].iter().filter_map(|call| {
            if let Call::SyncBegins { path, number } = call {
                is_log(path).then_some(*number)
            } else {
                None
            }
        });
        let began = syncs.next();
        let ended =
            |call: &Call| matches!(call, Call::SyncEnds { number, .. } if Some(*number) == began);
        assert!(
            before.iter().any(ended),
            "{id} was acknowledged and not synced"
        );
    }
}

/// The worst that a loss of power can do: of what was written since the last sync nothing is there, or any part of it.
/// The calls of the program are carried out again into a folder, up to each answer, with that left out.
#[tokio::test]
async fn without_what_was_not_synced_all_that_was_acknowledged_is_there() {
    let run = run().await;
    let mut disk = Disk::new(&run.installation.data_dir());
    let mut answered = 0;
    let mut written_back = 0;
    for call in &run.calls {
        disk.apply(call);
        let is_database = |path: &str| path.ends_with("events.db");
        written_back += u32::from(
            matches!(call, Call::Writes { path, .. } if answered > 0 && is_database(path)),
        );
        if !matches!(call, Call::Acknowledges) {
            continue;
        }
        answered += 1;
        for part in [0.0, 0.5] {
            let folder = disk.after_power_loss(part);
            let stored = stored(folder.path()).await;
            let lost = run.acknowledged[..answered]
                .iter()
                .filter(|id| !stored.contains(*id))
                .count();
            assert_eq!(
                lost, 0,
                "of {answered} acknowledged, with {part} of what was not synced"
            );
        }
    }
    assert_eq!(answered, run.acknowledged.len());
    assert!(
        written_back > 0,
        "the log must have been written back in between"
    );

    let folder = tempfile::tempdir().unwrap();
    let recovered = disk.after_power_loss(0.5);
    std::fs::rename(recovered.path(), folder.path().join("data")).unwrap();
    let start = Program::server_with(&run.installation.sim, folder.path());
    let mut program = run.installation.configured(start).start();
    let vera = program.browser().await;
    vera.log_in("viewer_vera").await;
    assert_eq!(all_messages(&vera, "").await, run.acknowledged);
}

/// Else the test above could not fail.
#[tokio::test]
async fn without_one_sync_the_test_would_find_a_loss() {
    let run = run().await;
    let mut disk = Disk::new(&run.installation.data_dir());
    let last_sync = run
        .calls
        .iter()
        .rposition(|call| matches!(call, Call::SyncEnds { .. }));
    let kept = run.calls[..last_sync.unwrap()].iter();
    for call in kept {
        disk.apply(call);
    }
    let stored = stored(disk.after_power_loss(0.0).path()).await;
    let lost = run
        .acknowledged
        .iter()
        .filter(|id| !stored.contains(*id))
        .count();
    assert!(lost > 0);
}
