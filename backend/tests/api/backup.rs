//! `backup` and `check`: what cannot be done is said and leaves nothing behind; what is made can be started on.

mod check;
mod refused;
mod restored;

use std::collections::BTreeSet;
use std::path::Path;

use crate::crash::Installation;
use crate::support::{Exit, Program, Start};

/// The command `backup TARGET` beside an installation.
fn backup(installation: &Installation, target: &Path) -> Start {
    let start = Program::server_with(&installation.sim, installation.data_dir().parent().unwrap())
        .without("TWITCH_CLIENT_ID")
        .without("TWITCH_CLIENT_SECRET");
    start.args(&["backup", target.to_str().unwrap()])
}

/// An installation with a database and no program running.
async fn stopped() -> Installation {
    let installation = Installation::new("conduit").await;
    let exit = installation.command().args(&["migrate"]).ends().await;
    succeeded(&exit);
    installation
}

fn succeeded(exit: &Exit) {
    assert_eq!(exit.code, Some(0), "{}{}", exit.stdout, exit.stderr);
}

/// It ended with 1, said all this, and announced nothing.
fn failed(exit: &Exit, words: &[&str]) {
    assert_eq!(exit.code, Some(1), "{}{}", exit.stdout, exit.stderr);
    for word in words {
        assert!(exit.stderr.contains(word), "{word:?}: {}", exit.stderr);
    }
    assert_eq!(exit.stdout, "");
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}
