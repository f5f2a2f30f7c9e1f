//! A word from the app, where the person is looking.

use yew::prelude::*;

use super::icon::{Glyph, Icon};

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

/// Properties of [`Notice`].
#[derive(Properties, PartialEq)]
pub struct NoticeProps {
    pub tone: Tone,
    pub children: Html,
    /// Buttons after the text.
    #[prop_or_default]
    pub actions: Html,
    /// With it, the notice can be closed.
    #[prop_or_default]
    pub on_close: Option<Callback<()>>,
}

/// One notice.
#[component]
pub fn Notice(props: &NoticeProps) -> Html {
    html! {
        <div class={classes!("notice", props.tone.class())} role={props.tone.role()}>
            <Icon glyph={props.tone.glyph()} />
            <div class="notice-text">{ props.children.clone() }</div>
            { props.actions.clone() }
            if let Some(on_close) = &props.on_close {
                <button
                    type="button"
                    class="btn ghost square"
                    aria-label="Close notice"
                    onclick={on_close.reform(|_| ())}
                >
                    <Icon glyph={Glyph::Close} />
                </button>
            }
        </div>
    }
}
