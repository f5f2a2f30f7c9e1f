//! The icon, colour class and name of each kind of event. Drawn like `icon.rs`:
//! 16 units square, 1.5 strokes, round ends.

use wire::Kind;
use yew::prelude::*;

/// The class that sets `--k` to the kind's colour, see `event.css`.
pub const fn kind_class(kind: Kind) -> &'static str {
    match kind {
        Kind::Stream => "k-stream",
        Kind::Sub | Kind::HypeTrain => "k-sub",
        Kind::Gift | Kind::Follow | Kind::Charity => "k-gift",
        Kind::Cheer => "k-cheer",
        Kind::Raid | Kind::Poll | Kind::Prediction => "k-raid",
        Kind::Points | Kind::Goal => "k-points",
        Kind::Moderation | Kind::Chat | Kind::System => "k-other",
    }
}

/// What a group of such events is called.
pub const fn kind_label(kind: Kind) -> &'static str {
    match kind {
        Kind::Stream => "Stream",
        Kind::Sub => "Subs",
        Kind::Gift => "Gifts",
        Kind::Cheer => "Cheers",
        Kind::Raid => "Raids",
        Kind::Follow => "Follows",
        Kind::Points => "Points",
        Kind::Poll => "Polls",
        Kind::Prediction => "Predictions",
        Kind::HypeTrain => "Hype trains",
        Kind::Goal => "Goals",
        Kind::Charity => "Charity",
        Kind::Moderation => "Moderation",
        Kind::Chat => "Chat notices",
        Kind::System => "Other",
    }
}

const fn kind_path(kind: Kind) -> &'static str {
    match kind {
        Kind::Stream => "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM6.6 5.5v5L10.8 8z",
        Kind::Sub => "m8 1.9 1.9 3.9 4.2.6-3 3 .7 4.3L8 11.7l-3.8 2 .7-4.3-3-3 4.2-.6z",
        Kind::Gift => {
            "M2.3 5.3h11.4v3H2.3zM3.3 8.3V14h9.4V8.3M8 5.3V14M8 5.3C5.6 5.3 4.4 4.6 4.4 3.5S5.4 2 6.2 2C7.5 2 8 3.8 8 5.3zM8 5.3c2.4 0 3.6-.7 3.6-1.8S10.6 2 9.8 2C8.5 2 8 3.8 8 5.3z"
        }
        Kind::Cheer => "M8 1.8 3.4 8.4 8 14.2l4.6-5.8zM3.4 8.4 8 10.3l4.6-1.9",
        Kind::Raid => "M1.8 12.8c1-4.3 3.2-6 6.7-6V3.5l5.7 4.7-5.7 4.7V9.6c-2.7 0-4.8.8-6.7 3.2z",
        Kind::Follow => "M8 13.5 2.9 8.4a3.2 3.2 0 0 1 4.5-4.5L8 4.5l.6-.6a3.2 3.2 0 0 1 4.5 4.5z",
        Kind::Points => {
            "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM8 5.4a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2z"
        }
        Kind::Poll => "M3 13.5V8M8 13.5v-11M13 13.5v-8",
        Kind::Prediction => {
            "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM6.2 6.3a1.9 1.9 0 1 1 2.7 1.7c-.6.3-.9.7-.9 1.3M8 11.4v.1"
        }
        Kind::HypeTrain => {
            "M4.5 2h7A1.5 1.5 0 0 1 13 3.5v7H3v-7A1.5 1.5 0 0 1 4.5 2zM3 6.5h10M5.3 10.5 3.8 14M10.7 10.5l1.5 3.5M5.5 8.5v.1M10.5 8.5v.1"
        }
        Kind::Goal => "M3.5 14.2V2M3.5 2.8h9l-2.2 3 2.2 3h-9",
        Kind::Charity => {
            "M8 13.5 2.9 8.4a3.2 3.2 0 0 1 4.5-4.5L8 4.5l.6-.6a3.2 3.2 0 0 1 4.5 4.5zM8 6.8v3.4M6.3 8.5h3.4"
        }
        Kind::Moderation => "M8 1.7 13 3.5v4c0 3.1-2 5.4-5 6.8-3-1.4-5-3.7-5-6.8v-4z",
        Kind::Chat => "M2.2 3h11.6v8H8l-3 2.8V11H2.2z",
        Kind::System => "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM8 7.3v3.5M8 5v.1",
    }
}

/// The icon of a kind in its colour. The words beside it say the same, so a
/// screen reader is told nothing.
pub fn kind_icon(kind: Kind) -> Html {
    html! {
        <svg
            class={classes!("icon", "kind-icon", kind_class(kind))}
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            stroke-width="1.5"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d={kind_path(kind)} />
        </svg>
    }
}
