//! A word from the app, where the person is looking.

use yew::prelude::*;

use super::icon::{Glyph, icon};

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// Something is not as it should be, and nothing is lost.
    Warning,
    /// Something did not work.
    Error,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Info => "tone-info",
            Self::Warning => "tone-warning",
            Self::Error => "tone-error",
        }
    }

    const fn glyph(self) -> Glyph {
        match self {
            Self::Info => Glyph::Info,
            Self::Warning | Self::Error => Glyph::Alert,
        }
    }

    /// An error interrupts what a screen reader says; the rest waits.
    const fn role(self) -> &'static str {
        match self {
            Self::Info | Self::Warning => "status",
            Self::Error => "alert",
        }
    }
}

/// One notice.
pub fn notice(tone: Tone, text: Html) -> Html {
    notice_with(tone, text, Html::default())
}

/// One notice with buttons after its text.
pub fn notice_with(tone: Tone, text: Html, actions: Html) -> Html {
    html! {
        <div class={classes!("notice", tone.class())} role={tone.role()}>
            { icon(tone.glyph()) }
            <div class="notice-text">{ text }</div>
            { actions }
        </div>
    }
}

/// The button that closes a notice.
pub fn close_button(on_close: Callback<MouseEvent>) -> Html {
    html! {
        <button
            type="button"
            class="btn ghost square"
            aria-label="Close notice"
            onclick={on_close}
        >
            { icon(Glyph::Close) }
        </button>
    }
}
