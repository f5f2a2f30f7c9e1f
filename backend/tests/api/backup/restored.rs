//! Backups made while a server writes, and servers started on them.

use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;

use super::{backup, names, stopped, succeeded};
use crate::crash::{Installation, all_messages, try_post};
use crate::database;
use crate::messages::raid_into;
use crate::support::{Browser, PATIENCE, Program, Sim, eventually};

/// Events that lie there already, so that a backup takes a while.
const OLD: u32 = 20_000;

/// Id and message id of all events of the own channel, oldest first.
async fn whole_list(viewer: &Browser) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    loop {
        let after = all.last().map_or("0", |(id, _)| id.as_str());
        let page = viewer.events(&format!("after={after}&limit=500")).await;
        if page.is_empty() {
            return all;
        }
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let pairs = page
            .iter()
            .map(|event| (text(&event["id"]), text(&event["message_id"])));
        all.extend(pairs);
    }
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for name in names(from) {
        std::fs::copy(from.join(&name), to.join(&name)).unwrap();
    }
}

#[tokio::test]
async fn a_backup_made_while_events_come_holds_all_that_was_acknowledged_before_it_began() {
    let installation = stopped().await;
    let mut old = database::open_file(&installation.database()).await;
    old.fill(Sim::id("viewer_vera"), OLD).await;
    old.close().await;
    let mut program = installation.start().await;
    let vera = program.browser().await;
    vera.log_in("viewer_vera").await;
    let token = vera.api_token().await;
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("backup");

    let acknowledged = Mutex::new(HashSet::new());
    let slowest = Mutex::new(Duration::ZERO);
    let done = AtomicBool::new(false);
    let count = || acknowledged.lock().unwrap().len();
    let write = async |writer: u64| {
        let mut number = writer * 1_000_000;
        while !done.load(Ordering::SeqCst) {
            number += 1;
            let message = raid_into(Sim::id("viewer_vera"), number);
            let sent = Instant::now();
            let answer = try_post(&vera, &message).await.unwrap();
            assert_eq!(
                answer.status, 204,
                "a backup holds nobody up: {}",
                answer.text
            );
            let mut slowest = slowest.lock().unwrap();
            *slowest = sent.elapsed().max(*slowest);
            acknowledged.lock().unwrap().insert(message.id);
        }
    };
    let back_up = async {
        eventually("events to come", PATIENCE, async || {
            (count() >= 200).then_some(())
        })
        .await;
        let before = acknowledged.lock().unwrap().clone();
        *slowest.lock().unwrap() = Duration::ZERO;
        let exit = backup(&installation, &target).ends().await;
        let slowest = *slowest.lock().unwrap();
        let during = count() - before.len();
        let enough = count() + 100;
        eventually("events to come", PATIENCE, async || {
            (count() >= enough).then_some(())
        })
        .await;
        done.store(true, Ordering::SeqCst);
        (exit, before, during, slowest)
    };
    let ((exit, before, during, slowest), _) = tokio::join!(back_up, join_all((0..8).map(write)));
    succeeded(&exit);
    assert!(during > 0, "events must have come while it was made");
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    let listed = whole_list(&vera).await;
    succeeded(&program.terminate().await);

    let folder = tempfile::tempdir().unwrap();
    copy_folder(&target, &folder.path().join("data"));
    let start = Program::server_with(&installation.sim, folder.path());
    let mut restored = installation.configured(start).start();
    let script = restored.browser().await.with_token(&token);
    let held = whole_list(&script).await;
    assert!(
        listed.starts_with(&held),
        "the same events under the same ids, and none in between missing"
    );
    let ids: HashSet<&String> = held.iter().map(|(_, message_id)| message_id).collect();
    assert!(before.iter().all(|id| ids.contains(id)));
    let said = format!("backed up {} events", held.len());
    assert!(exit.stdout.contains(&said), "{said}: {}", exit.stdout);

    let message = raid_into(Sim::id("viewer_vera"), 1);
    assert_eq!(try_post(&script, &message).await.unwrap().status, 204);
    let newest = &whole_list(&script).await[held.len()..];
    assert_eq!(newest.len(), 1);
    let number = |id: &str| id.parse::<u64>().unwrap();
    assert!(number(&newest[0].0) > number(&held.last().unwrap().0));
    let redelivered = before.iter().next().unwrap();
    let mut known = raid_into(Sim::id("viewer_vera"), 2);
    known.id.clone_from(redelivered);
    assert_eq!(try_post(&script, &known).await.unwrap().status, 204);
    assert_eq!(
        all_messages(&script, "").await.len(),
        held.len() + 1,
        "ids seen are in the backup, too"
    );
}

#[tokio::test]
async fn a_backup_is_a_private_folder_with_the_database_and_its_key() {
    let installation = stopped().await;
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("one");
    let exit = backup(&installation, &target).ends().await;
    succeeded(&exit);
    let file = target.join("events.db");
    let bytes = std::fs::metadata(&file).unwrap().len();
    for words in ["0 events", &format!("{bytes} bytes"), "its key is with it"] {
        assert!(exit.stdout.contains(words), "{words}: {}", exit.stdout);
    }
    assert_eq!(names(place.path()), ["one".to_owned()].into());
    assert_eq!(
        names(&target),
        ["events.db", "events.index.db", "secret.key"]
            .map(str::to_owned)
            .into()
    );
    assert_eq!(
        (mode(&target), mode(&file), mode(&target.join("secret.key"))),
        (0o700, 0o600, 0o600)
    );
}

#[tokio::test]
async fn a_key_of_the_settings_is_not_written_out_and_that_is_said() {
    let installation = Installation::new("conduit").await;
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let migrated = installation
        .command()
        .env("SECRET_KEY", key)
        .args(&["migrate"]);
    succeeded(&migrated.ends().await);
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("one");
    let exit = backup(&installation, &target)
        .env("SECRET_KEY", key)
        .ends()
        .await;
    succeeded(&exit);
    assert!(
        exit.stdout
            .contains("SECRET_KEY is set, so the key is not in it"),
        "{}",
        exit.stdout
    );
    assert!(!exit.stdout.contains(key));
    assert_eq!(
        names(&target),
        ["events.db", "events.index.db"].map(str::to_owned).into()
    );
    let start = || Program::server_with(&installation.sim, place.path()).env("DATA_DIR", &target);
    assert_eq!(
        start().ends().await.code,
        Some(1),
        "it cannot be started on without the key"
    );
    let mut program = start().env("SECRET_KEY", key).start();
    program.browser().await.log_in("viewer_vera").await;
}

/// As after `kill -9`: the newest events are in the log beside the file alone.
#[tokio::test]
async fn what_a_killed_server_left_in_its_log_is_in_the_backup() {
    let installation = Installation::new("conduit").await;
    let mut program = installation.start().await;
    let vera = program.browser().await;
    vera.log_in("viewer_vera").await;
    let message = raid_into(Sim::id("viewer_vera"), 1);
    assert_eq!(try_post(&vera, &message).await.unwrap().status, 204);
    program.kill().await;
    let log = installation.data_dir().join("events.db-wal");
    assert!(std::fs::metadata(log).unwrap().len() > 0);
    let place = tempfile::tempdir().unwrap();
    let exit = backup(&installation, &place.path().join("one"))
        .ends()
        .await;
    succeeded(&exit);
    assert!(
        exit.stdout.contains("backed up 1 events"),
        "{}",
        exit.stdout
    );
}
