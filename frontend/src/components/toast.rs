//! Draws the toasts and ends them in time.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::icon::{Glyph, icon};
use crate::hooks::{UseReducerHandle, use_effect_with, use_state_eq};
use crate::toasts::{Queue, Step, Toast};

/// Long enough to read and to decide; the time starts anew after a pause.
const SHOWN_MS: u32 = 8_000;

/// Draws the queue over the page.
pub fn render_toasts(queue: &UseReducerHandle<Queue>) -> Html {
    let on_done = {
        let queue = queue.dispatcher();
        Callback::from(move |number| queue.dispatch(Step::Remove(number)))
    };
    html! {
        <div class="toasts" role="status" aria-live="polite" aria-atomic="false">
            for (number, toast) in queue.shown() {
                <ToastItem
                    key={*number}
                    number={*number}
                    toast={toast.clone()}
                    on_done={on_done.clone()}
                />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ToastItemProps {
    number: u32,
    toast: Toast,
    on_done: Callback<u32>,
}

#[component]
fn ToastItem(props: &ToastItemProps) -> Html {
    let paused = use_state_eq(bool::default);
    {
        let on_done = props.on_done.clone();
        let number = props.number;
        use_effect_with(*paused, move |paused| {
            let timer = (!paused).then(|| Timeout::new(SHOWN_MS, move || on_done.emit(number)));
            move || drop(timer)
        });
    }
    let pause = |on: bool| {
        let paused = paused.clone();
        move || paused.set(on)
    };
    let (enter, leave) = (pause(true), pause(false));
    let (focus_in, focus_out) = (pause(true), pause(false));
    let done = {
        let on_done = props.on_done.clone();
        let number = props.number;
        Callback::from(move |()| on_done.emit(number))
    };
    html! {
        <div
            class="toast"
            onmouseenter={move |_: MouseEvent| enter()}
            onmouseleave={move |_: MouseEvent| leave()}
            onfocusin={move |_: FocusEvent| focus_in()}
            onfocusout={move |_: FocusEvent| focus_out()}
        >
            <span>{ props.toast.text.clone() }</span>
            if let Some((label, action)) = props.toast.action.clone() {
                <button
                    type="button"
                    class="btn link"
                    onclick={both(action, done.clone())}
                >
                    { label }
                </button>
            }
            <button
                type="button"
                class="btn ghost square"
                aria-label="Dismiss"
                onclick={move |_: MouseEvent| done.emit(())}
            >
                { icon(Glyph::Close) }
            </button>
        </div>
    }
}

fn both(first: Callback<()>, second: Callback<()>) -> Callback<MouseEvent> {
    Callback::from(move |_| {
        first.emit(());
        second.emit(());
    })
}
