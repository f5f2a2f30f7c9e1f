//! Starts the server over a database that has grown, and waits while it files what it has not filed yet and puts its
//! index in order: that is done by the server's own code, never here.

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::{Duration, Instant};

use anyhow::ensure;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::report::say;
use crate::rig::Rig;
use crate::rig::program::PATIENCE;

/// Events in a second; a server that files fewer has failed.
const FEWEST: u64 = 5_000;

/// Pause between two looks how far it is.
const LOOK: Duration = Duration::from_secs(10);

/// The server is watched for so long.
const LOOK_FOR_REST: Duration = Duration::from_secs(2);

/// At the end the server may be filing beside requests.
const POLL: Duration = Duration::from_millis(50);

/// A server that uses less than this share of a core has nothing left to do.
const AT_REST: f64 = 0.02;

/// Starts the server, and waits until it is at rest; answers how long it took until all events up to the newest were
/// filed.
///
/// # Errors
/// When that takes too long.
pub(crate) async fn start_and_file(rig: &mut Rig, newest: u64) -> anyhow::Result<Duration> {
    let database = rig.database();
    let begin = Instant::now();
    let patience = PATIENCE + Duration::from_secs(newest / FEWEST);
    {
        let mut start = pin!(rig.start_server_within(patience));
        loop {
            tokio::select! {
                started = &mut start => break started?,
                () = tokio::time::sleep(LOOK) => {
                    // Before there is an index, nothing is filed.
                    let filed = filed(&database).await.unwrap_or_default();
                    say(format!("  {filed} events filed …"));
                }
            }
        }
    }
    while filed(&database).await? < i64::try_from(newest)? {
        ensure!(
            begin.elapsed() < patience,
            "not all of {newest} events were filed within {patience:?}"
        );
        tokio::time::sleep(POLL).await;
    }
    let filed = begin.elapsed();
    loop {
        let before = rig.usage()?.cpu;
        tokio::time::sleep(LOOK_FOR_REST).await;
        let share = (rig.usage()?.cpu - before).as_secs_f64() / LOOK_FOR_REST.as_secs_f64();
        if share < AT_REST {
            break;
        }
        ensure!(
            begin.elapsed() < patience,
            "the server is not at rest within {patience:?}"
        );
    }
    say(format!("  at rest after {:.1?}", begin.elapsed()));
    Ok(filed)
}

/// Up to which event all are filed.
async fn filed(database: &Path) -> anyhow::Result<i64> {
    let mut index = SqliteConnectOptions::new()
        .filename(index_of(database))
        .read_only(true)
        .connect()
        .await?;
    let filed = sqlx::query_scalar("SELECT filed FROM progress")
        .fetch_one(&mut index)
        .await?;
    index.close().await?;
    Ok(filed)
}

/// Deletes the index of a database whose server is stopped, so that the next start makes it anew.
///
/// # Errors
/// When it cannot be deleted.
pub(super) fn delete_index(database: &Path) -> std::io::Result<()> {
    for ending in ["", "-wal", "-shm"] {
        let mut path = index_of(database).into_os_string();
        path.push(ending);
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The file that the server files to.
pub(crate) fn index_of(database: &Path) -> PathBuf {
    database.with_extension("index.db")
}
