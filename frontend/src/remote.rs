//! What a page knows of something it asked the server for.

use std::future::Future;
use std::rc::Rc;

use yew::prelude::*;

use crate::api::{Api, Error};
use crate::hooks::{UseReducerHandle, use_effect_with, use_reducer};
use crate::session::use_api;
use crate::task::Task;

/// Something that is asked for over the network.
#[derive(Debug, Clone, PartialEq)]
pub enum Remote<T> {
    /// Asked, no answer yet.
    Loading,
    /// The answer.
    Ready(T),
    /// No usable answer.
    Failed(Error),
}

impl<T> Remote<T> {
    /// The answer, if it is there.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Loading | Self::Failed(_) => None,
        }
    }
}

/// A [`Remote`] with the rules of asking again.
struct Question<T> {
    known: Remote<Rc<T>>,
    /// Grows with each time it is asked, so that an effect can depend on it.
    round: u32,
}

type Change<T> = Box<dyn FnOnce(&T) -> T>;

enum Step<T> {
    /// Something else is asked for: the old answer says nothing.
    Restart,
    /// The same is asked for again.
    Again,
    Answer(Result<T, Error>),
    Change(Change<T>),
}

impl<T> Reducible for Question<T> {
    type Action = Step<T>;

    fn reduce(self: Rc<Self>, step: Step<T>) -> Rc<Self> {
        let (known, round) = match step {
            Step::Restart => (Remote::Loading, self.round),
            Step::Again => match &self.known {
                Remote::Ready(value) => (Remote::Ready(Rc::clone(value)), self.round + 1),
                Remote::Loading | Remote::Failed(_) => (Remote::Loading, self.round + 1),
            },
            Step::Answer(Ok(value)) => (Remote::Ready(Rc::new(value)), self.round),
            Step::Change(change) => match &self.known {
                Remote::Ready(value) => (Remote::Ready(Rc::new(change(value))), self.round),
                Remote::Loading | Remote::Failed(_) => return self,
            },
            // What is there is worth more than the news that it could not be renewed.
            Step::Answer(Err(error)) => match &self.known {
                Remote::Ready(value) => (Remote::Ready(Rc::clone(value)), self.round),
                Remote::Loading | Remote::Failed(_) => (Remote::Failed(error), self.round),
            },
        };
        Rc::new(Self { known, round })
    }
}

/// A [`Remote`] held by a component, see [`use_remote`].
pub struct RemoteHandle<T: 'static>(UseReducerHandle<Question<T>>);

impl<T> Clone for RemoteHandle<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> RemoteHandle<T> {
    /// What is known now.
    pub fn get(&self) -> &Remote<Rc<T>> {
        &self.0.known
    }

    /// Changes the answer that is there, after a change this page made itself.
    pub fn change(&self, change: impl FnOnce(&T) -> T + 'static) {
        self.0.dispatch(Step::Change(Box::new(change)));
    }

    /// Asks again. An answer that is there stays until the new one comes.
    pub fn reload(&self) {
        self.0.dispatch(Step::Again);
    }

    /// [`Self::reload`] for a button.
    pub fn on_retry(&self) -> Callback<()> {
        let handle = self.clone();
        Callback::from(move |()| handle.reload())
    }
}

/// Asks the server at mount, when `deps` change and on [`RemoteHandle::reload`].
///
/// A change of `deps` goes back to loading. A reload that fails keeps the
/// answer it has: the offline banner says the rest.
#[hook]
pub fn use_remote<T, D, F, A>(deps: D, ask: F) -> RemoteHandle<T>
where
    T: 'static,
    D: Clone + PartialEq + 'static,
    F: Fn(Api, D) -> A + 'static,
    A: Future<Output = Result<T, Error>> + 'static,
{
    let api = use_api();
    let question = use_reducer(|| Question {
        known: Remote::Loading,
        round: 0,
    });
    {
        let question = question.dispatcher();
        use_effect_with(deps.clone(), move |_| question.dispatch(Step::Restart));
    }
    {
        let dispatcher = question.dispatcher();
        use_effect_with((deps, question.round), move |(deps, _)| {
            let answer = ask(api, deps.clone());
            let task = Task::spawn(async move {
                dispatcher.dispatch(Step::Answer(answer.await));
            });
            move || drop(task)
        });
    }
    RemoteHandle(question)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(known: Remote<Rc<u8>>) -> Rc<Question<u8>> {
        Rc::new(Question { known, round: 1 })
    }

    #[test]
    fn a_failed_reload_keeps_the_answer() {
        let after =
            question(Remote::Ready(Rc::new(7))).reduce(Step::Answer(Err(Error::Unreachable)));
        assert_eq!(after.known, Remote::Ready(Rc::new(7)));
    }

    #[test]
    fn retrying_after_a_failure_shows_loading() {
        let failed = question(Remote::Loading).reduce(Step::Answer(Err(Error::Unreachable)));
        assert_eq!(failed.known, Remote::Failed(Error::Unreachable));
        let again = failed.reduce(Step::Again);
        assert_eq!(again.known, Remote::Loading);
        assert_eq!(again.round, 2);
    }

    #[test]
    fn another_question_forgets_the_answer() {
        let after = question(Remote::Ready(Rc::new(7))).reduce(Step::Restart);
        assert_eq!(after.known, Remote::Loading);
    }
}
