//! Something a button does on the server: running, failed, done.

use std::future::Future;
use std::pin::Pin;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{Api, Error};
use crate::hooks::{UseStateHandle, use_state_eq};
use crate::session::use_api;

#[derive(Clone, PartialEq)]
enum State {
    Idle,
    Busy,
    Failed(Error),
}

/// An action with its state, see [`use_action`].
pub struct Action<I: 'static> {
    run: Callback<I>,
    state: UseStateHandle<State>,
}

impl<I> Action<I> {
    /// Starts it.
    pub fn run(&self, input: I) {
        self.run.emit(input);
    }

    /// Starts it, for a component below.
    pub fn on_run(&self) -> Callback<I> {
        self.run.clone()
    }

    /// It is under way.
    pub fn is_busy(&self) -> bool {
        *self.state == State::Busy
    }

    /// Why the last attempt failed.
    pub fn error(&self) -> Option<&Error> {
        match &*self.state {
            State::Failed(error) => Some(error),
            State::Idle | State::Busy => None,
        }
    }

    /// Forgets the failure.
    pub fn clear(&self) {
        if self.error().is_some() {
            self.state.set(State::Idle);
        }
    }
}

impl<I> Clone for Action<I> {
    fn clone(&self) -> Self {
        Self {
            run: self.run.clone(),
            state: self.state.clone(),
        }
    }
}

/// An action on the server. Unlike a question it goes on when its page is left:
/// what was asked for is done.
#[hook]
pub fn use_action<I, T, F, A>(act: F, done: Callback<T>) -> Action<I>
where
    I: 'static,
    T: 'static,
    F: Fn(Api, I) -> A + 'static,
    A: Future<Output = Result<T, Error>> + 'static,
{
    let api = use_api();
    let state = use_state_eq(|| State::Idle);
    let run = {
        let state = state.clone();
        Callback::from(move |input| {
            let answer = act(api.clone(), input);
            let done = done.clone();
            follow(
                state.clone(),
                Box::pin(async move { answer.await.map(|value| done.emit(value)) }),
            );
        })
    };
    Action { run, state }
}

/// Shows how far it is. Apart from [`use_action`], which is compiled once for
/// each thing there is to do.
fn follow(state: UseStateHandle<State>, answer: Pin<Box<dyn Future<Output = Result<(), Error>>>>) {
    state.set(State::Busy);
    spawn_local(async move {
        state.set(match answer.await {
            Ok(()) => State::Idle,
            Err(error) => State::Failed(error),
        });
    });
}
