//! A look at the database file before anything touches it: is it ours, of this mode and Twitch, and not newer?

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use super::{Error, Identity};

/// Says what is wrong with the file, and leaves it as it is.
pub(super) async fn refuse_what_is_not_ours(
    path: &Path,
    identity: &Identity,
    newest_schema: i64,
) -> Result<(), Error> {
    let is_new = std::fs::metadata(path).map_or(true, |file| file.len() == 0);
    if is_new {
        return Ok(());
    }
    let shown = path.display().to_string();
    // Without a log beside it nothing can change under us, and no file is made for looking.
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .immutable(!Path::new(&log).exists());
    let unfit = |error: sqlx::Error| Error::Unfit(format!("database {shown}: {error}"));
    let mut connection = options.connect().await.map_err(unfit)?;
    let objection = objection(&mut connection, identity, newest_schema).await;
    let closed = connection.close().await;
    match objection.map_err(unfit)? {
        Some(objection) => Err(Error::Unfit(format!("database {shown} {objection}"))),
        None => closed.map_err(unfit),
    }
}

async fn objection(
    connection: &mut SqliteConnection,
    identity: &Identity,
    newest_schema: i64,
) -> Result<Option<String>, sqlx::Error> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
    )
    .fetch_all(&mut *connection)
    .await?;
    let has = |name: &str| tables.iter().any(|table| table == name);
    if !has("_sqlx_migrations") || !has("meta") {
        let is_foreign = !tables.iter().all(|table| table == "_sqlx_migrations");
        return Ok(is_foreign.then(|| {
            "belongs to another program: it has tables that this one does not know. Use another DATA_DIR.".to_owned()
        }));
    }
    let schema: Option<i64> = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations")
        .fetch_one(&mut *connection)
        .await?;
    if let Some(schema) = schema.filter(|schema| *schema > newest_schema) {
        return Ok(Some(format!(
            "is newer than this program: it has schema version {schema}, this program knows up to {newest_schema}. \
             Use the newer program, or another DATA_DIR."
        )));
    }
    let stamps = [
        ("mode", identity.mode),
        ("twitch-host", identity.twitch_host.as_str()),
    ];
    for (name, ours) in stamps {
        let stamped: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
            .bind(name)
            .fetch_optional(&mut *connection)
            .await?;
        if let Some(stamped) = stamped.filter(|stamped| stamped != ours) {
            return Ok(Some(format!(
                "belongs to another installation: its {name} is {stamped:?}, this program's is {ours:?}. \
                 Use another DATA_DIR, or the settings it was made with."
            )));
        }
    }
    Ok(None)
}
