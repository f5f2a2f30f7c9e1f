//! Which way events come: a webhook where Twitch can reach us, else a conduit, else the viewers' own WebSockets.

use super::conduit;
use super::diff::Route;
use super::reason;
use crate::config::{Config, PublicUrl, TransportSetting};
use crate::store::Store;
use crate::twitch;

/// What the settings ask for, before Twitch is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Webhook,
    Conduit,
    Viewers,
}

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    /// Events come this way.
    Route(Route),
    /// These topics cannot come at all, for a reason that only people can change.
    Unavailable(&'static str),
}

fn choose(setting: TransportSetting, public_url: &PublicUrl) -> Choice {
    match setting {
        TransportSetting::Auto if public_url.can_receive_webhooks() => Choice::Webhook,
        TransportSetting::Webhook => Choice::Webhook,
        TransportSetting::Auto | TransportSetting::Conduit => Choice::Conduit,
        TransportSetting::Websocket => Choice::Viewers,
    }
}

/// Settles the way, making our conduit where it is needed. While a conduit `is_serving`, that Twitch says it has
/// none counts as a failure: a wrong answer must not end what works.
///
/// # Errors
/// When Twitch could not be asked or the database failed: ask again.
pub(super) async fn resolve(
    config: &Config,
    store: &Store,
    twitch: &twitch::Client,
    is_serving: bool,
) -> Result<Resolved, conduit::Error> {
    match choose(config.transport, &config.public_url) {
        Choice::Webhook => Ok(Resolved::Route(Route::Webhook {
            callback: config.public_url.webhook_callback(),
        })),
        Choice::Viewers => Ok(Resolved::Route(Route::Viewers)),
        Choice::Conduit => match conduit::ensure(store, twitch).await {
            Ok(id) => Ok(Resolved::Route(Route::Conduit { id })),
            Err(conduit::Error::Twitch(twitch::Error::NotFound)) if !is_serving => match config
                .transport
            {
                TransportSetting::Auto => Ok(Resolved::Route(Route::Viewers)),
                TransportSetting::Webhook
                | TransportSetting::Conduit
                | TransportSetting::Websocket => Ok(Resolved::Unavailable(reason::NEEDS_CONDUIT)),
            },
            Err(conduit::Error::Twitch(twitch::Error::LimitReached(_))) => {
                Ok(Resolved::Unavailable(reason::NO_MORE_CONDUITS))
            }
            Err(error) => Err(error),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auto_takes_the_webhook_only_where_twitch_can_reach_it() {
        let choice = |url: &str| {
            let url = PublicUrl::new(url.parse().unwrap()).unwrap();
            choose(TransportSetting::Auto, &url)
        };
        assert_eq!(choice("https://events.example.org"), Choice::Webhook);
        assert_eq!(choice("https://events.example.org:8443"), Choice::Conduit);
        assert_eq!(choice("http://localhost:7001"), Choice::Conduit);
    }

    #[test]
    fn a_setting_beats_the_address() {
        let local = PublicUrl::new("http://localhost:7001".parse().unwrap()).unwrap();
        assert_eq!(choose(TransportSetting::Webhook, &local), Choice::Webhook);
        let public = PublicUrl::new("https://a.example".parse().unwrap()).unwrap();
        assert_eq!(choose(TransportSetting::Conduit, &public), Choice::Conduit);
        assert_eq!(
            choose(TransportSetting::Websocket, &public),
            Choice::Viewers
        );
    }
}
