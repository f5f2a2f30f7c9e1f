//! Who is live: an event counts more than the list of streams, which lags and leaves channels out.

use serde_json::{Value, json};

use super::{has_received, watching};
use crate::support::{Browser, PATIENCE, World, eventually};

async fn live(viewer: &Browser) -> Value {
    viewer.subscriptions().await[0]["live"].clone()
}

/// Waits until the list of streams has been read some more times.
async fn looks_again(world: &World) {
    let before = world.sim.count("/helix/streams").await;
    eventually("some looks at the streams", PATIENCE, async || {
        (world.sim.count("/helix/streams").await >= before + 4).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_streamer_whom_the_list_leaves_out_stays_live_until_word_of_the_end() {
    // late_owl is not among the simulator's streams.
    let (world, vera) = watching("conduit", "late_owl").await;
    assert!(live(&vera).await.is_null());
    for round in 0..3 {
        let stream = format!("stream-{round}");
        let started = json!({ "type": "stream.online", "broadcaster": "late_owl", "event": { "id": stream } });
        let sent = world.sim.happen(started).await;
        has_received(&vera, "late_owl", &sent).await;
        eventually("the card to say live", PATIENCE, async || {
            live(&vera).await.is_object().then_some(())
        })
        .await;
        looks_again(&world).await;
        assert!(live(&vera).await.is_object(), "the list is not believed");
        let ended = json!({ "type": "stream.offline", "broadcaster": "late_owl", "event": { "id": stream } });
        let sent = world.sim.happen(ended).await;
        has_received(&vera, "late_owl", &sent).await;
        eventually("the card to say that it is over", PATIENCE, async || {
            live(&vera).await.is_null().then_some(())
        })
        .await;
    }
}
