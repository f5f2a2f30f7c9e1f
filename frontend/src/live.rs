//! The live event stream: one connection for the whole app.
//!
//! [`use_live_root`] opens it once for the signed-in viewer, without a filter,
//! so that changing the page or the streamer needs no new connection. Pages
//! hear of what arrives by [`use_live`]; the badge reads [`use_live_state`].
//! What a page makes of an event is the page's business (`feed`).

mod backoff;
mod connection;
mod resume;
mod sse;
mod state;

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use wire::{Event, Gap, ReadMark, Status};
use yew::prelude::*;

use crate::hooks::{UseReducerDispatcher, use_effect_with, use_mut_ref, use_reducer_eq, use_state};
use crate::session::Session;
use crate::shared::use_shared;
use crate::task::Task;
use connection::{Connection, Notice};
pub use state::{Level, LiveState, Phase};

/// What the live stream tells a page.
#[derive(Debug, Clone, PartialEq)]
pub enum LiveItem {
    /// An event was committed. Arrives in order of id, and once.
    Event(Rc<Event>),
    /// A streamer went live or offline, or the connection to Twitch changed.
    Status(Rc<Status>),
    /// A span of events cannot be had.
    Gap(Rc<Gap>),
    /// The viewer's read mark of a streamer was moved, here or elsewhere.
    Read(Rc<ReadMark>),
}

type Listeners = Rc<RefCell<Vec<(u32, Callback<LiveItem>)>>>;

/// Those that listen; one list for the life of the app.
#[derive(Clone, Default)]
pub struct Hub {
    listeners: Listeners,
    next_key: Rc<RefCell<u32>>,
}

impl PartialEq for Hub {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.listeners, &other.listeners)
    }
}

impl Hub {
    /// Calls back with what arrives, until the result is called.
    pub fn listen(&self, callback: Callback<LiveItem>) -> impl FnOnce() + use<> {
        let key = self.next_key.replace_with(|key| key.wrapping_add(1));
        self.listeners.borrow_mut().push((key, callback));
        let listeners = Rc::clone(&self.listeners);
        move || listeners.borrow_mut().retain(|(held, _)| *held != key)
    }

    fn emit(&self, item: &LiveItem) {
        // A listener may leave while it is told; the list is not borrowed then.
        let listeners = self.listeners.borrow().clone();
        for (_, callback) in listeners {
            callback.emit(item.clone());
        }
    }
}

enum Step {
    Phase(Phase),
    Fresh,
    Twitch(wire::Connection),
    Online(bool),
}

#[derive(Clone, Copy, PartialEq, Default)]
struct Store(LiveState);

impl Reducible for Store {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut next = self.0;
        match step {
            Step::Phase(phase) => next.turn(phase),
            Step::Fresh => next.generation = next.generation.wrapping_add(1),
            Step::Twitch(connection) => next.twitch = Some(connection),
            Step::Online(online) => next.online = online,
        }
        Rc::new(Self(next))
    }
}

/// The open stream: who listens, and its state.
#[derive(Clone, PartialEq)]
pub struct Live {
    hub: Hub,
    state: LiveState,
}

impl Live {
    /// Where to listen, for the root of the app; pages have [`use_live`].
    pub fn hub(&self) -> Hub {
        self.hub.clone()
    }

    /// The state of the stream, likewise.
    pub fn state(&self) -> LiveState {
        self.state
    }
}

/// Keeps the stream open while somebody is signed in. For the root of the app,
/// which gives it to everything below.
#[hook]
pub fn use_live_root(session: &Session) -> Live {
    let hub = use_state(Hub::default);
    let store = use_reducer_eq(Store::default);
    let viewer = session
        .me()
        .filter(|_| !session.has_ended())
        .map(|me| me.id.clone());

    {
        let hub = (*hub).clone();
        let store = store.dispatcher();
        let api = session.api();
        use_effect_with(viewer, move |viewer| {
            let open = viewer.as_ref().map(|_| {
                let tell = store.clone();
                let connection = Connection::new(move |notice| match notice {
                    Notice::Phase(phase) => tell.dispatch(Step::Phase(phase)),
                    Notice::Fresh => tell.dispatch(Step::Fresh),
                    Notice::Item(item) => {
                        if let LiveItem::Status(status) = &item {
                            tell.dispatch(Step::Twitch(status.connection));
                        }
                        hub.emit(&item);
                    }
                });
                let waker = connection.waker();
                let task = Task::spawn(connection.run(api));
                (task, watch_network(&waker, &store))
            });
            if viewer.is_none() {
                store.dispatch(Step::Phase(Phase::Ended));
            }
            move || drop(open)
        });
    }
    Live {
        hub: (*hub).clone(),
        state: store.0,
    }
}

/// Makes the connection look after itself when the network or the reader
/// comes back, rather than at the next tick of its timers.
fn watch_network(
    waker: &connection::Waker,
    store: &UseReducerDispatcher<Store>,
) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    store.dispatch(Step::Online(window.navigator().on_line()));
    let mut listeners = Vec::with_capacity(3);
    for online in [true, false] {
        let (waker, store) = (waker.clone(), store.clone());
        let name = if online { "online" } else { "offline" };
        listeners.push(EventListener::new(&window, name, move |_| {
            store.dispatch(Step::Online(online));
            waker.wake();
        }));
    }
    if let Some(document) = window.document() {
        let waker = waker.clone();
        listeners.push(EventListener::new(
            &document,
            "visibilitychange",
            move |_| waker.wake(),
        ));
    }
    listeners
}

/// Calls back with what arrives while the component is mounted. The callback
/// of the last rendering is the one that is called.
#[hook]
pub fn use_live(callback: Callback<LiveItem>) {
    let hub = use_shared().live.hub;
    let latest = use_mut_ref(|| callback.clone());
    latest.replace(callback);
    use_effect_with(hub, move |hub| {
        hub.listen(Callback::from(move |item| {
            let callback = latest.borrow().clone();
            callback.emit(item);
        }))
    });
}

/// The state of the stream.
#[hook]
pub fn use_live_state() -> LiveState {
    use_shared().live.state
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status() -> LiveItem {
        LiveItem::Status(Rc::new(Status {
            connection: wire::Connection::Up,
            broadcaster_id: None,
            live: None,
        }))
    }

    #[test]
    fn a_listener_that_left_is_told_nothing() {
        let hub = Hub::default();
        let heard = Rc::new(RefCell::new(0));
        let count = |heard: &Rc<RefCell<i32>>| {
            let heard = Rc::clone(heard);
            Callback::from(move |_| *heard.borrow_mut() += 1)
        };
        let leave = hub.listen(count(&heard));
        let stay = hub.listen(count(&heard));
        hub.emit(&status());
        leave();
        hub.emit(&status());
        assert_eq!(*heard.borrow(), 3);
        stay();
    }
}
