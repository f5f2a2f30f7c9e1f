//! A disk without a byte left.

use backend::clock::Clock;

use super::Scene;
use crate::support::{Disk, PATIENCE, World, brisk, eventually};

#[tokio::test]
async fn on_a_full_disk_nothing_is_acknowledged_and_with_room_again_all_goes_on() {
    let disk = Disk::in_memory(8);
    let mut scene = Scene::begin(disk.path()).await;
    for _ in 0..2 {
        disk.fill();
        scene.is_refused(20).await;
        let reason = scene.is_not_ready().await;
        assert!(reason.contains("full"), "{reason}");
        scene.lists_what_was_acknowledged().await;
        scene.is_refused(5).await;
        scene.is_not_ready().await;
        disk.free();
        scene.is_ready().await;
        scene.takes_what_was_refused().await;
    }
    scene.survives_kill_9().await;
}

/// Whoever watches over the server learns of it before an event is refused.
#[tokio::test]
async fn a_full_disk_is_told_though_nothing_comes() {
    let disk = Disk::in_memory(8);
    let settings = [("DATA_DIR", disk.path().to_str().unwrap())];
    let world = World::tuned(&settings, Clock::system(), brisk()).await;
    let readiness = async || world.server.browser().get("/readyz").await.status;
    for _ in 0..2 {
        eventually("the server to be ready", PATIENCE, async || {
            (readiness().await == 200).then_some(())
        })
        .await;
        disk.fill();
        eventually("the full disk to be noticed", PATIENCE, async || {
            (readiness().await == 503).then_some(())
        })
        .await;
        disk.free();
    }
}
