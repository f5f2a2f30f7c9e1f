//! Small line icons of one family: 16 units square, 1.5 strokes, round ends.

use yew::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    Alert,
    ArrowOut,
    Check,
    Checks,
    ChevronDown,
    Clock,
    Close,
    Copy,
    Dash,
    Import,
    Info,
    Logout,
    Pulse,
    Search,
    Settings,
    Twitch,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Alert => "M8 2.2 14.6 13.5H1.4zM8 6.5v3M8 11.5v.1",
            Self::ArrowOut => "M6.5 3.5H3v9.5h9.5V9.5M9.5 2.5h4v4M13 3 7.5 8.5",
            Self::Check => "m3 8.5 3.3 3.3L13 4.5",
            Self::Checks => "m1.5 8.7 2.8 2.8L10 5.2M7.5 11.2l.3.3 6.2-6.3",
            Self::ChevronDown => "m4 6 4 4 4-4",
            Self::Clock => "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM8 4.8V8l2.2 1.6",
            Self::Close => "m4 4 8 8M12 4l-8 8",
            Self::Copy => "M5.5 5.5h7.5v8.5H5.5zM10.5 3V2H3v9h.5",
            Self::Dash => "M4 8h8",
            Self::Import => "M8 2v7.5M4.8 6.5 8 9.7l3.2-3.2M2.5 11v2.5h11V11",
            Self::Info => "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM8 7.3v3.5M8 5v.1",
            Self::Logout => "M6.5 2.5H3v11h3.5M10 5l3 3-3 3M13 8H6.5",
            Self::Pulse => "M3 9h2.2l1.6-5 2.4 9 1.8-6 .8 2H13",
            Self::Search => "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.2 3.2",
            Self::Settings => {
                "M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 3a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM6 10a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z"
            }
            Self::Twitch => "M3.5 2h9.5v7l-3 3H7.5L5.5 14v-2H3V4zM7 5v3M10 5v3",
        }
    }
}

/// An icon. It says nothing to a screen reader: the control it is in does.
pub fn icon(glyph: Glyph) -> Html {
    html! {
        <svg
            class="icon"
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            stroke-width="1.5"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d={glyph.path()} />
        </svg>
    }
}
