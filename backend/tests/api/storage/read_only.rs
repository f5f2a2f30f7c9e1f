//! A disk or a file that can only be read any more.

use super::Scene;
use crate::support::{Disk, set_immutable};

/// Nobody may write to the file, not even those who have it open; nothing is remounted, so the server can go on.
#[tokio::test]
async fn with_files_made_read_only_nothing_is_acknowledged_and_given_back_all_goes_on() {
    let disk = Disk::ext4(16);
    let mut scene = Scene::begin(disk.path()).await;
    let files = ["events.db", "events.db-wal"].map(|name| scene.installation.data_dir().join(name));
    for _ in 0..2 {
        for file in &files {
            set_immutable(file, true);
            let refused = std::fs::OpenOptions::new().write(true).open(file);
            assert!(refused.is_err(), "the file must refuse to be written");
        }
        scene.is_refused(10).await;
        scene.is_not_ready().await;
        scene.lists_what_was_acknowledged().await;
        for file in &files {
            set_immutable(file, false);
        }
        scene.is_ready().await;
        scene.takes_what_was_refused().await;
    }
    scene.survives_kill_9().await;
}

/// As Linux does when it finds an error on the disk. The disk has to be mounted anew, and so the server to be started
/// anew.
#[tokio::test]
async fn on_a_disk_that_turned_read_only_nothing_is_acknowledged_and_after_its_repair_all_is_there()
{
    let disk = Disk::ext4(16);
    let mut scene = Scene::begin(disk.path()).await;
    disk.break_down();
    scene.is_refused(10).await;
    scene.is_not_ready().await;
    scene.lists_what_was_acknowledged().await;
    let stopped = scene.program.terminate().await;
    assert_eq!(stopped.code, Some(0), "{}", stopped.stderr);

    let start = scene.installation.command().ends().await;
    assert_eq!(start.code, Some(1), "{}", start.stderr);
    assert!(start.stderr.contains("events.db"), "{}", start.stderr);
    disk.repair();
    scene.program = scene.installation.start().await;
    scene.takes_what_was_refused().await;
    scene.survives_kill_9().await;
}
