//! `check`: damage is told, and looking changes nothing.

use std::io::{Seek as _, SeekFrom, Write as _};

use super::{failed, stopped, succeeded};
use crate::crash::Installation;
use crate::database;
use crate::support::Exit;

async fn check(installation: &Installation) -> Exit {
    let start = installation.command().without("TWITCH_CLIENT_ID");
    start.args(&["check"]).ends().await
}

#[tokio::test]
async fn without_a_database_it_says_so_and_makes_none() {
    let installation = Installation::new("conduit").await;
    failed(&check(&installation).await, &["no database", "events.db"]);
    assert!(!installation.data_dir().exists());
}

#[tokio::test]
async fn a_page_that_was_overwritten_is_found() {
    let installation = stopped().await;
    let mut database = database::open_file(&installation.database()).await;
    database.fill("1", 1000).await;
    database.run("PRAGMA wal_checkpoint(TRUNCATE)").await;
    database.close().await;
    let whole = check(&installation).await;
    succeeded(&whole);
    assert!(whole.stdout.contains("1000 events"), "{}", whole.stdout);

    let path = installation.database();
    let middle = std::fs::metadata(&path).unwrap().len() / 4096 / 2 * 4096;
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(middle)).unwrap();
    file.write_all(&[0x55; 4096]).unwrap();
    failed(&check(&installation).await, &["events.db", "damaged"]);
}

/// An index that misses a row answers queries wrongly, though every page can be read.
#[tokio::test]
async fn an_index_that_does_not_fit_its_table_is_found() {
    let installation = stopped().await;
    let mut database = database::open_file(&installation.database()).await;
    database.fill("1", 10).await;
    database
        .run("UPDATE events SET event_type = 'channel.update'")
        .await;
    database.run("PRAGMA writable_schema = ON").await;
    database
        .run("UPDATE sqlite_master SET sql = replace(sql, '(broadcaster_id, id)', '(event_type, id)') WHERE name = 'events_channel_updates'")
        .await;
    database.close().await;
    failed(&check(&installation).await, &["events_channel_updates"]);
}

#[tokio::test]
async fn a_server_may_be_running() {
    let installation = Installation::new("conduit").await;
    let program = installation.start().await;
    let exit = check(&installation).await;
    succeeded(&exit);
    assert!(
        exit.stdout.contains("is whole: 0 events"),
        "{}",
        exit.stdout
    );
    succeeded(&program.terminate().await);
}
