//! Another program under the same Twitch client id: what it has at Twitch is nobody else's business.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Browser, Sim};

/// A program with a token of the app.
pub(crate) struct OtherProgram {
    twitch: Browser,
}

impl OtherProgram {
    /// Gets a token of the app, as any installation does.
    pub(crate) async fn start(sim: &Sim) -> Self {
        let form = format!(
            "client_id={}&client_secret={}&grant_type=client_credentials",
            twitch_sim::CLIENT_ID,
            twitch_sim::CLIENT_SECRET
        );
        let login = sim.browser().ask(Method::POST, "/oauth2/token");
        let answer = login
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await;
        let token = answer.ok()["access_token"].as_str().unwrap().to_owned();
        Self {
            twitch: sim.browser().with_token(&token),
        }
    }

    /// Calls Helix; answers the body.
    pub(crate) async fn helix(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let ask = self
            .twitch
            .ask(method, &format!("/helix{path}"))
            .header("client-id", twitch_sim::CLIENT_ID);
        let ask = match &body {
            Some(body) => ask.json(body),
            None => ask,
        };
        let answer = ask.send().await;
        assert!(
            (200..300).contains(&answer.status),
            "{path}: {} {}",
            answer.status,
            answer.text
        );
        if answer.text.is_empty() {
            Value::Null
        } else {
            answer.json()
        }
    }

    /// Makes a conduit; answers its id.
    pub(crate) async fn conduit(&self) -> String {
        let made = self
            .helix(
                Method::POST,
                "/eventsub/conduits",
                Some(json!({ "shard_count": 1 })),
            )
            .await;
        made["data"][0]["id"].as_str().unwrap().to_owned()
    }

    /// The ids of all conduits of the app.
    pub(crate) async fn conduits(&self) -> Vec<String> {
        let listed = self.helix(Method::GET, "/eventsub/conduits", None).await;
        listed["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Subscribes to a type of a channel; answers the subscription's id.
    pub(crate) async fn subscribe(
        &self,
        event_type: &str,
        broadcaster_id: &str,
        transport: &Value,
    ) -> String {
        let body = json!({
            "type": event_type, "version": "1", "transport": transport,
            "condition": { "broadcaster_user_id": broadcaster_id },
        });
        let made = self
            .helix(Method::POST, "/eventsub/subscriptions", Some(body))
            .await;
        made["data"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Deletes a subscription, whoever made it.
    pub(crate) async fn delete(&self, subscription_id: &str) {
        self.helix(
            Method::DELETE,
            &format!("/eventsub/subscriptions?id={subscription_id}"),
            None,
        )
        .await;
    }
}
