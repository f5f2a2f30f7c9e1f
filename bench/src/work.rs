//! The other yardstick: what it costs to handle a row. Each is hashed, put into a table, found again by an index, read
//! as JSON and written as JSON, which is what the server does besides its system calls. A machine may be quick at the
//! one and slow at the other, so the bare loop alone does not make figures of two machines comparable.

use std::thread;

use anyhow::Context as _;
use rusqlite::{Connection, params};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// So many that they do not fit into the caches next to a core.
const ROWS: usize = 20_000;

/// CPU time of a row in microseconds, while every core handles rows.
///
/// # Errors
/// When SQLite fails.
pub(crate) fn cost_us() -> anyhow::Result<f64> {
    let cores = thread::available_parallelism()?.get();
    let all: Vec<_> = (0..cores).map(|_| thread::spawn(handle_rows)).collect();
    let mut sum = 0.0;
    for one in all {
        sum += one.join().ok().context("the yardstick broke")??;
    }
    Ok(sum / cores as f64)
}

fn handle_rows() -> anyhow::Result<f64> {
    let store = Connection::open_in_memory()?;
    store.execute_batch(
        "CREATE TABLE rows (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, hash BLOB NOT NULL, body TEXT NOT NULL); \
         CREATE INDEX rows_by_owner ON rows (owner, id); \
         CREATE UNIQUE INDEX rows_by_hash ON rows (hash);",
    )?;
    let begin = cpu_us();
    for row in 0..ROWS {
        let body = body(row).to_string();
        store
            .prepare_cached("INSERT INTO rows (owner, hash, body) VALUES (?1, ?2, ?3)")?
            .execute(params![owner(row), Sha256::digest(&body).as_slice(), body])?;
    }
    let mut bytes = 0;
    for row in 0..ROWS {
        let body: String = store
            .prepare_cached(
                "SELECT body FROM rows WHERE owner = ?1 AND id >= ?2 ORDER BY id LIMIT 1",
            )?
            .query_row(params![owner(row), row as i64], |row| row.get(0))?;
        let body: Value = serde_json::from_str(&body)?;
        bytes += body.to_string().len();
    }
    anyhow::ensure!(bytes > 0, "no row was read");
    Ok((cpu_us() - begin) / ROWS as f64)
}

fn owner(row: usize) -> String {
    format!("70010{}", row % 50)
}

fn body(row: usize) -> Value {
    json!({
        "row": row,
        "owner": { "id": owner(row), "login": "mira_plays", "name": "MiraPlays" },
        "words": "what somebody said in a chat, of about the length that people write there",
        "parts": [{ "type": "text", "text": "what somebody said" }, { "type": "mention", "user": null }],
        "numbers": { "bits": row % 100, "months": 12, "is_gift": false },
    })
}

/// Of this thread.
fn cpu_us() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_again_and_costs_something() {
        assert!(handle_rows().unwrap() > 0.0);
    }
}
