//! A disk of a test's own, which may become full or read-only without doing harm to anything else.
//!
//! Mounting needs root, or a `sudo` that asks nothing. Where there is neither, the test fails: passed over, it would
//! say that all is well.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A mounted disk; it is unmounted when dropped.
pub(crate) struct Disk {
    folder: TempDir,
}

impl Disk {
    /// A small disk in memory.
    pub(crate) fn in_memory(mib: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = format!("size={mib}m,mode=1777");
        as_root(&[
            "mount",
            "-t",
            "tmpfs",
            "-o",
            &options,
            "tmpfs",
            text(folder.path()),
        ]);
        Self { folder }
    }

    /// Its root folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: a program that is just being killed may hold files.
        let unmounted = root(&["umount", "--lazy", text(self.path())]);
        if !std::thread::panicking() {
            assert!(unmounted.status.success());
        }
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn as_root(command: &[&str]) -> Output {
    let done = root(command);
    assert!(
        done.status.success(),
        "this test needs a disk of its own, as root or with sudo: {command:?} says {}",
        String::from_utf8_lossy(&done.stderr)
    );
    done
}

fn root(command: &[&str]) -> Output {
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let with_sudo: &[&str] = if is_root { &[] } else { &["sudo", "-n"] };
    let whole: Vec<&str> = with_sudo.iter().chain(command).copied().collect();
    Command::new(whole[0]).args(&whole[1..]).output().unwrap()
}
