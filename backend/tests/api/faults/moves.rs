//! Twitch asks a socket to move, or greets late.

use std::time::Duration;

use backend::clock::Clock;
use backend::timings::Timings;
use serde_json::{Value, json};

use super::gate::{Fault, Gate};
use super::{
    Gated, both_shards_serve, carriers, chat_is_read, happens, has_received, readyz_is_content,
    readyz_says, received, shards, watching,
};
use crate::support::{Browser, PATIENCE, Server, Setup, Sim, World, brisk, eventually};

const CONDUIT: [(&str, &str); 1] = [("EVENTSUB_TRANSPORT", "conduit")];

fn impatient() -> Timings {
    Timings {
        twitch_timeout: Duration::from_secs(2),
        ..brisk()
    }
}

/// How often a method was asked of a path.
async fn asked(sim: &Sim, method: &str, path: &str) -> usize {
    let requests = sim.requests().await;
    let fits = |(asked, at, _): &&(String, String, u64)| asked == method && at == path;
    requests.iter().filter(fits).count()
}

#[tokio::test]
async fn a_welcome_that_comes_late_is_waited_for() {
    let Gated { world, gate } = Gated::start(&CONDUIT, brisk()).await;
    let vera = watching(&world.server, "mira_plays").await;
    both_shards_serve(&world.sim).await;
    let opened = world.sim.count("/eventsub/ws").await;
    gate.hold_frames();
    world.sim.fault(json!({ "fault": "drop_sockets" })).await;
    eventually(
        "sockets of both shards and of the viewer that Twitch has greeted",
        PATIENCE,
        async || (world.sim.count("/eventsub/ws").await == opened + 3).then_some(()),
    )
    .await;
    assert!(
        shards(&world.sim).await.is_empty(),
        "the welcome is on its way"
    );
    gate.mend();
    both_shards_serve(&world.sim).await;
    let mut sent = happens(&world.sim, "channel.raid", "mira_plays").await;
    assert_eq!(sent.len(), 1);
    sent.extend(chat_is_read(&world.sim, "mira_plays").await);
    has_received(&vera, "mira_plays", &sent).await;
    assert_eq!(
        world.sim.count("/eventsub/ws").await,
        opened + 3,
        "the same sockets"
    );
}

#[tokio::test]
async fn a_socket_without_a_welcome_is_given_up_and_tried_again() {
    let Gated { world, gate } = Gated::start(&CONDUIT, impatient()).await;
    let vera = watching(&world.server, "mira_plays").await;
    let opened = world.sim.count("/eventsub/ws").await;
    gate.hold_frames();
    let dropped = world.sim.fault(json!({ "fault": "drop_sockets" })).await;
    assert_eq!(dropped["affected"], 3, "two shards and a carrier");
    readyz_says(&world.server, "eventsub", "Twitch's WebSocket").await;
    eventually("further attempts", PATIENCE, async || {
        (world.sim.count("/eventsub/ws").await >= opened + 6).then_some(())
    })
    .await;
    gate.mend();
    readyz_is_content(&world.server, "eventsub").await;
    both_shards_serve(&world.sim).await;
    let sent = happens(&world.sim, "channel.raid", "mira_plays").await;
    assert_eq!(sent.len(), 1);
    has_received(&vera, "mira_plays", &sent).await;
}

/// How the address refuses to which Twitch sends a socket.
#[derive(Debug, Clone)]
enum Refusal {
    /// Nobody listens there.
    Closed,
    By(Fault),
}

