//! Moving read marks: the calls, and a word when one fails.

use wasm_bindgen_futures::spawn_local;
use yew::AttrValue;
use yew::functional::hook;

use crate::api::{Api, Error};
use crate::session::use_api;
use crate::toasts::{Toasts, use_toasts};

/// The ways to move a mark. All devices hear of it over the live stream, this
/// one, too.
#[derive(Clone, PartialEq)]
pub struct Marks {
    api: Api,
    toasts: Toasts,
}

impl Marks {
    /// A streamer's events are read up to this one, as somebody says.
    pub fn mark(&self, broadcaster_id: &AttrValue, cursor: String) {
        let (marks, broadcaster_id) = (self.clone(), broadcaster_id.clone());
        spawn_local(async move {
            let answer = marks.api.mark_read(&broadcaster_id, &cursor).await;
            marks.report(answer, "Marked as read.");
        });
    }

    /// The same as the page does by itself: without a word, as nobody asked for
    /// it. False when it did not work.
    pub async fn mark_quietly(&self, broadcaster_id: &str, cursor: &str) -> bool {
        self.api.mark_read(broadcaster_id, cursor).await.is_ok()
    }

    /// Everything is read.
    pub fn mark_all(&self) {
        let marks = self.clone();
        spawn_local(async move {
            let answer = marks.api.mark_all_read().await;
            marks.report(answer, "Everything is marked as read.");
        });
    }

    fn report(&self, answer: Result<(), Error>, done: &'static str) {
        match answer {
            Ok(()) => self.toasts.say(done),
            Err(error) => self
                .toasts
                .say(format!("Nothing was marked as read. {}", error.message())),
        }
    }
}

/// The ways to move a mark.
#[hook]
pub fn use_marks() -> Marks {
    Marks {
        api: use_api(),
        toasts: use_toasts(),
    }
}
