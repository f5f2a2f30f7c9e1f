//! Short words after an action, with a way to take it back. The queue alone;
//! `components/toast.rs` draws it.

use std::rc::Rc;

use yew::prelude::*;

use crate::hooks::{UseReducerDispatcher, UseReducerHandle, use_reducer};
use crate::shared::use_shared;

/// More than this many would cover the page; the oldest goes.
const MOST: usize = 3;

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Toast {
    pub text: AttrValue,
    /// What the button says and does.
    pub action: Option<(AttrValue, Callback<()>)>,
}

/// Those shown now, oldest first, each with a number of its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Queue {
    shown: Vec<(u32, Toast)>,
    next: u32,
}

impl Queue {
    /// Those shown now.
    pub fn shown(&self) -> &[(u32, Toast)] {
        &self.shown
    }
}

/// What changes the queue.
pub enum Step {
    Show(Toast),
    Remove(u32),
}

impl Reducible for Queue {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut next = (*self).clone();
        match step {
            Step::Show(toast) => {
                next.shown.push((next.next, toast));
                next.next = next.next.wrapping_add(1);
                if next.shown.len() > MOST {
                    next.shown.remove(0);
                }
            }
            Step::Remove(number) => next.shown.retain(|(other, _)| *other != number),
        }
        Rc::new(next)
    }
}

/// The way to show one, see [`use_toasts`].
#[derive(Clone, PartialEq)]
pub struct Toasts(UseReducerDispatcher<Queue>);

impl Toasts {
    /// Shows a word.
    pub fn say(&self, text: impl Into<AttrValue>) {
        self.show(text, None);
    }

    /// Shows a word with a button.
    pub fn offer(
        &self,
        text: impl Into<AttrValue>,
        label: impl Into<AttrValue>,
        action: Callback<()>,
    ) {
        self.show(text, Some((label.into(), action)));
    }

    fn show(&self, text: impl Into<AttrValue>, action: Option<(AttrValue, Callback<()>)>) {
        self.0.dispatch(Step::Show(Toast {
            text: text.into(),
            action,
        }));
    }
}

/// The queue, and what [`use_toasts`] gives. For the root of the app.
#[hook]
pub fn use_toast_queue() -> (UseReducerHandle<Queue>, Toasts) {
    let queue = use_reducer(Queue::default);
    let toasts = Toasts(queue.dispatcher());
    (queue, toasts)
}

/// The way to show a toast.
#[hook]
pub fn use_toasts() -> Toasts {
    use_shared().toasts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toast(text: &'static str) -> Step {
        Step::Show(Toast {
            text: text.into(),
            action: None,
        })
    }

    #[test]
    fn a_fourth_toast_pushes_out_the_first() {
        let queue = ["a", "b", "c", "d"]
            .into_iter()
            .fold(Rc::new(Queue::default()), |queue, text| {
                queue.reduce(toast(text))
            });
        let texts: Vec<_> = queue.shown().iter().map(|(_, t)| t.text.as_str()).collect();
        assert_eq!(texts, ["b", "c", "d"]);
    }

    #[test]
    fn a_removed_toast_takes_no_other_with_it() {
        let queue = Rc::new(Queue::default())
            .reduce(toast("a"))
            .reduce(toast("b"));
        let first = queue.shown()[0].0;
        let queue = queue
            .reduce(Step::Remove(first))
            .reduce(Step::Remove(first));
        assert_eq!(queue.shown().len(), 1);
    }
}