/// The fresh session has to be made the shard, since the one to move to was never reached.
#[tokio::test]
async fn a_reconnect_address_that_refuses_is_replaced_by_a_fresh_connection() {
    let refusals = [
        Refusal::Closed,
        Refusal::By(Fault::status(503)),
        Refusal::By(Fault::Garbage),
        Refusal::By(Fault::Nothing),
        // What Twitch itself refuses with 4007.
        Refusal::By(Fault::Altered),
    ];
    for refusal in refusals {
        let cell = Gate::start("127.0.0.1:0", "", "");
        let address = match &refusal {
            Refusal::By(_) => cell.url(""),
            Refusal::Closed => {
                let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
                format!("http://{}", closed.local_addr().unwrap())
            }
        };
        let sim = Sim::with(twitch_sim::Options {
            public_url: Some(address),
            quiet: true,
            allow_http_callbacks: true,
            ..twitch_sim::Options::default()
        })
        .await;
        cell.leads_to(&sim);
        if let Refusal::By(fault) = &refusal {
            cell.fails("/eventsub/ws", fault.clone());
        }
        let server = Server::start(&sim, Setup::new(&CONDUIT, Clock::system(), impatient()));
        let world = World { server, sim };
        let vera = watching(&world.server, "mira_plays").await;
        let before = both_shards_serve(&world.sim).await;
        let (created, bound) = (
            asked(&world.sim, "POST", "/helix/eventsub/subscriptions").await,
            asked(&world.sim, "PATCH", "/helix/eventsub/conduits/shards").await,
        );
        let moving = json!({ "fault": "reconnect_sockets", "target": before[0] });
        assert_eq!(world.sim.fault(moving).await["affected"], 1);

        let mut sent = Vec::new();
        eventually("a fresh session in service", PATIENCE, async || {
            let ids = happens(&world.sim, "channel.raid", "mira_plays").await;
            assert_eq!(ids.len(), 1, "{refusal:?}: somebody listens all the time");
            sent.extend(ids);
            let after = shards(&world.sim).await;
            let fresh = after.iter().filter(|id| !before.contains(id)).count();
            (after.len() == 2 && fresh == 1).then_some(())
        })
        .await;
        if let Refusal::By(_) = &refusal {
            assert_eq!(
                cell.count("GET", "/eventsub/ws"),
                1,
                "{refusal:?}: it was tried"
            );
        }
        has_received(&vera, "mira_plays", &sent).await;
        let creations = asked(&world.sim, "POST", "/helix/eventsub/subscriptions").await;
        assert_eq!(
            creations, created,
            "{refusal:?}: subscriptions stay with the conduit"
        );
        let bindings = asked(&world.sim, "PATCH", "/helix/eventsub/conduits/shards").await;
        assert_eq!(bindings, bound + 1, "{refusal:?}");
        let told: Value = world.server.browser().get("/readyz").await.json();
        assert!(
            told["failing"].get("eventsub").is_none(),
            "{refusal:?}: {told}"
        );
    }
}

/// A Twitch that sends sockets to an address where nobody listens.
async fn sim_that_leads_nowhere() -> Sim {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    Sim::with(twitch_sim::Options {
        public_url: Some(address),
        quiet: true,
        allow_http_callbacks: true,
        ..twitch_sim::Options::default()
    })
    .await
}

/// Helix has trouble just when the fresh session is to take the shard over.
#[tokio::test]
async fn a_socket_that_fails_to_move_is_read_until_the_next_one_is_bound() {
    let sim = sim_that_leads_nowhere().await;
    let server = Server::start(&sim, Setup::new(&CONDUIT, Clock::system(), impatient()));
    let world = World { server, sim };
    let vera = watching(&world.server, "mira_plays").await;
    let before = both_shards_serve(&world.sim).await;
    let path = "/helix/eventsub/conduits/shards";
    let bound = asked(&world.sim, "PATCH", path).await;
    let refused = json!({ "fault": "http_status", "target": path, "code": 400, "count": 3 });
    world.sim.fault(refused).await;
    let moving = json!({ "fault": "reconnect_sockets", "target": before[0] });
    assert_eq!(world.sim.fault(moving).await["affected"], 1);
    let mut sent = Vec::new();
    eventually("the shard on a fresh session", PATIENCE, async || {
        sent.extend(happens(&world.sim, "channel.raid", "mira_plays").await);
        let after = shards(&world.sim).await;
        assert_eq!(after.len(), 2, "both serve all the time");
        (!after.contains(&before[0])).then_some(())
    })
    .await;
    assert!(
        asked(&world.sim, "PATCH", path).await > bound + 1,
        "it was refused first"
    );
    has_received(&vera, "mira_plays", &sent).await;
}

