//! Databases that are not ours, newer, or broken: refused with the reason, and left as they were.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use backend::app::{self, StoreConfig};
use backend::clock::Clock;
use sqlx::{Connection as _, SqliteConnection};

use crate::support::{Exit, Program, Sim};

/// A folder with a database made by this program.
async fn made(sim: &Sim) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let exit = Program::server_with(sim, folder.path())
        .args(&["migrate"])
        .ends()
        .await;
    assert_eq!(exit.code, Some(0), "{}", exit.stderr);
    folder
}

fn database(folder: &Path) -> PathBuf {
    folder.join("data/events.db")
}

async fn change(path: &Path, sql: &'static str) {
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", path.display()))
        .await
        .unwrap();
    sqlx::query(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// The bytes of all files but those that SQLite makes for readers.
fn bytes(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let all = entries.map(|path| (path.clone(), std::fs::read(path).unwrap()));
    all.filter(|(path, bytes)| {
        let name = path.to_string_lossy();
        !(name.ends_with("-shm") || name.ends_with("-wal") && bytes.is_empty())
    })
    .collect()
}

/// It must end with a run-time failure that says all this, and change nothing.
async fn refused(start: impl Fn() -> crate::support::Start, folder: &Path, words: &[&str]) -> Exit {
    let before = bytes(&folder.join("data"));
    for command in ["serve", "migrate"] {
        let exit = start().args(&[command]).ends().await;
        assert_eq!(exit.code, Some(1), "{command}: {}", exit.stderr);
        for word in words {
            assert!(
                exit.stderr.contains(word),
                "{command}: {word:?} is not in {}",
                exit.stderr
            );
        }
        let after = bytes(&folder.join("data"));
        assert_eq!(
            before.keys().collect::<Vec<_>>(),
            after.keys().collect::<Vec<_>>(),
            "{command}"
        );
        for (path, old) in &before {
            assert!(
                after[path] == *old,
                "{command} has changed {}",
                path.display()
            );
        }
    }
    start().ends().await
}

#[tokio::test]
async fn migrate_needs_no_credentials_and_can_be_repeated() {
    let sim = Sim::start().await;
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let start = Program::server_with(&sim, folder.path())
            .without("TWITCH_CLIENT_ID")
            .without("TWITCH_CLIENT_SECRET");
        let exit = start.args(&["migrate"]).ends().await;
        assert_eq!(exit.code, Some(0), "{}", exit.stderr);
    }
    let mut program = Program::server_with(&sim, folder.path()).start();
    program.browser().await.get("/readyz").await.ok();
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let sim = Sim::start().await;
    let folder = made(&sim).await;
    change(
        &database(folder.path()),
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9000, 'of tomorrow', 1, x'00', 0)",
    )
    .await;
    let words = ["events.db", "newer", "9000"];
    refused(
        || Program::server_with(&sim, folder.path()),
        folder.path(),
        &words,
    )
    .await;
}

#[tokio::test]
async fn a_database_whose_history_was_altered_is_refused() {
    let sim = Sim::start().await;
    let folder = made(&sim).await;
    change(
        &database(folder.path()),
        "UPDATE _sqlx_migrations SET checksum = x'00'",
    )
    .await;
    refused(
        || Program::server_with(&sim, folder.path()),
        folder.path(),
        &["events.db"],
    )
    .await;
}

#[tokio::test]
async fn a_database_of_the_demo_is_refused() {
    let sim = Sim::start().await;
    let folder = tempfile::tempdir().unwrap();
    let config = StoreConfig {
        data_dir: &folder.path().join("data"),
        database: &database(folder.path()),
        secret_key: None,
        mode: "demo",
        twitch_host: "localhost",
    };
    let (store, _) = app::open_store(&config, Clock::system()).await.unwrap();
    store.close().await;
    refused(
        || Program::server_with(&sim, folder.path()),
        folder.path(),
        &["events.db", "mode", "demo", "real"],
    )
    .await;
}

#[tokio::test]
async fn a_database_of_another_twitch_is_refused() {
    let sim = Sim::start().await;
    let folder = made(&sim).await;
    let start = || {
        Program::server_with(&sim, folder.path())
            .env("TWITCH_API_URL", "https://api.twitch.tv/helix")
    };
    refused(
        start,
        folder.path(),
        &["events.db", "localhost", "api.twitch.tv"],
    )
    .await;
}

#[tokio::test]
async fn a_key_that_does_not_fit_is_named() {
    let sim = Sim::start().await;
    let folder = made(&sim).await;
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let start = || Program::server_with(&sim, folder.path()).env("SECRET_KEY", key);
    let exit = refused(start, folder.path(), &["events.db", "SECRET_KEY"]).await;
    assert!(!exit.stderr.contains(key));
}

#[tokio::test]
async fn a_lost_key_file_is_not_replaced_beside_a_database() {
    let sim = Sim::start().await;
    let folder = made(&sim).await;
    let data = folder.path().join("data");
    let key = std::fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().contains("key"))
        .unwrap();
    std::fs::remove_file(key).unwrap();
    refused(
        || Program::server_with(&sim, folder.path()),
        folder.path(),
        &["SECRET_KEY"],
    )
    .await;
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let sim = Sim::start().await;
    let folder = made(&sim).await;
    std::fs::write(database(folder.path()), "Dear diary, ".repeat(1000)).unwrap();
    refused(
        || Program::server_with(&sim, folder.path()),
        folder.path(),
        &["events.db", "not a database"],
    )
    .await;
}

#[tokio::test]
async fn a_database_of_another_program_is_refused() {
    let sim = Sim::start().await;
    let folder = made(&sim).await;
    let path = database(folder.path());
    std::fs::remove_file(&path).unwrap();
    let mut other = SqliteConnection::connect(&format!("sqlite:{}?mode=rwc", path.display()))
        .await
        .unwrap();
    sqlx::query("CREATE TABLE recipes (name TEXT)")
        .execute(&mut other)
        .await
        .unwrap();
    other.close().await.unwrap();
    refused(
        || Program::server_with(&sim, folder.path()),
        folder.path(),
        &["events.db"],
    )
    .await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_named() {
    let sim = Sim::start().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let exit = Program::server_with(&sim, folder.path())
        .env("DATA_DIR", folder.path().join("file/data"))
        .ends()
        .await;
    assert_eq!(
        (exit.code, exit.stderr.contains("DATA_DIR")),
        (Some(1), true),
        "{}",
        exit.stderr
    );
}

#[tokio::test]
async fn the_database_can_be_elsewhere() {
    let sim = Sim::start().await;
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = folder.path().join("elsewhere.db");
    let mut program = Program::server_with(&sim, folder.path())
        .env("DATABASE_URL", format!("sqlite:{}", elsewhere.display()))
        .start();
    program.browser().await.log_in("viewer_vera").await;
    assert_eq!(program.terminate().await.code, Some(0));
    assert!(elsewhere.exists());
    assert!(!database(folder.path()).exists());
}
