//! What stands above and below the rows of a feed, or in their place: grey
//! shapes, a failure, nothing yet, and the way to older rows.

use yew::prelude::*;

use super::feed_list::FeedListProps;
use super::states::{empty, load_failed, loading};
use crate::feed::Load;

/// Ten rows' worth of grey shapes.
pub fn event_bones() -> Html {
    html! {
        for _ in 0..10 {
            <div class="ev">
                <span class="bone bone-icon" />
                <span>
                    <span class="bone bone-line long" />
                    <span class="bone bone-line" />
                </span>
            </div>
        }
    }
}

/// What stands in for the newest rows while there are none.
pub fn render_newest(props: &FeedListProps) -> Html {
    match &props.newest {
        Load::Loading if props.rows.is_empty() => loading("events", event_bones()),
        Load::Failed(error) => html! {
            <div class="feed-note">
                { load_failed("The events", error, &props.on_retry) }
            </div>
        },
        Load::Idle if props.rows.is_empty() => {
            empty("No events yet.", html! { props.empty.clone() })
        }
        Load::Idle | Load::Loading => Html::default(),
    }
}

/// What stands at the end of the rows.
pub fn render_older(props: &FeedListProps) -> Html {
    let older = props.on_older.reform(|_: MouseEvent| ());
    match &props.older {
        Load::Failed(error) => load_failed("Older events", error, &props.on_older),
        load if props.has_older => html! {
            <button
                type="button"
                class="btn ghost"
                aria-disabled={(*load == Load::Loading).to_string()}
                onclick={older}
            >
                { if *load == Load::Loading { "Loading older…" } else { "Load older" } }
            </button>
        },
        Load::Idle | Load::Loading if props.is_full => html! {
            <p class="muted small">{ "The page holds no more than this many rows." }</p>
        },
        Load::Idle | Load::Loading if !props.rows.is_empty() && props.newest == Load::Idle => {
            html! { <p class="muted small">{ "The beginning of what is held here." }</p> }
        }
        Load::Idle | Load::Loading => Html::default(),
    }
}
