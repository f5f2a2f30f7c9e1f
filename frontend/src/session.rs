//! Who is signed in, and whether the server can be reached.
//!
//! Every call goes through the [`Api`] of this context, so a session that has
//! ended shows once, here, wherever it was noticed.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use wire::{Code, Config, Me};
use yew::prelude::*;

use crate::api::{API_BASE, Api, Error, Observed};
use crate::hooks::{UseReducerHandle, use_effect_with, use_reducer_eq, use_state};
use crate::remote::Remote;
use crate::shared::use_shared;
use crate::task::Task;

/// What is known about the visitor and the server.
#[derive(Debug, Clone, PartialEq)]
struct State {
    config: Remote<Rc<Config>>,
    me: Option<Rc<Me>>,
    ended: bool,
    reachable: bool,
    /// Grows with each attempt to load.
    attempt: u32,
}

enum Step {
    Again,
    Loaded(Result<(Config, Option<Me>), Error>),
    Observed(Observed),
    Changed(Me),
    SignedOut,
}

impl Reducible for State {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut next = (*self).clone();
        match step {
            Step::Again => {
                next.config = Remote::Loading;
                next.attempt += 1;
            }
            Step::Loaded(Ok((config, me))) => {
                next.config = Remote::Ready(Rc::new(config));
                next.me = me.map(Rc::new);
            }
            Step::Loaded(Err(error)) => next.config = Remote::Failed(error),
            Step::Observed(Observed::Unreachable) => next.reachable = false,
            Step::Observed(Observed::Answered) => next.reachable = true,
            Step::Observed(Observed::Unauthenticated) => {
                next.reachable = true;
                next.ended = next.me.is_some();
            }
            Step::Changed(me) => {
                next.me = Some(Rc::new(me));
                next.ended = false;
            }
            Step::SignedOut => {
                next.me = None;
                next.ended = false;
            }
        }
        Rc::new(next)
    }
}

/// The visitor's session, see [`use_session`].
#[derive(Clone, PartialEq)]
pub struct Session {
    api: Api,
    state: UseReducerHandle<State>,
}

impl Session {
    /// The way to the server.
    pub fn api(&self) -> Api {
        self.api.clone()
    }

    /// What the server says about itself; the first thing that is loaded.
    pub fn config(&self) -> &Remote<Rc<Config>> {
        &self.state.config
    }

    /// The signed-in viewer.
    pub fn me(&self) -> Option<&Rc<Me>> {
        self.state.me.as_ref()
    }

    /// The viewer was signed in here and is no longer; what is on the page stays.
    pub fn has_ended(&self) -> bool {
        self.state.ended
    }

    /// The last call reached the server.
    pub fn is_reachable(&self) -> bool {
        self.state.reachable
    }

    /// Loads again after a failure.
    pub fn retry(&self) {
        self.state.dispatch(Step::Again);
    }

    /// Asks whether an unreachable server is back.
    pub fn probe(&self) {
        let api = self.api();
        spawn_local(async move {
            // The answer says nothing new; that there is one has been observed.
            drop(api.config().await);
        });
    }

    /// The browser says that it has no network.
    pub fn network_lost(&self) {
        self.state.dispatch(Step::Observed(Observed::Unreachable));
    }

    /// Asks whether a session that ended has been renewed in another tab.
    pub fn look_again(&self) {
        let session = self.clone();
        spawn_local(async move {
            if let Ok(me) = session.api.me().await {
                session.set_me(me);
            }
        });
    }

    /// The viewer changed, or is signed in again.
    pub fn set_me(&self, me: Me) {
        self.state.dispatch(Step::Changed(me));
    }

    /// The viewer logged out.
    pub fn signed_out(&self) {
        self.state.dispatch(Step::SignedOut);
    }
}

/// Loads the session, which the root of the app gives to everything below.
#[hook]
pub fn use_session_root() -> Session {
    let state = use_reducer_eq(|| State {
        config: Remote::Loading,
        me: None,
        ended: false,
        reachable: true,
        attempt: 0,
    });
    let api = {
        let state = state.dispatcher();
        use_state(move || {
            Api::new(Callback::from(move |seen| {
                state.dispatch(Step::Observed(seen));
            }))
        })
    };
    {
        let api = (*api).clone();
        let dispatcher = state.dispatcher();
        use_effect_with(state.attempt, move |_| {
            let task = Task::spawn(async move {
                dispatcher.dispatch(Step::Loaded(load(&api).await));
            });
            move || drop(task)
        });
    }
    Session {
        api: (*api).clone(),
        state,
    }
}

async fn load(api: &Api) -> Result<(Config, Option<Me>), Error> {
    let config = api.config().await?;
    match api.me().await {
        Ok(me) => Ok((config, Some(me))),
        Err(error) if error.code() == Some(Code::Unauthenticated) => Ok((config, None)),
        Err(error) => Err(error),
    }
}

/// The session.
#[hook]
pub fn use_session() -> Session {
    use_shared().session
}

/// The way to the server.
#[hook]
pub fn use_api() -> Api {
    use_session().api()
}

/// The signed-in viewer's id, for hooks that depend on who it is.
#[hook]
pub fn use_viewer_id() -> Option<AttrValue> {
    use_session().me().map(|me| AttrValue::from(me.id.clone()))
}

/// What login should come back to: this page, in full when the page comes from
/// another origin than the server.
pub fn here() -> String {
    let Some(location) = web_sys::window().map(|window| window.location()) else {
        return "/".into();
    };
    let whole = if API_BASE.is_empty() {
        location
            .pathname()
            .and_then(|path| Ok(path + &location.search()?))
    } else {
        location.href()
    };
    whole.unwrap_or_else(|_| "/".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(me: Option<Me>) -> Rc<State> {
        Rc::new(State {
            config: Remote::Loading,
            me: me.map(Rc::new),
            ended: false,
            reachable: true,
            attempt: 0,
        })
    }

    fn vera() -> Me {
        Me {
            id: "1".into(),
            login: "viewer_vera".into(),
            display_name: "Viewer_Vera".into(),
            profile_image_url: String::new(),
            scopes: vec![],
            keep_collecting: true,
            admin: false,
        }
    }

    #[test]
    fn a_401_ends_the_session_of_somebody_signed_in_and_keeps_the_page() {
        let after = state(Some(vera())).reduce(Step::Observed(Observed::Unauthenticated));
        assert!(after.ended);
        assert!(after.me.is_some());
    }

    #[test]
    fn a_401_for_a_visitor_is_no_news() {
        let after = state(None).reduce(Step::Observed(Observed::Unauthenticated));
        assert!(!after.ended);
    }

    #[test]
    fn any_answer_means_the_server_is_there() {
        let gone = state(None).reduce(Step::Observed(Observed::Unreachable));
        assert!(!gone.reachable);
        assert!(gone.reduce(Step::Observed(Observed::Answered)).reachable);
    }
}
