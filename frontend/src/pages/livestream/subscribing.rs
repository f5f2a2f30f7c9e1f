//! Subscribing and unsubscribing from the streamer's own page.

use wire::{Broadcaster, Subscription};
use yew::prelude::*;

use crate::action::use_action;
use crate::components::icon::{Glyph, icon};
use crate::hooks::use_effect_with;
use crate::remote::RemoteHandle;
use crate::shared::use_shared;
use crate::toasts::use_toasts;

/// Says how it is; a press makes it the other way round.
pub(super) fn subscribe_button(name: &str, is_subscribed: bool, change: &Subscribing) -> Html {
    let wants = !is_subscribed;
    let is_busy = change.is_busy;
    let on_change = change.on_change.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        if !is_busy {
            on_change.emit(wants);
        }
    });
    let title = if is_subscribed {
        format!("Unsubscribe from {name}")
    } else {
        format!("Collect the events of {name}")
    };
    html! {
        <button
            type="button"
            class={classes!("btn", "subscribe-toggle", wants.then_some("primary"))}
            aria-disabled={is_busy.to_string()}
            {title}
            {onclick}
        >
            if is_subscribed {
                { icon(Glyph::Check) }
                <span>{ "Subscribed" }</span>
            } else {
                { "Subscribe" }
            }
        </button>
    }
}

/// How to subscribe to one streamer, see [`use_subscribing`].
pub(super) struct Subscribing {
    /// Takes `true` to subscribe.
    pub on_change: Callback<bool>,
    pub is_busy: bool,
}

/// Changes the subscription, keeps the list in step, and offers to undo.
#[hook]
pub(super) fn use_subscribing(
    broadcaster: &Broadcaster,
    subscriptions: &RemoteHandle<Vec<Subscription>>,
) -> Subscribing {
    let toasts = use_toasts();
    let unread = use_shared().unread;
    let subscribe = {
        let subscriptions = subscriptions.clone();
        let unread = unread.clone();
        use_action(
            |api, login: String| async move { api.subscribe(&login).await },
            Callback::from(move |entry: Subscription| {
                unread.add(&entry);
                subscriptions.change(move |list| with(list, &entry));
            }),
        )
    };
    let unsubscribe = {
        let subscriptions = subscriptions.clone();
        let toasts = toasts.clone();
        let undo = subscribe.on_run();
        use_action(
            |api, who: Broadcaster| async move {
                api.unsubscribe(&who.id).await?;
                Ok(who)
            },
            Callback::from(move |who: Broadcaster| {
                unread.remove(&who.id);
                let gone = who.id.clone();
                subscriptions.change(move |list| without(list, &gone));
                let login = who.login.clone();
                toasts.offer(
                    format!("Unsubscribed from {}.", who.display_name),
                    "Undo",
                    undo.reform(move |()| login.clone()),
                );
            }),
        )
    };
    {
        let failed = subscribe.error().or(unsubscribe.error()).cloned();
        use_effect_with(failed, move |failed| {
            if let Some(error) = failed {
                toasts.say(error.message());
            }
        });
    }
    let is_busy = subscribe.is_busy() || unsubscribe.is_busy();
    let who = broadcaster.clone();
    let on_change = Callback::from(move |wants: bool| {
        if wants {
            subscribe.run(who.login.clone());
        } else {
            unsubscribe.run(who.clone());
        }
    });
    Subscribing { on_change, is_busy }
}

fn with(list: &[Subscription], entry: &Subscription) -> Vec<Subscription> {
    let mut list = without(list, &entry.broadcaster.id);
    // Live ones come first, as the server sends them.
    let at = if entry.live.is_some() { 0 } else { list.len() };
    list.insert(at, entry.clone());
    list
}

fn without(list: &[Subscription], broadcaster_id: &str) -> Vec<Subscription> {
    list.iter()
        .filter(|entry| entry.broadcaster.id != broadcaster_id)
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str) -> Subscription {
        Subscription {
            broadcaster: Broadcaster {
                id: id.into(),
                login: format!("login_{id}"),
                display_name: String::new(),
                profile_image_url: String::new(),
            },
            live: None,
            topics: Vec::new(),
            unread: 0,
            read_cursor: "0".into(),
            last_event: None,
            created_at: String::new(),
        }
    }

    #[test]
    fn subscribing_twice_lists_the_streamer_once() {
        let list = with(&with(&[entry("1")], &entry("2")), &entry("2"));
        assert_eq!(list.len(), 2);
        assert_eq!(without(&list, "2"), [entry("1")]);
    }
}
