//! Conduits and their shards over HTTP, with the app's token.

use serde::Deserialize;
use serde_json::json;

use super::eventsub::first;
use super::helix::Page;
use super::transfer::Auth;
use super::{Client, Error, lenient};

/// A conduit of this app.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Conduit {
    /// Twitch's id.
    #[serde(deserialize_with = "lenient::text")]
    pub id: String,
    /// How many shards it has.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub shard_count: i64,
}

/// A shard of a conduit as Twitch lists it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Shard {
    /// `"0"` and up.
    #[serde(deserialize_with = "lenient::text")]
    pub id: String,
    /// `enabled`, or why it is not.
    #[serde(default, deserialize_with = "lenient::text")]
    pub status: String,
    #[serde(default, deserialize_with = "lenient::or_default")]
    transport: ShardTransport,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
struct ShardTransport {
    #[serde(default, deserialize_with = "lenient::text")]
    session_id: String,
}

impl Shard {
    /// Twitch delivers over this shard to this WebSocket session.
    pub fn is_served_by(&self, session_id: &str) -> bool {
        self.status == "enabled" && self.transport.session_id == session_id
    }
}

/// The answer to binding shards: 202 even when it did not work.
#[derive(Debug, Deserialize)]
struct ShardsAnswer {
    #[serde(default, deserialize_with = "lenient::list")]
    errors: Vec<ShardError>,
}

#[derive(Debug, Deserialize)]
struct ShardError {
    #[serde(default, deserialize_with = "lenient::text")]
    message: String,
}

impl Client {
    /// The app's conduits, at most five.
    ///
    /// # Errors
    /// [`Error::NotFound`] where Twitch has no conduits at all.
    pub async fn conduits(&self) -> Result<Vec<Conduit>, Error> {
        let request = self.0.http.get(self.eventsub_url("conduits"));
        let page: Page<Conduit> = self.helix(Auth::App, request).await?;
        Ok(page.data)
    }

    /// Makes a conduit.
    ///
    /// # Errors
    /// [`Error::LimitReached`] when the app has five.
    pub async fn create_conduit(&self, shard_count: usize) -> Result<Conduit, Error> {
        let request = self
            .0
            .http
            .post(self.eventsub_url("conduits"))
            .json(&json!({"shard_count": shard_count}));
        first(self.helix(Auth::App, request).await?)
    }

    /// Changes how many shards a conduit has.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is gone.
    pub async fn resize_conduit(&self, id: &str, shard_count: usize) -> Result<(), Error> {
        let request = self
            .0
            .http
            .patch(self.eventsub_url("conduits"))
            .json(&json!({"id": id, "shard_count": shard_count}));
        self.helix_done(Auth::App, request).await
    }

    /// Ends a conduit and with it its subscriptions; one that has ended already is fine.
    ///
    /// # Errors
    /// When Twitch fails.
    pub async fn delete_conduit(&self, id: &str) -> Result<(), Error> {
        let request = self
            .0
            .http
            .delete(self.eventsub_url("conduits"))
            .query(&[("id", id)]);
        match self.helix_done(Auth::App, request).await {
            Ok(()) | Err(Error::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The shards of a conduit.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the conduit is gone.
    pub async fn shards(&self, conduit_id: &str) -> Result<Vec<Shard>, Error> {
        let request = self
            .0
            .http
            .get(self.eventsub_url("conduits/shards"))
            .query(&[("conduit_id", conduit_id)]);
        let page: Page<Shard> = self.helix(Auth::App, request).await?;
        Ok(page.data)
    }

    /// Makes a WebSocket session serve a shard; due within ten seconds of its welcome.
    ///
    /// # Errors
    /// Also when Twitch accepts the request but names an error for the shard.
    pub async fn bind_shard(
        &self,
        conduit_id: &str,
        shard: usize,
        session_id: &str,
    ) -> Result<(), Error> {
        let request = self
            .0
            .http
            .patch(self.eventsub_url("conduits/shards"))
            .json(&json!({
                "conduit_id": conduit_id,
                "shards": [{
                    "id": shard.to_string(),
                    "transport": {"method": "websocket", "session_id": session_id},
                }],
            }));
        let answer: ShardsAnswer = self.helix(Auth::App, request).await?;
        match answer.errors.into_iter().next() {
            None => Ok(()),
            Some(error) => Err(Error::Rejected {
                status: 202,
                message: error.message,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accepted_answer_can_name_errors_of_shards() {
        let json = r#"{"data":[],"errors":[{"id":"0","message":"session gone","code":"x"}]}"#;
        let answer: ShardsAnswer = serde_json::from_str(json).unwrap();
        assert_eq!(answer.errors[0].message, "session gone");
        let fine: ShardsAnswer = serde_json::from_str(r#"{"data":[],"errors":null}"#).unwrap();
        assert!(fine.errors.is_empty());
    }

    #[test]
    fn a_shard_is_ours_only_with_our_session() {
        let json =
            r#"{"id":"0","status":"enabled","transport":{"method":"websocket","session_id":"a"}}"#;
        let shard: Shard = serde_json::from_str(json).unwrap();
        assert!(shard.is_served_by("a"));
        assert!(!shard.is_served_by("b"));
        let gone: Shard = serde_json::from_str(
            r#"{"id":"0","status":"websocket_disconnected","transport":{"session_id":"a"}}"#,
        )
        .unwrap();
        assert!(!gone.is_served_by("a"));
    }
}
