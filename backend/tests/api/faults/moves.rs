//! Twitch asks a socket to move, or greets late.

use std::time::Duration;

use backend::clock::Clock;
use backend::timings::Timings;
use serde_json::{Value, json};

use super::gate::{Fault, Gate};
use super::{
    Gated, both_shards_serve, happens, has_received, readyz_is_content, readyz_says, shards,
    watching,
};
use crate::support::{PATIENCE, Server, Setup, Sim, World, brisk, eventually};

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
        "two sockets that Twitch has greeted",
        PATIENCE,
        async || (world.sim.count("/eventsub/ws").await == opened + 2).then_some(()),
    )
    .await;
    assert!(
        shards(&world.sim).await.is_empty(),
        "the welcome is on its way"
    );
    gate.mend();
    both_shards_serve(&world.sim).await;
    assert_eq!(
        world.sim.count("/eventsub/ws").await,
        opened + 2,
        "the same sockets"
    );
    let sent = happens(&world.sim, "channel.raid", "mira_plays").await;
    has_received(&vera, "mira_plays", &sent).await;
}

#[tokio::test]
async fn a_socket_without_a_welcome_is_given_up_and_tried_again() {
    let Gated { world, gate } = Gated::start(&CONDUIT, impatient()).await;
    let vera = watching(&world.server, "mira_plays").await;
    let opened = world.sim.count("/eventsub/ws").await;
    gate.hold_frames();
    world.sim.fault(json!({ "fault": "drop_sockets" })).await;
    readyz_says(&world.server, "eventsub", "Twitch's WebSocket").await;
    eventually("further attempts", PATIENCE, async || {
        (world.sim.count("/eventsub/ws").await >= opened + 4).then_some(())
    })
    .await;
    gate.mend();
    readyz_is_content(&world.server, "eventsub").await;
    both_shards_serve(&world.sim).await;
    let sent = happens(&world.sim, "channel.raid", "mira_plays").await;
    assert_eq!(sent.len(), 1);
    has_received(&vera, "mira_plays", &sent).await;
}

/// Those of the messages that Twitch has written to a socket; what a socket had still to carry when it was
/// closed is gone.
async fn written(sim: &Sim, message_ids: &[String]) -> Vec<String> {
    let log = sim.log().await;
    let deliveries = log["deliveries"].as_array().unwrap();
    let is_written = |id: &&String| {
        let mut of_it = deliveries
            .iter()
            .filter(|one| one["message_id"] == id.as_str());
        of_it.any(|one| one["outcome"] == "sent")
    };
    message_ids.iter().filter(is_written).cloned().collect()
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
        let moving = json!({ "fault": "reconnect_sockets", "count": 1 });
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
        let sent = written(&world.sim, &sent).await;
        has_received(&vera, "mira_plays", &sent).await;
        let creations = asked(&world.sim, "POST", "/helix/eventsub/subscriptions").await;
        assert_eq!(
            creations, created,
            "{refusal:?}: subscriptions stay with the conduit"
        );
        let bindings = asked(&world.sim, "PATCH", "/helix/eventsub/conduits/shards").await;
        // Twitch's word that the shard is gone may come while it is being replaced, which costs more of them.
        assert!((1..=5).contains(&(bindings - bound)), "{refusal:?}");
        let told: Value = world.server.browser().get("/readyz").await.json();
        assert!(
            told["failing"].get("eventsub").is_none(),
            "{refusal:?}: {told}"
        );
    }
}
