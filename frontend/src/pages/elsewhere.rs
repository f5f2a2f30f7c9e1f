//! Stands in for a page that this bundle does not hold, until the app of the
//! bundle that does has taken over.

use yew::prelude::*;

use crate::api::Error;
use crate::bundle;
use crate::components::states::load_failed;
use crate::hooks::{use_effect_with, use_state_eq};
use crate::task::Task;

/// Fetches the bundle of all pages and starts it. Going back meanwhile leaves
/// everything as it was.
#[component]
pub fn Elsewhere() -> Html {
    let has_failed = use_state_eq(bool::default);
    {
        let failed = has_failed.clone();
        use_effect_with(*has_failed, move |has_failed| {
            let task = (!has_failed).then(|| {
                Task::spawn(async move {
                    if bundle::fetch_all().await.is_err() {
                        failed.set(true);
                    }
                })
            });
            move || drop(task)
        });
    }
    if *has_failed {
        let on_retry = Callback::from(move |()| has_failed.set(false));
        html! {
            <div class="page narrow">
                <h1 class="only-read">{ "Streamer Events" }</h1>
                { load_failed("The page", &Error::Unreachable, &on_retry) }
            </div>
        }
    } else {
        html! {
            <div class="starting" role="status">
                // The focus goes to a heading with each change of page.
                <h1 class="only-read">{ "Loading…" }</h1>
            </div>
        }
    }
}
