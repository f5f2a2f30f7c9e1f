//! Subscribes to many, one after the other, and keeps the count.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use wire::{Code, Streamer};
use yew::prelude::*;

use crate::api::{Api, Error};
use crate::hooks::{UseReducerHandle, use_effect_with, use_mut_ref, use_reducer};
use crate::session::use_api;
use crate::task::Task;

/// When the server asks for a longer pause than this, the import stops there.
const LONGEST_PAUSE_S: u32 = 30;

/// How far it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Progress {
    pub(super) total: usize,
    pub(super) done: usize,
    /// Name and reason.
    pub(super) failed: Vec<(String, String)>,
    pub(super) is_over: bool,
}

enum Step {
    Start(usize),
    Done,
    Failed(String, String),
    Over,
}

#[derive(Clone, Default)]
struct State(Option<Progress>);

impl Reducible for State {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut progress = self.0.clone().unwrap_or(Progress {
            total: 0,
            done: 0,
            failed: Vec::new(),
            is_over: false,
        });
        match step {
            Step::Start(total) => progress.total = total,
            Step::Done => progress.done += 1,
            Step::Failed(name, reason) => progress.failed.push((name, reason)),
            Step::Over => progress.is_over = true,
        }
        Rc::new(Self(Some(progress)))
    }
}

/// An import, see [`use_import`].
pub(super) struct Import {
    state: UseReducerHandle<State>,
    on_start: Callback<Vec<Streamer>>,
}

impl Import {
    /// How far it is; `None` before its start.
    pub(super) fn progress(&self) -> Option<&Progress> {
        self.state.0.as_ref()
    }

    /// Starts it with those chosen.
    pub(super) fn on_start(&self) -> Callback<Vec<Streamer>> {
        self.on_start.clone()
    }
}

/// An import that stops when its dialog is closed; what is done stays done.
#[hook]
pub(super) fn use_import() -> Import {
    let state = use_reducer(State::default);
    let api = use_api();
    let running = use_mut_ref(|| None::<Task>);
    let on_start = {
        let steps = state.dispatcher();
        let running = Rc::clone(&running);
        Callback::from(move |chosen: Vec<Streamer>| {
            let (api, steps) = (api.clone(), steps.clone());
            steps.dispatch(Step::Start(chosen.len()));
            let task = Task::spawn(async move {
                for streamer in chosen {
                    match subscribe_patiently(&api, &streamer.login).await {
                        Ok(()) => steps.dispatch(Step::Done),
                        Err(error) => {
                            let stops = ends_the_import(&error);
                            steps.dispatch(Step::Failed(streamer.display_name, error.message()));
                            if stops {
                                break;
                            }
                        }
                    }
                }
                steps.dispatch(Step::Over);
            });
            running.replace(Some(task));
        })
    };
    use_effect_with((), move |()| move || drop(running.take()));
    Import { state, on_start }
}

/// Waits once when the server asks for a short pause.
async fn subscribe_patiently(api: &Api, login: &str) -> Result<(), Error> {
    let first = api.subscribe(login).await;
    if let Err(Error::Problem {
        retry_after_s: Some(seconds @ 1..=LONGEST_PAUSE_S),
        ..
    }) = &first
    {
        TimeoutFuture::new(seconds * 1000).await;
        return api.subscribe(login).await.map(drop);
    }
    first.map(drop)
}

/// The next one would fail for the same reason.
fn ends_the_import(error: &Error) -> bool {
    match error {
        Error::Unreachable => true,
        Error::Unreadable(_) => false,
        Error::Problem { problem, .. } => matches!(
            problem.code,
            Code::SubscriptionLimit
                | Code::Unauthenticated
                | Code::RateLimited
                | Code::TwitchUnavailable
                | Code::StoreUnavailable
                | Code::Draining
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_counts_both_ways_a_subscription_can_end() {
        let state = [
            Step::Start(2),
            Step::Done,
            Step::Failed("B".into(), "why".into()),
            Step::Over,
        ]
        .into_iter()
        .fold(Rc::new(State::default()), Reducible::reduce);
        let progress = state.0.clone().expect("it has started");
        assert_eq!((progress.total, progress.done), (2, 1));
        assert_eq!(progress.failed.len(), 1);
        assert!(progress.is_over);
    }
}
