//! Every kind of trouble that Twitch and networks make, each seen to happen first and to be survived after.

mod answers;
mod gate;
mod grants;
mod hosts;
mod killed;
mod log;
mod messages;
mod moves;
mod order;
mod shapes;
mod sockets;

use std::collections::BTreeSet;

use backend::clock::Clock;
use backend::timings::Timings;

use self::gate::Gate;
use crate::support::{Browser, PATIENCE, Server, Setup, Sim, World, eventually};
use crate::topics::{arrives, happens, has_received, received, topics_shown};

/// A server all of whose ways to Twitch lead through one gate.
struct Gated {
    world: World,
    gate: Gate,
}

impl Gated {
    async fn start(settings: &[(&'static str, &str)], timings: Timings) -> Self {
        let sim = Sim::start().await;
        let gate = Gate::before(&sim);
        let urls = [
            ("TWITCH_ID_URL", gate.url("/oauth2")),
            ("TWITCH_API_URL", gate.url("/helix")),
            ("TWITCH_EVENTSUB_WS_URL", gate.ws_url("/eventsub/ws")),
        ];
        let urls = urls.iter().map(|(name, url)| (*name, url.as_str()));
        let settings: Vec<_> = urls.chain(settings.iter().copied()).collect();
        let server = Server::start(&sim, Setup::new(&settings, Clock::system(), timings));
        Self {
            world: World { server, sim },
            gate,
        }
    }
}

/// A viewer who is subscribed to one streamer whose topics all arrive.
async fn watching(server: &Server, login: &str) -> Browser {
    let vera = server.log_in("viewer_vera").await;
    vera.subscribe(login).await;
    arrives(&vera, login).await;
    vera
}

/// Waits until somebody's socket carries the chat of a channel; answers the message ids of what came over it.
async fn chat_is_read(sim: &Sim, login: &str) -> Vec<String> {
    eventually("the chat to be read", PATIENCE, async || {
        let ids = happens(sim, "channel.chat.notification", login).await;
        (!ids.is_empty()).then_some(ids)
    })
    .await
}

/// The sessions that serve the shards of the one conduit there is, in the order of the shards.
pub(crate) async fn shards(sim: &Sim) -> Vec<String> {
    let told = sim.browser().get("/sim/subscriptions").await.ok();
    let conduits = told["conduits"].as_array().unwrap();
    assert!(conduits.len() <= 1, "one conduit is enough: {told}");
    let shards = conduits.iter().flat_map(|one| one["shards"].as_array());
    let alive = shards
        .flatten()
        .filter(|shard| shard["status"] == "enabled");
    alive
        .map(|shard| {
            shard["transport"]["session_id"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

/// The sessions over which viewers carry what comes by their own sockets.
async fn carriers(sim: &Sim) -> BTreeSet<String> {
    let all = sim.enabled().await;
    all.iter()
        .filter_map(|one| one["transport"]["session_id"].as_str())
        .map(str::to_owned)
        .collect()
}

/// Waits until both shards are in service; answers their sessions.
async fn both_shards_serve(sim: &Sim) -> Vec<String> {
    eventually("both shards in service", PATIENCE, async || {
        let shards = shards(sim).await;
        (shards.len() == 2).then_some(shards)
    })
    .await
}

/// Waits until `/readyz` says this of a part; answers the whole of what it says of it.
async fn readyz_says(server: &Server, part: &str, words: &str) -> String {
    eventually(&format!("{words:?} of {part}"), PATIENCE, async || {
        let told = server.browser().get("/readyz").await.json();
        let said = told["failing"][part].as_str()?.to_owned();
        said.contains(words).then_some(said)
    })
    .await
}

/// Waits until `/readyz` has nothing against a part.
async fn readyz_is_content(server: &Server, part: &str) {
    eventually(&format!("{part} to work"), PATIENCE, async || {
        let told = server.browser().get("/readyz").await.json();
        told["failing"].get(part).is_none().then_some(())
    })
    .await;
}
