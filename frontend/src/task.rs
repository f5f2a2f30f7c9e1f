//! A future that ends with its owner: dropping the [`Task`] drops the future.
//!
//! Effects return their task in the clean-up, so that an answer that comes
//! after its page is gone neither arrives nor keeps a request open.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

type Slot = Rc<RefCell<State>>;

enum State {
    Waiting(Pin<Box<dyn Future<Output = ()>>>),
    /// Taken out while it runs, so that it may drop its own task.
    Running,
    Gone,
}

/// Handle of a running future.
#[must_use = "the future is dropped with its task"]
pub struct Task(Slot);

impl Task {
    /// Starts the future.
    pub fn spawn(future: impl Future<Output = ()> + 'static) -> Self {
        let slot: Slot = Rc::new(RefCell::new(State::Waiting(Box::pin(future))));
        let running = Rc::clone(&slot);
        wasm_bindgen_futures::spawn_local(poll_fn(move |context| {
            let taken = running.replace(State::Running);
            let State::Waiting(mut future) = taken else {
                running.replace(State::Gone);
                return Poll::Ready(());
            };
            let poll = future.as_mut().poll(context);
            if poll.is_pending() && matches!(*running.borrow(), State::Running) {
                running.replace(State::Waiting(future));
                return Poll::Pending;
            }
            running.replace(State::Gone);
            Poll::Ready(())
        }));
        Self(slot)
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        // The old state is dropped outside the cell: dropping a future may run code.
        let old = self.0.replace(State::Gone);
        drop(old);
    }
}
