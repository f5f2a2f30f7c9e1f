//! Twitch's chat, or the way to it where it cannot be shown.

use yew::prelude::*;

use super::embed_frame::{EmbedFrame, parent_host};
use super::icon::{Glyph, icon};
use crate::browser::document;
use crate::embed::{Blocked, chat_address, popout_chat_address};
use crate::hooks::use_state_eq;

/// Properties of [`ChatFrame`].
#[derive(Properties, PartialEq)]
pub struct ChatFrameProps {
    pub login: AttrValue,
    pub name: AttrValue,
    /// Address of the chat frames, from the server's settings.
    pub chat_url: AttrValue,
}

/// The chat of one channel; keyed by channel by its parent.
#[component]
pub fn ChatFrame(props: &ChatFrameProps) -> Html {
    let is_silent = use_state_eq(bool::default);
    // Asked once: a change of theme must not throw the reader out of the chat.
    let is_dark = use_memo((), |()| is_dark());
    let on_silent = {
        let is_silent = is_silent.clone();
        Callback::from(move |()| is_silent.set(true))
    };
    match parent_host() {
        Ok(parent) if !*is_silent => html! {
            <EmbedFrame
                src={chat_address(&props.chat_url, &props.login, &parent, *is_dark)}
                title={format!("Chat: {}", props.name)}
                {on_silent}
            />
        },
        Ok(_) => blocked_panel(Blocked::Silent, &props.login),
        Err(blocked) => blocked_panel(blocked, &props.login),
    }
}

fn blocked_panel(blocked: Blocked, login: &str) -> Html {
    html! {
        <div class="embed-blocked" role="note">
            <p>{ blocked.message() }</p>
            <a
                class="btn"
                href={popout_chat_address(login)}
                target="_blank"
                rel="noopener noreferrer"
            >
                { "Open chat on Twitch" }
                { icon(Glyph::ArrowOut) }
            </a>
        </div>
    }
}

fn is_dark() -> bool {
    document()
        .and_then(|document| document.document_element())
        .and_then(|root| root.get_attribute("data-theme"))
        .is_none_or(|theme| theme != "light")
}
