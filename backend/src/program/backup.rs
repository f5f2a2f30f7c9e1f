//! The commands `backup` and `check`: a folder that a server can be started on, and whether what is kept is whole.
//!
//! A backup has its name only when it is complete, checked and on the disk; what fails leaves nothing behind.

use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::app::StoreConfig;
use crate::store::copy::{self, Holdings};

/// As the default in `DATA_DIR`, so that the folder can take its place.
const DATABASE: &str = "events.db";

/// Copies the database and its key into a new folder; answers what to tell the person.
pub(super) async fn back_up(config: &StoreConfig<'_>, target: &Path) -> anyhow::Result<String> {
    let target = std::path::absolute(target).context("TARGET")?;
    let shown = target.display();
    if target.symlink_metadata().is_ok() {
        bail!("{shown} is there already, and a backup overwrites nothing: give another name");
    }
    is_there(config)?;
    let key = config.key()?;
    let partial = Partial::make(&target)?;
    let file = partial.0.join(DATABASE);
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&file)
        .with_context(|| file.display().to_string())?;
    copy::copy(config.database, &file, &config.identity()).await?;
    let key_note = if config.secret_key.is_some() {
        "SECRET_KEY is set, so the key is not in it: without that key the backup is of no use"
    } else {
        key.save(&partial.0)?;
        "its key is with it: keep the folder as private as DATA_DIR"
    };
    let holdings = copy::check(&file, &config.identity(), &key)
        .await
        .context("the copy is not as it must be")?;
    partial
        .finish(&file, &target)
        .with_context(|| shown.to_string())?;
    Ok(format!(
        "backed up {} to {shown}; {key_note}",
        told(holdings)
    ))
}

/// Reads the whole database; answers what to tell the person.
pub(super) async fn check(config: &StoreConfig<'_>) -> anyhow::Result<String> {
    is_there(config)?;
    let holdings = copy::check(config.database, &config.identity(), &config.key()?).await?;
    Ok(format!(
        "{} is whole: {}",
        config.database.display(),
        told(holdings)
    ))
}

fn told(holdings: Holdings) -> String {
    format!("{} events in {} bytes", holdings.events, holdings.bytes)
}

fn is_there(config: &StoreConfig<'_>) -> anyhow::Result<()> {
    if !config.database.exists() {
        bail!(
            "there is no database {}; DATA_DIR says where it is",
            config.database.display()
        );
    }
    Ok(())
}

/// A backup under its temporary name; dropped, it is deleted.
struct Partial(PathBuf);

impl Partial {
    fn make(target: &Path) -> anyhow::Result<Self> {
        let mut name = target
            .file_name()
            .with_context(|| format!("{} is no name for a folder", target.display()))?
            .to_owned();
        name.push(".partial");
        let path = target.with_file_name(name);
        let made = DirBuilder::new().mode(0o700).create(&path);
        let shown = path.display();
        match made {
            Ok(()) => Ok(Self(path)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => bail!(
                "{shown} is there: another backup is being made, or one was killed; in that case delete it"
            ),
            Err(error) => Err(error).with_context(|| format!("{shown} cannot be made")),
        }
    }

    /// Brings everything to the disk, then under its name.
    fn finish(&self, file: &Path, target: &Path) -> std::io::Result<()> {
        for path in [file, &self.0] {
            File::open(path)?.sync_all()?;
        }
        std::fs::rename(&self.0, target)?;
        match target.parent() {
            Some(parent) => File::open(parent)?.sync_all(),
            None => Ok(()),
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Finished, it is not there any more.
        drop(std::fs::remove_dir_all(&self.0));
    }
}
