//! Removing a streamer: the card goes at once, a toast offers to take it back.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use wire::{Broadcaster, Subscription};
use yew::prelude::*;

use super::list;
use crate::api::{Api, Error};
use crate::browser::focus;
use crate::hooks::{UseReducerHandle, use_reducer};
use crate::remote::RemoteHandle;
use crate::session::use_api;
use crate::shared::use_shared;
use crate::toasts::{Toasts, use_toasts};
use crate::unread::Unread;

/// What could not be removed, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RemovalFailure {
    pub(super) broadcaster_id: String,
    pub(super) error: Error,
}

#[derive(Default)]
struct State {
    hidden: Vec<String>,
    failed: Option<RemovalFailure>,
}

enum Step {
    Hide(String),
    Removed(String),
    Failed(RemovalFailure),
}

impl Reducible for State {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut hidden = self.hidden.clone();
        let failed = match step {
            Step::Hide(id) => {
                hidden.push(id);
                None
            }
            Step::Removed(id) => {
                hidden.retain(|other| *other != id);
                self.failed.clone()
            }
            Step::Failed(failure) => {
                hidden.retain(|other| *other != failure.broadcaster_id);
                Some(failure)
            }
        };
        Rc::new(Self { hidden, failed })
    }
}

/// Removals under way, see [`use_removal`].
pub(super) struct Removal {
    state: UseReducerHandle<State>,
    on_remove: Callback<Broadcaster>,
}

impl Removal {
    /// Ids that are being removed: not shown although still listed.
    pub(super) fn hidden(&self) -> &[String] {
        &self.state.hidden
    }

    /// The last one that did not work.
    pub(super) fn failed(&self) -> Option<&RemovalFailure> {
        self.state.failed.as_ref()
    }

    /// Starts one.
    pub(super) fn on_remove(&self) -> Callback<Broadcaster> {
        self.on_remove.clone()
    }
}

/// Removes streamers from a list, with undo.
#[hook]
pub(super) fn use_removal(subscriptions: &RemoteHandle<Vec<Subscription>>) -> Removal {
    let state = use_reducer(State::default);
    let api = use_api();
    let toasts = use_toasts();
    let unread = use_shared().unread;
    let on_remove = {
        let steps = state.dispatcher();
        let subscriptions = subscriptions.clone();
        Callback::from(move |who: Broadcaster| {
            steps.dispatch(Step::Hide(who.id.clone()));
            // The button that had the focus is gone with its card.
            focus("#main h1");
            let (api, toasts) = (api.clone(), toasts.clone());
            let (steps, subscriptions) = (steps.clone(), subscriptions.clone());
            let unread = unread.clone();
            spawn_local(async move {
                let id = who.id.clone();
                if let Err(error) = api.unsubscribe(&id).await {
                    steps.dispatch(Step::Failed(RemovalFailure {
                        broadcaster_id: id,
                        error,
                    }));
                    return;
                }
                unread.remove(&id);
                let gone = id.clone();
                subscriptions.change(move |held| list::without(held, &gone));
                steps.dispatch(Step::Removed(id));
                let undo = bring_back(api, toasts.clone(), subscriptions, unread, who.clone());
                toasts.offer(
                    format!("Unsubscribed from {}.", who.display_name),
                    "Undo",
                    undo,
                );
            });
        })
    };
    Removal { state, on_remove }
}

/// Subscribes again; the card is back when the server says so.
fn bring_back(
    api: Api,
    toasts: Toasts,
    subscriptions: RemoteHandle<Vec<Subscription>>,
    unread: Unread,
    who: Broadcaster,
) -> Callback<()> {
    Callback::from(move |()| {
        let (api, toasts, who) = (api.clone(), toasts.clone(), who.clone());
        let (subscriptions, unread) = (subscriptions.clone(), unread.clone());
        spawn_local(async move {
            match api.subscribe(&who.login).await {
                Ok(entry) => {
                    unread.add(&entry);
                    subscriptions.change(move |held| list::with(held, entry));
                }
                Err(error) => toasts.say(format!(
                    "{} could not be brought back. {}",
                    who.display_name,
                    error.message()
                )),
            }
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_removal_brings_the_card_back_with_its_reason() {
        let hidden = Rc::new(State::default()).reduce(Step::Hide("1".into()));
        assert_eq!(hidden.hidden, ["1"]);
        let back = hidden.reduce(Step::Failed(RemovalFailure {
            broadcaster_id: "1".into(),
            error: Error::Unreachable,
        }));
        assert!(back.hidden.is_empty());
        assert!(back.failed.is_some());
        assert!(back.reduce(Step::Hide("2".into())).failed.is_none());
    }
}
