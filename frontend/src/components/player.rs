//! Twitch's player, or the way to it where it cannot be shown.

use yew::prelude::*;

use super::embed_frame::{EmbedFrame, parent_host};
use super::icon::{Glyph, icon};
use super::kind_icon::kind_icon;
use crate::embed::{Blocked, channel_address, player_address};
use crate::hooks::use_state_eq;
use crate::media::{TINY, use_media};

/// Properties of [`Player`].
#[derive(Properties, PartialEq)]
pub struct PlayerProps {
    pub login: AttrValue,
    pub name: AttrValue,
    /// Address of the player frame, from the server's settings.
    pub player_url: AttrValue,
    /// The frame turned out not to load.
    pub is_silent: bool,
    pub on_silent: Callback<()>,
}

/// The player of one channel; keyed by channel by its parent. On a screen too
/// small for Twitch's autoplay it waits for a tap.
#[component]
pub fn Player(props: &PlayerProps) -> Html {
    let is_tiny = use_media(TINY);
    let is_wanted = use_state_eq(bool::default);
    let parent = match parent_host() {
        Ok(_) if props.is_silent => Err(Blocked::Silent),
        parent => parent,
    };
    let content = match parent {
        Err(blocked) => blocked_panel(blocked, &props.login),
        Ok(_) if is_tiny && !*is_wanted => {
            let onclick = Callback::from(move |_: MouseEvent| is_wanted.set(true));
            html! {
                <button type="button" class="player-card" {onclick}>
                    <span class="player-card-play">{ kind_icon(wire::Kind::Stream) }</span>
                    <span>{ format!("Play {}", props.name) }</span>
                </button>
            }
        }
        Ok(parent) => html! {
            <EmbedFrame
                src={player_address(&props.player_url, &props.login, &parent)}
                title={format!("Player: {}", props.name)}
                allow="autoplay; fullscreen"
                on_silent={props.on_silent.clone()}
            />
        },
    };
    html! { <div class="player">{ content }</div> }
}

fn blocked_panel(blocked: Blocked, login: &str) -> Html {
    html! {
        <div class="embed-blocked" role="note">
            <p>{ blocked.message() }</p>
            { watch_on_twitch(login, true) }
            <p class="muted small">{ "Events keep arriving here." }</p>
        </div>
    }
}

/// The channel on Twitch, in a tab of its own.
pub fn watch_on_twitch(login: &str, is_primary: bool) -> Html {
    let look = if is_primary { "primary" } else { "ghost" };
    html! {
        <a
            class={classes!("btn", look, "watch")}
            href={channel_address(login)}
            target="_blank"
            rel="noopener noreferrer"
            title="Opens twitch.tv in a new tab"
        >
            <span>{ "Watch on Twitch" }</span>
            { icon(Glyph::ArrowOut) }
        </a>
    }
}
