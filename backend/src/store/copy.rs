//! Copies of the database while a server writes to it, and looks for damage that nobody needs to stop for.

use std::path::Path;

use secrecy::ExposeSecret as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use super::meta::KEY_CHECK;
use super::{
    BUSY_TIMEOUT, Error, Identity, SQLITE_CORRUPT, index, inspect, newest_schema, primary_code,
};
use crate::crypto::{Cipher, SecretKey};

/// Complaints that are told; one would do to know that there is damage.
const COMPLAINTS: usize = 5;

/// What a whole database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holdings {
    /// Stored events.
    pub events: i64,
    /// Size of the file.
    pub bytes: u64,
}

/// Copies a database, as it is at one moment, into a file that is absent or empty.
///
/// It is read as any reader does, so that nobody waits for it.
///
/// # Errors
/// [`Error::Unfit`] says what is wrong with either file.
pub async fn copy(from: &Path, to: &Path, identity: &Identity) -> Result<(), Error> {
    inspect::refuse_what_is_not_ours(from, identity, newest_schema()).await?;
    let shown = from.display();
    let unfit = |error: sqlx::Error| Error::Unfit(format!("copying database {shown}: {error}"));
    let Some(name) = to.to_str() else {
        return Err(Error::Unfit(format!(
            "{}: SQLite takes names in UTF-8 alone",
            to.display()
        )));
    };
    // The index first, so that it is not ahead of what it is made from; without one the copy makes its own.
    let index = index::path_of(from);
    if index.exists() {
        let copy = index::path_of(to);
        copy_file(&index, &copy.to_string_lossy())
            .await
            .map_err(unfit)?;
    }
    copy_file(from, name).await.map_err(unfit)
}

async fn copy_file(from: &Path, to: &str) -> Result<(), sqlx::Error> {
    let mut connection = reader(from).connect().await?;
    let copied = sqlx::query("VACUUM INTO $1")
        .bind(to)
        .execute(&mut connection)
        .await;
    let closed = connection.close().await;
    copied?;
    closed
}

/// Reads all of a database to find out whether it is whole, ours, and made with this key.
///
/// # Errors
/// [`Error::Unfit`] says what is wrong with it.
pub async fn check(path: &Path, identity: &Identity, key: &SecretKey) -> Result<Holdings, Error> {
    inspect::refuse_what_is_not_ours(path, identity, newest_schema()).await?;
    let shown = path.display();
    let unfit = |error: sqlx::Error| Error::Unfit(format!("database {shown}: {error}"));
    let mut connection = reader(path).connect().await.map_err(unfit)?;
    let looked = look(&mut connection, &Cipher::new(key)).await;
    let closed = connection.close().await;
    let (objection, events) = looked.map_err(unfit)?;
    if let Some(objection) = objection {
        return Err(Error::Unfit(format!("database {shown} {objection}")));
    }
    closed.map_err(unfit)?;
    let bytes = std::fs::metadata(path).map(|file| file.len());
    Ok(Holdings {
        events,
        bytes: bytes.map_err(|error| unfit(error.into()))?,
    })
}

fn reader(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(BUSY_TIMEOUT)
}

/// What is wrong with the database, and how many events it holds.
async fn look(
    connection: &mut SqliteConnection,
    cipher: &Cipher,
) -> Result<(Option<String>, i64), sqlx::Error> {
    let verdict: Vec<String> = match sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_all(&mut *connection)
        .await
    {
        // Damage so bad that it gives up looking.
        Err(error) if primary_code(&error) == Some(SQLITE_CORRUPT) => vec![error.to_string()],
        verdict => verdict?,
    };
    if verdict != ["ok"] {
        let first: Vec<&str> = verdict
            .iter()
            .take(COMPLAINTS)
            .map(String::as_str)
            .collect();
        return Ok((Some(format!("is damaged: {}", first.join("; "))), 0));
    }
    let sealed: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
        .bind(KEY_CHECK)
        .fetch_optional(&mut *connection)
        .await?;
    let fits = sealed.is_some_and(|sealed| {
        cipher
            .open(KEY_CHECK, &sealed)
            .is_ok_and(|opened| opened.expose_secret() == KEY_CHECK)
    });
    if !fits {
        let other =
            "was made with another key: SECRET_KEY (or the key file in DATA_DIR) does not fit it";
        return Ok((Some(other.to_owned()), 0));
    }
    let events = sqlx::query_scalar("SELECT COUNT(*) FROM events")
        .fetch_one(connection)
        .await?;
    Ok((None, events))
}
