//! How much is unread: one store for the whole app, and what the tab shows of it.
//!
//! Counts change with every event, so they are no part of the shared context,
//! whose every change renders all that reads it. The store is shared; who shows
//! a count listens to it by [`use_unread`].

mod counts;
mod marks;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wire::Subscription;
use yew::prelude::*;

use crate::api::{Api, Error};
use crate::browser::show_unread;
use crate::hooks::{use_effect_with, use_state, use_state_eq};
use crate::live::{Live, LiveItem};
use crate::session::Session;
use crate::shared::use_shared;
use crate::task::Task;
use counts::Counts;
pub use counts::count_label;
pub use marks::{Marks, use_marks};

/// The store; cheap to clone.
#[derive(Clone, Default)]
pub struct Unread(Rc<Inner>);

#[derive(Default)]
struct Inner {
    counts: RefCell<Counts>,
    listeners: RefCell<Vec<(u32, Callback<u32>)>>,
    next_key: Cell<u32>,
    /// Grows with each change.
    version: Cell<u32>,
}

impl PartialEq for Unread {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Unread {
    /// Unread events of a streamer; none when it is not known, or nobody
    /// subscribed to. 1000 stands for that many or more.
    pub fn of(&self, broadcaster_id: &str) -> Option<u32> {
        self.0.counts.borrow().unread(broadcaster_id)
    }

    /// The id up to which a streamer's events are read.
    pub fn read_to(&self, broadcaster_id: &str) -> Option<AttrValue> {
        let counts = self.0.counts.borrow();
        let mark = counts.read_to(broadcaster_id)?;
        Some(AttrValue::from(mark.to_owned()))
    }

    /// The newest event known of a streamer.
    pub fn newest(&self, broadcaster_id: &str) -> Option<String> {
        let counts = self.0.counts.borrow();
        counts.newest(broadcaster_id).map(str::to_owned)
    }

    /// Unread events of all streamers.
    pub fn total(&self) -> u32 {
        self.0.counts.borrow().total()
    }

    /// `GET /api/v1/subscriptions`, of which the counts are taken.
    ///
    /// # Errors
    /// When the call has no usable answer.
    pub async fn list(&self, api: &Api) -> Result<Vec<Subscription>, Error> {
        let asked_at = self.0.counts.borrow().now();
        let subscriptions = api.subscriptions().await?;
        self.change(|counts| counts.list(asked_at, &subscriptions));
        Ok(subscriptions)
    }

    /// A streamer was subscribed to here.
    pub fn add(&self, subscription: &Subscription) {
        self.change(|counts| counts.add(subscription));
    }

    /// A streamer was unsubscribed from here.
    pub fn remove(&self, broadcaster_id: &str) {
        self.change(|counts| counts.remove(broadcaster_id));
    }

    fn take(&self, item: &LiveItem) {
        match item {
            LiveItem::Event(event) => self.change(|counts| counts.arrive(event)),
            LiveItem::Read(mark) => self.change(|counts| counts.mark(mark)),
            // The ids of another history say nothing of the one before.
            LiveItem::Gap(gap) if gap.reason == "reset" => self.change(Counts::clear),
            LiveItem::Status(_) | LiveItem::Gap(_) => {}
        }
    }

    fn change(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.0.counts.borrow_mut());
        let version = self.0.version.get().wrapping_add(1);
        self.0.version.set(version);
        // A listener may leave while it is told; the list is not borrowed then.
        let listeners = self.0.listeners.borrow().clone();
        for (_, callback) in listeners {
            callback.emit(version);
        }
    }

    /// Tells at once and with each change.
    fn listen(&self, callback: Callback<u32>) -> impl FnOnce() + use<> {
        callback.emit(self.0.version.get());
        let key = self
            .0
            .next_key
            .replace(self.0.next_key.get().wrapping_add(1));
        self.0.listeners.borrow_mut().push((key, callback));
        let inner = Rc::clone(&self.0);
        move || {
            inner
                .listeners
                .borrow_mut()
                .retain(|(held, _)| *held != key)
        }
    }
}

/// Keeps the counts true while somebody is signed in, and shows them in the
/// tab. For the root of the app.
#[hook]
pub fn use_unread_root(session: &Session, live: &Live) -> Unread {
    let unread = use_state(Unread::default);
    {
        let viewer = session.me().map(|me| me.id.clone());
        let unread = (*unread).clone();
        use_effect_with(viewer, move |_| unread.change(Counts::clear));
    }
    {
        let (hub, unread) = (live.hub(), (*unread).clone());
        use_effect_with(hub, move |hub| {
            hub.listen(Callback::from(move |item| unread.take(&item)))
        });
    }
    {
        // Marks that move while the stream is broken are not told again, so
        // each opening is followed by a question.
        let (api, unread) = (session.api(), (*unread).clone());
        use_effect_with(live.state().openings, move |openings| {
            let task = (*openings > 0).then(|| {
                // A failure is no news here: the page that shows the list says so.
                Task::spawn(async move { drop(unread.list(&api).await) })
            });
            move || drop(task)
        });
    }
    use_effect_with((*unread).clone(), |unread| {
        let shown = unread.clone();
        unread.listen(Callback::from(move |_| show_unread(shown.total())))
    });
    (*unread).clone()
}

/// The store, for a component that is to be rendered with each change.
#[hook]
pub fn use_unread() -> Unread {
    let unread = use_shared().unread;
    let seen = use_state_eq(|| 0_u32);
    use_effect_with(unread.clone(), move |unread| {
        unread.listen(Callback::from(move |version| seen.set(version)))
    });
    unread
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_is_told_at_once_and_until_it_leaves() {
        let unread = Unread::default();
        let heard = Rc::new(RefCell::new(Vec::new()));
        let leave = {
            let heard = Rc::clone(&heard);
            unread.listen(Callback::from(move |version| {
                heard.borrow_mut().push(version);
            }))
        };
        unread.remove("1");
        leave();
        unread.remove("1");
        assert_eq!(*heard.borrow(), [0, 1]);
    }
}
