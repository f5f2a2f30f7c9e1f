//! Backups that cannot be made: the reason is said, what was there stays, and no half of one is left.

use std::os::unix::fs::symlink;
use std::path::Path;

use super::{backup, failed, names, stopped, succeeded};
use crate::crash::Installation;
use crate::database;
use crate::support::{Disk, PATIENCE, eventually};

/// The backup must fail, say all this, and leave the folder around it as it was.
async fn refused(installation: &Installation, target: &Path, words: &[&str]) {
    let around = target.parent().unwrap();
    let before = names(around);
    let exit = backup(installation, target).ends().await;
    failed(&exit, words);
    assert_eq!(names(around), before);
}

#[tokio::test]
async fn what_is_there_is_not_overwritten() {
    let installation = stopped().await;
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    std::fs::write(at("file"), "dear").unwrap();
    std::fs::create_dir(at("empty")).unwrap();
    std::fs::create_dir(at("full")).unwrap();
    std::fs::write(at("full/events.db"), "dear").unwrap();
    symlink("nowhere", at("link")).unwrap();
    for name in ["file", "empty", "full", "link"] {
        refused(&installation, &at(name), &["is there already", name]).await;
    }
    assert_eq!(std::fs::read(at("file")).unwrap(), b"dear");
    assert_eq!(std::fs::read(at("full/events.db")).unwrap(), b"dear");
    assert!(names(&at("empty")).is_empty());
}

#[tokio::test]
async fn another_backup_under_way_to_the_same_place_is_left_alone() {
    let installation = stopped().await;
    let place = tempfile::tempdir().unwrap();
    let partial = place.path().join("one.partial");
    std::fs::create_dir(&partial).unwrap();
    std::fs::write(partial.join("events.db"), "half").unwrap();
    let target = place.path().join("one");
    refused(&installation, &target, &["one.partial", "another backup"]).await;
    assert_eq!(std::fs::read(partial.join("events.db")).unwrap(), b"half");
}

#[tokio::test]
async fn a_place_that_is_not_there_is_named() {
    let installation = stopped().await;
    let place = tempfile::tempdir().unwrap();
    let exit = backup(&installation, &place.path().join("no/such/place"))
        .ends()
        .await;
    failed(&exit, &["no/such/place", "cannot be made"]);
    assert!(names(place.path()).is_empty());
}

#[tokio::test]
async fn without_a_database_there_is_nothing_to_back_up_and_none_is_made() {
    let installation = Installation::new("conduit").await;
    let place = tempfile::tempdir().unwrap();
    refused(
        &installation,
        &place.path().join("one"),
        &["no database", "events.db", "DATA_DIR"],
    )
    .await;
    assert!(!installation.data_dir().exists());
}

/// Without its key a backup could not be started on.
#[tokio::test]
async fn a_key_that_is_lost_or_another_one_is_named() {
    let installation = stopped().await;
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("one");
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let exit = backup(&installation, &target)
        .env("SECRET_KEY", key)
        .ends()
        .await;
    failed(&exit, &["another key", "SECRET_KEY"]);
    assert!(!exit.stderr.contains(key));
    std::fs::remove_file(installation.data_dir().join("secret.key")).unwrap();
    refused(&installation, &target, &["SECRET_KEY", "secret.key"]).await;
    assert!(names(place.path()).is_empty());
}

#[tokio::test]
async fn a_database_of_another_twitch_is_refused() {
    let installation = stopped().await;
    let place = tempfile::tempdir().unwrap();
    let start = backup(&installation, &place.path().join("one"));
    let exit = start
        .env("TWITCH_API_URL", "https://api.twitch.tv/helix")
        .ends()
        .await;
    failed(&exit, &["events.db", "localhost", "api.twitch.tv"]);
    assert!(names(place.path()).is_empty());
}

#[tokio::test]
async fn a_disk_without_room_for_it_is_said_and_given_back_its_room() {
    let installation = stopped().await;
    let disk = Disk::in_memory(2);
    let target = disk.path().join("one");
    let mut database = database::open_file(&installation.database()).await;
    database.fill("1", 10_000).await;
    database.close().await;
    let bytes = std::fs::metadata(installation.database()).unwrap().len();
    assert!(bytes > 2 << 20, "it must not fit: {bytes}");
    refused(&installation, &target, &["events.db", "full"]).await;
}

/// A reader's lock that does not come holds the backup in its middle.
#[tokio::test]
async fn one_that_is_asked_to_stop_leaves_nothing() {
    let installation = stopped().await;
    let place = tempfile::tempdir().unwrap();
    let mut other = database::open_file(&installation.database()).await;
    other.run("PRAGMA locking_mode = EXCLUSIVE").await;
    other.run("BEGIN EXCLUSIVE").await;
    let program = backup(&installation, &place.path().join("one")).start();
    eventually("the backup to begin", PATIENCE, async || {
        place.path().join("one.partial").exists().then_some(())
    })
    .await;
    let exit = program.terminate().await;
    failed(&exit, &["stopped before the backup was complete"]);
    assert!(names(place.path()).is_empty());
    other.run("COMMIT").await;
    other.close().await;
    succeeded(
        &backup(&installation, &place.path().join("one"))
            .ends()
            .await,
    );
}
