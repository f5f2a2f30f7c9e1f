//! Undoing: the topics go at Twitch, and stay away although Twitch has the permission still.

use super::{
    MIRA, POLLS, all_arrive, are_connected, connected, ids_at_twitch, scopes, takes, twitch_has,
};
use crate::topics::happens;

const NOBODY: [String; 0] = [];

#[tokio::test]
async fn an_undone_step_takes_its_topics_from_twitch_and_no_other() {
    let (mut world, mira) = connected("polls,ads").await;
    all_arrive(&mira).await;
    for _ in 0..2 {
        assert_eq!(mira.delete("/api/v1/me/channel/polls").await.status, 204);
        twitch_has(&world.sim, &["channel.ad_break.begin"]).await;
    }
    are_connected(&mira, &["ads"]).await;
    assert_eq!(happens(&world.sim, POLLS[0], MIRA).await, NOBODY);
    assert!(
        scopes(&mira)
            .await
            .contains(&"channel:read:polls".to_owned()),
        "as Twitch has it"
    );
    let before = ids_at_twitch(&world.sim).await;

    world.server.restart().await;
    all_arrive(&mira).await;
    are_connected(&mira, &["ads"]).await;
    assert_eq!(ids_at_twitch(&world.sim).await, before);

    takes(&mira, "polls").await;
    all_arrive(&mira).await;
    are_connected(&mira, &["ads", "polls"]).await;
}

#[tokio::test]
async fn everything_can_be_undone_at_once() {
    let (world, mira) = connected("polls,ads,moderation").await;
    all_arrive(&mira).await;
    assert_eq!(mira.delete("/api/v1/me/channel").await.status, 204);
    twitch_has(&world.sim, &[]).await;
    are_connected(&mira, &[]).await;
    assert_eq!(mira.delete("/api/v1/me/channel").await.status, 204);

    // The next login asks for what every login asks, and nothing needs more.
    let again = world.server.log_in(MIRA).await;
    assert_eq!(
        scopes(&again).await,
        ["user:read:chat", "user:read:follows"]
    );
}

#[tokio::test]
async fn over_the_streamers_own_socket_it_ends_as_well() {
    let world = crate::support::World::with(&[("EVENTSUB_TRANSPORT", "websocket")]).await;
    let mira = world.server.log_in(MIRA).await;
    takes(&mira, "polls,ads").await;
    all_arrive(&mira).await;
    assert_eq!(mira.delete("/api/v1/me/channel/ads").await.status, 204);
    twitch_has(&world.sim, &POLLS).await;
    assert_eq!(mira.delete("/api/v1/me/channel").await.status, 204);
    twitch_has(&world.sim, &[]).await;
}
