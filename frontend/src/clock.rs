//! The time of day for everything that says "3 min ago": one timer for the page.

use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::hooks::{use_effect_with, use_state};
use crate::shared::use_shared;

/// How often relative times are drawn again.
const TICK_MS: u32 = 10_000;

/// The time of the last tick, see [`use_now`].
#[derive(Clone, Copy, PartialEq)]
pub struct Now(f64);

/// Ticks; for the root of the app.
#[hook]
pub fn use_clock() -> Now {
    let now = use_state(|| Now(js_sys::Date::now()));
    {
        let now = now.clone();
        use_effect_with((), move |()| {
            let timer = Interval::new(TICK_MS, move || now.set(Now(js_sys::Date::now())));
            move || drop(timer)
        });
    }
    *now
}

/// Unix time in milliseconds, renewed every ten seconds.
#[hook]
pub fn use_now() -> f64 {
    use_shared().now.0
}
