//! Twitch's five addresses on five hosts, each with paths of its own: the settings alone say where everything is.

use std::collections::BTreeSet;

use backend::clock::Clock;

use super::gate::Gate;
use super::{arrives, happens, has_received};
use crate::support::{PATIENCE, Server, Setup, Sim, brisk, eventually};

/// The paths that a gate was asked, with the methods.
fn paths(gate: &Gate) -> BTreeSet<String> {
    let asked = gate.asked().into_iter();
    asked
        .map(|one| format!("{} {}", one.method, one.path))
        .collect()
}

fn set(paths: &[&str]) -> BTreeSet<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

#[tokio::test]
async fn each_of_five_hosts_sees_its_own_paths_and_no_others() {
    for transport in ["conduit", "webhook"] {
        let sim = Sim::start().await;
        let [authorize, id, helix, eventsub, sockets] = [
            ("127.0.0.1:0", "/go/here", "/oauth2/authorize"),
            ("127.0.0.2:0", "/deep/down/id", "/oauth2"),
            ("127.0.0.3:0", "/v9", "/helix"),
            ("127.0.0.4:0", "", "/helix/eventsub"),
            ("127.0.0.5:0", "/socket", "/eventsub/ws"),
        ]
        .map(|(address, own, theirs)| {
            let gate = Gate::start(address, own, theirs);
            gate.leads_to(&sim);
            gate
        });
        let settings = [
            ("EVENTSUB_TRANSPORT", transport.to_owned()),
            ("TWITCH_AUTHORIZE_URL", authorize.url("/go/here")),
            ("TWITCH_ID_URL", id.url("/deep/down/id/")),
            ("TWITCH_API_URL", helix.url("/v9")),
            ("TWITCH_EVENTSUB_URL", eventsub.url("")),
            ("TWITCH_EVENTSUB_WS_URL", sockets.ws_url("/socket")),
        ];
        let settings: Vec<(&'static str, &str)> = settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let server = Server::start(&sim, Setup::new(&settings, Clock::system(), brisk()));

        let vera = server.log_in("viewer_vera").await;
        let found = vera.get("/api/v1/streamers?query=mira").await.ok();
        assert_eq!(found["streamers"][0]["login"], "mira_plays");
        vera.get("/api/v1/streamers/followed").await.ok();
        vera.subscribe("mira_plays").await;
        arrives(&vera, "mira_plays").await;
        let sent = happens(&sim, "stream.online", "mira_plays").await;
        assert_eq!(sent.len(), 1, "{transport}");
        has_received(&vera, "mira_plays", &sent).await;
        let unsubscribed = format!("/api/v1/subscriptions/{}", Sim::id("mira_plays"));
        assert_eq!(vera.delete(&unsubscribed).await.status, 204);
        eventually("the topics to be given back", PATIENCE, async || {
            (eventsub.count("DELETE", "/subscriptions") >= 5).then_some(())
        })
        .await;
        assert_eq!(vera.delete("/api/v1/me/grant").await.status, 204);

        assert_eq!(paths(&authorize), set(&["GET /go/here"]), "{transport}");
        assert_eq!(
            paths(&id),
            set(&["POST /deep/down/id/revoke", "POST /deep/down/id/token"]),
            "{transport}"
        );
        assert_eq!(
            paths(&helix),
            set(&[
                "GET /v9/channels/followed",
                "GET /v9/search/channels",
                "GET /v9/streams",
                "GET /v9/users",
            ]),
            "{transport}"
        );
        let of_subscriptions = [
            "DELETE /subscriptions",
            "GET /subscriptions",
            "POST /subscriptions",
        ];
        let mut expected = set(&of_subscriptions);
        if transport == "conduit" {
            expected.extend(set(&[
                "GET /conduits",
                "PATCH /conduits/shards",
                "POST /conduits",
            ]));
        }
        let mut seen = paths(&eventsub);
        // Asked now and then.
        seen.remove("GET /conduits/shards");
        assert_eq!(seen, expected, "{transport}");
        // By webhook too there is one: the chats come over a socket of the viewer.
        assert_eq!(paths(&sockets), set(&["GET /socket"]), "{transport}");
    }
}

/// The token of a viewer goes to Twitch's API and login hosts and to nobody else.
#[tokio::test]
async fn a_start_with_viewers_validates_them_at_the_login_host() {
    let sim = Sim::start().await;
    let id = Gate::start("127.0.0.2:0", "/id", "/oauth2");
    id.leads_to(&sim);
    let url = id.url("/id");
    let settings = [("TWITCH_ID_URL", url.as_str())];
    let mut server = Server::start(&sim, Setup::new(&settings, Clock::system(), brisk()));
    let vera = server.log_in("viewer_vera").await;
    server.restart().await;
    eventually("a validation", PATIENCE, async || {
        (id.count("GET", "/id/validate") == 1).then_some(())
    })
    .await;
    vera.get("/api/v1/me").await.ok();
    let elsewhere = sim.requests().await;
    let logins = elsewhere
        .iter()
        .filter(|(_, path, _)| path == "/oauth2/validate");
    assert_eq!(logins.count(), 1, "by the gate alone");
}
