//! Which streamer an address means, and what is known of them.

use std::rc::Rc;

use wire::{Broadcaster, LiveState, Me, Streamer, Subscription, Topic};
use yew::prelude::*;

use crate::api::Error;
use crate::hooks::use_mut_ref;
use crate::remote::{Remote, use_remote};
use crate::session::use_session;

/// Whether a streamer is live, as far as is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Liveness {
    /// Live, with what is being streamed.
    Streaming(LiveState),
    /// Live; no more is known of a streamer one is not subscribed to.
    Live,
    Offline,
}

/// The streamer whose page is shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Target {
    pub broadcaster: Broadcaster,
    pub liveness: Liveness,
    pub is_subscribed: bool,
    /// Their events arrive live: the viewer is subscribed, or it is the
    /// viewer's own channel.
    pub arrives_live: bool,
    pub topics: Vec<Topic>,
}

impl Target {
    fn from_subscription(entry: &Subscription) -> Self {
        Self {
            broadcaster: entry.broadcaster.clone(),
            liveness: entry
                .live
                .clone()
                .map_or(Liveness::Offline, Liveness::Streaming),
            is_subscribed: true,
            arrives_live: true,
            topics: entry.topics.clone(),
        }
    }

    fn from_streamer(streamer: &Streamer, me: &str) -> Self {
        Self {
            broadcaster: Broadcaster {
                id: streamer.id.clone(),
                login: streamer.login.clone(),
                display_name: streamer.display_name.clone(),
                profile_image_url: streamer.profile_image_url.clone(),
            },
            liveness: if streamer.live {
                Liveness::Live
            } else {
                Liveness::Offline
            },
            is_subscribed: false,
            arrives_live: streamer.id == me,
            topics: Vec::new(),
        }
    }

    fn after_unsubscribing(self, me: &str) -> Self {
        Self {
            is_subscribed: false,
            arrives_live: self.broadcaster.id == me,
            topics: Vec::new(),
            ..self
        }
    }
}

/// What an address turned out to mean.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Resolved {
    Loading,
    Found(Rc<Target>),
    /// Twitch knows no such login.
    Unknown,
    Failed(Error),
}

/// Finds the streamer: among the subscriptions, else by asking the server.
/// Whoever was found once stays on the page when the subscription goes.
#[hook]
pub(super) fn use_target(
    login: &str,
    subscriptions: &Remote<Rc<Vec<Subscription>>>,
) -> (Resolved, Callback<()>) {
    let session = use_session();
    let login = login.to_ascii_lowercase();
    let me = session.me().map(|me| Me::clone(me));
    let my_id = me.map(|me| me.id).unwrap_or_default();
    let known = use_mut_ref(|| None::<Target>);

    let subscribed = subscriptions.ready().and_then(|entries| {
        let entry = entries
            .iter()
            .find(|entry| entry.broadcaster.login == login);
        entry.map(Target::from_subscription)
    });
    if subscribed.is_some() {
        known.replace(subscribed.clone());
    }
    let kept = known
        .borrow()
        .clone()
        .filter(|target| target.broadcaster.login == login);
    // Asking must wait for the subscriptions: most addresses are among them.
    let question = (kept.is_none() && subscriptions.ready().is_some()).then(|| login.clone());
    let found = use_remote(question, |api, question| async move {
        let Some(login) = question else {
            return Ok(None);
        };
        let matches = api.search_streamers(&login).await?;
        let exact = matches.into_iter().find(|streamer| streamer.login == login);
        Ok(Some((login, exact)))
    });

    let resolved = match (subscriptions, subscribed, kept, found.get()) {
        (_, Some(target), _, _) => Resolved::Found(Rc::new(target)),
        (_, None, Some(target), _) => Resolved::Found(Rc::new(target.after_unsubscribing(&my_id))),
        (Remote::Loading, None, None, _) => Resolved::Loading,
        (Remote::Failed(error), None, None, _) => Resolved::Failed(error.clone()),
        (Remote::Ready(_), None, None, Remote::Failed(error)) => Resolved::Failed(error.clone()),
        (Remote::Ready(_), None, None, Remote::Loading) => Resolved::Loading,
        (Remote::Ready(_), None, None, Remote::Ready(answer)) => match answer.as_ref() {
            Some((asked, Some(streamer))) if *asked == login => {
                Resolved::Found(Rc::new(Target::from_streamer(streamer, &my_id)))
            }
            Some((asked, None)) if *asked == login => Resolved::Unknown,
            // The answer to the question before.
            Some(_) | None => Resolved::Loading,
        },
    };
    (resolved, found.on_retry())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streamer(live: bool) -> Streamer {
        Streamer {
            id: "7".into(),
            login: "mira_plays".into(),
            display_name: "Mira_Plays".into(),
            profile_image_url: String::new(),
            live,
            subscribed: false,
        }
    }

    #[test]
    fn the_own_channel_arrives_live_without_a_subscription() {
        assert!(Target::from_streamer(&streamer(true), "7").arrives_live);
        let of_another = Target::from_streamer(&streamer(true), "8");
        assert!(!of_another.arrives_live);
        assert_eq!(of_another.liveness, Liveness::Live);
    }

    #[test]
    fn unsubscribing_keeps_the_streamer_and_what_is_streamed() {
        let mut target = Target::from_streamer(&streamer(false), "8");
        target.is_subscribed = true;
        target.arrives_live = true;
        let after = target.after_unsubscribing("8");
        assert_eq!(after.broadcaster.login, "mira_plays");
        assert!(!after.is_subscribed);
        assert!(!after.arrives_live);
    }
}