/// A line of the chat, which comes over each session that carries it and is stored once.
async fn line_is_read(sim: &Sim) {
    let ids = happens(sim, "channel.chat.notification", "mira_plays").await;
    assert!(!ids.is_empty(), "somebody reads the chat all the time");
}

/// Waits until the viewer's list has so many events; it never has more.
async fn has_stored(viewer: &Browser, count: usize) {
    let stored = eventually(&format!("{count} events"), PATIENCE, async || {
        let stored = received(viewer, "mira_plays").await.len();
        (stored >= count).then_some(stored)
    })
    .await;
    assert_eq!(stored, count, "nothing twice");
}

/// All sockets at once are sent to an address that refuses: the old ones serve until the fresh ones are bound, or
/// carry what they carried.
#[tokio::test]
async fn a_move_that_fails_for_all_sockets_loses_nothing() {
    let sim = sim_that_leads_nowhere().await;
    let server = Server::start(&sim, Setup::new(&CONDUIT, Clock::system(), brisk()));
    let world = World { server, sim };
    let vera = watching(&world.server, "mira_plays").await;
    let mut raids = Vec::new();
    let mut lines = 0;
    for round in 1..=5 {
        let bound = both_shards_serve(&world.sim).await;
        let carried = carriers(&world.sim).await;
        let moved = world
            .sim
            .fault(json!({ "fault": "reconnect_sockets" }))
            .await;
        // Those of the round before may still be closing.
        assert!(
            moved["affected"].as_u64() >= Some(3),
            "two shards and a carrier"
        );
        eventually("fresh sessions in service", PATIENCE, async || {
            let ids = happens(&world.sim, "channel.raid", "mira_plays").await;
            assert_eq!(ids.len(), 1, "round {round}: somebody listens all the time");
            raids.extend(ids);
            line_is_read(&world.sim).await;
            lines += 1;
            let (bound_now, carried_now) = (shards(&world.sim).await, carriers(&world.sim).await);
            let are_bound = bound_now.len() == 2 && bound_now.iter().all(|id| !bound.contains(id));
            (are_bound && carried_now.len() == 1 && carried_now != carried).then_some(())
        })
        .await;
    }
    has_received(&vera, "mira_plays", &raids).await;
    has_stored(&vera, raids.len() + lines).await;
}

/// The subscriptions cannot be made anew for a while: so long the old socket is read on.
#[tokio::test]
async fn a_carrier_keeps_its_old_socket_until_the_fresh_one_carries_all() {
    let sim = sim_that_leads_nowhere().await;
    let gate = Gate::before(&sim);
    let api = gate.url("/helix");
    let settings = [("EVENTSUB_TRANSPORT", "conduit"), ("TWITCH_API_URL", &api)];
    let server = Server::start(&sim, Setup::new(&settings, Clock::system(), brisk()));
    let world = World { server, sim };
    let vera = watching(&world.server, "mira_plays").await;
    let before = carriers(&world.sim).await;
    let asked = || gate.count("POST", "/helix/eventsub/subscriptions");
    let asked_before = asked();
    gate.fails_at("POST", "/helix/eventsub/subscriptions", Fault::status(503));
    let moving = json!({ "fault": "reconnect_sockets", "target": "viewer_vera" });
    assert_eq!(world.sim.fault(moving).await["affected"], 1);
    let mut lines = 0;
    eventually("attempts that fail", PATIENCE, async || {
        line_is_read(&world.sim).await;
        lines += 1;
        (asked() >= asked_before + 10).then_some(())
    })
    .await;
    assert_eq!(carriers(&world.sim).await, before);
    gate.mend();
    eventually("a fresh session in its place", PATIENCE, async || {
        line_is_read(&world.sim).await;
        lines += 1;
        let after = carriers(&world.sim).await;
        (after.len() == 1 && after != before).then_some(())
    })
    .await;
    has_stored(&vera, lines).await;
}
