//! What all runs can be told.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// Options of every run.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    /// Folder of the release programs [default: that of this program]
    #[arg(long, global = true, value_name = "DIR")]
    programs: Option<PathBuf>,
    /// Where databases of the runs are made and removed again [default: the system's]
    #[arg(long, global = true, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Where the figures are written to
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "bench/results"
    )]
    pub(crate) results: PathBuf,
    /// Prints the figures and writes no file
    #[arg(long, global = true)]
    pub(crate) no_results: bool,
    /// The same seed sends the same messages
    #[arg(long, global = true, default_value_t = 1)]
    pub(crate) seed: u64,
}

impl Options {
    /// Where the programs are.
    ///
    /// # Errors
    /// When this program does not know where it is.
    pub(crate) fn programs(&self) -> anyhow::Result<PathBuf> {
        match &self.programs {
            // Programs run in a folder of their own.
            Some(folder) => Ok(std::path::absolute(folder)?),
            None => {
                let own = std::env::current_exe()?;
                let folder = own.parent().context("this program is in no folder")?;
                Ok(folder.to_owned())
            }
        }
    }

    /// Where temporary folders are made.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn folder(&self) -> anyhow::Result<PathBuf> {
        let folder = self.folder.clone().unwrap_or_else(std::env::temp_dir);
        std::fs::create_dir_all(&folder)?;
        Ok(std::path::absolute(folder)?)
    }
}

/// Bytes that may still be written below a folder.
///
/// # Errors
/// When the file system does not say.
pub(crate) fn free_bytes(folder: &Path) -> anyhow::Result<u64> {
    let system = rustix::fs::statvfs(folder)?;
    Ok(system.f_bavail.saturating_mul(system.f_frsize))
}
