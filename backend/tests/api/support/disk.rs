//! A disk of a test's own, which may become full or read-only without doing harm to anything else.
//!
//! Mounting needs root, or a `sudo` that asks nothing. Where there is neither, the test fails: passed over, it would
//! say that all is well.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::{NamedTempFile, TempDir};

const NEEDS: &str = "this test needs a disk of its own, as root or by a sudo that asks nothing";

/// A mounted disk; it is unmounted when dropped.
pub(crate) struct Disk {
    folder: TempDir,
    /// Where its bytes are, when not in memory.
    image: Option<NamedTempFile>,
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
        Self {
            folder,
            image: None,
        }
    }

    /// A small disk like those of servers: ext4, which makes itself read-only when it finds an error.
    pub(crate) fn ext4(mib: u64) -> Self {
        let (folder, image) = (tempfile::tempdir().unwrap(), NamedTempFile::new().unwrap());
        image.as_file().set_len(mib << 20).unwrap();
        let me = std::fs::metadata(folder.path()).unwrap();
        let owner = format!("root_owner={}:{}", me.uid(), me.gid());
        as_root(&["mkfs.ext4", "-q", "-F", "-E", &owner, text(image.path())]);
        let disk = Self {
            folder,
            image: Some(image),
        };
        disk.mount_image();
        disk
    }

    fn mount_image(&self) {
        let image = text(self.image.as_ref().unwrap().path());
        as_root(&[
            "mount",
            "-o",
            "loop,errors=remount-ro",
            image,
            text(self.path()),
        ]);
    }

    /// Its root folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves no byte free, and proves it.
    pub(crate) fn fill(&self) {
        let mut ballast = File::create(self.path().join("ballast")).unwrap();
        for size in [1 << 16, 1 << 12, 1] {
            while ballast.write_all(&vec![b'.'; size]).is_ok() {}
        }
        let refused = ballast.write_all(b".").unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::StorageFull, "{refused}");
    }

    /// Frees what was filled.
    pub(crate) fn free(&self) {
        std::fs::remove_file(self.path().join("ballast")).unwrap();
    }

    /// The file system finds an error and makes itself read-only, under all who have files open; proves it.
    pub(crate) fn break_down(&self) {
        let source = [
            "findmnt",
            "--noheadings",
            "--output",
            "SOURCE",
            text(self.path()),
        ];
        let device = String::from_utf8(as_root(&source).stdout).unwrap();
        let name = device.trim().strip_prefix("/dev/").unwrap();
        let trigger = format!("echo 1 >/sys/fs/ext4/{name}/trigger_fs_error");
        as_root(&["sh", "-c", &trigger]);
        let refused = File::create(self.path().join("refused")).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ReadOnlyFilesystem, "{refused}");
    }

    /// Repairs it and mounts it again; nobody may be using it.
    pub(crate) fn repair(&self) {
        as_root(&["umount", text(self.path())]);
        // It says by its exit code that there was something to correct.
        drop(root(&[
            "e2fsck",
            "-p",
            text(self.image.as_ref().unwrap().path()),
        ]));
        self.mount_image();
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

/// Makes a file immutable, also for those who have it open; or gives it back.
pub(crate) fn set_immutable(path: &Path, is_immutable: bool) {
    let change = if is_immutable { "+i" } else { "-i" };
    as_root(&["chattr", change, text(path)]);
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn as_root(command: &[&str]) -> Output {
    let done = root(command);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{NEEDS}: {command:?} says {said}");
    done
}

fn root(command: &[&str]) -> Output {
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let with_sudo: &[&str] = if is_root { &[] } else { &["sudo", "-n"] };
    let whole: Vec<&str> = with_sudo.iter().chain(command).copied().collect();
    let done = Command::new(whole[0]).args(&whole[1..]).output();
    done.unwrap_or_else(|error| panic!("{NEEDS}: {whole:?}: {error}"))
}
