//! Who is signed in and what Twitch was asked to allow.

use yew::prelude::*;

use super::Section;
use crate::components::avatar::{Avatar, AvatarSize};
use crate::components::icon::{Glyph, Icon};
use crate::session::use_session;

/// Names and granted scopes.
#[component]
pub(super) fn Account() -> Html {
    let session = use_session();
    let Some(me) = session.me() else {
        return Html::default();
    };
    html! {
        <Section title="Account" id="account">
            <div class="who-row">
                <Avatar
                    name={me.display_name.clone()}
                    url={me.profile_image_url.clone()}
                    size={AvatarSize::Large}
                />
                <div class="who-text">
                    <p class="cut"><b>{ &me.display_name }</b></p>
                    <p class="muted cut">{ format!("@{}", me.login) }</p>
                    if me.admin {
                        <p class="muted small">{ "Runs this server" }</p>
                    }
                </div>
            </div>
            <h3>{ "What you allowed at Twitch" }</h3>
            if me.scopes.is_empty() {
                <p class="muted">{ "Nothing beyond your name and picture." }</p>
            }
            <ul class="scopes">
                for scope in &me.scopes {
                    <li key={scope.clone()}>
                        <Icon glyph={Glyph::Check} />
                        <span>{ scope_in_words(scope) }</span>
                        <code class="muted small">{ scope }</code>
                    </li>
                }
            </ul>
        </Section>
    }
}

fn scope_in_words(scope: &str) -> &'static str {
    match scope {
        "user:read:chat" => "Read the chat of your streamers: subs, gifts, cheers",
        "user:read:follows" => "See which channels you follow, to import them",
        "bits:read" => "Bits in your own channel",
        "channel:read:subscriptions" => "Subs of your own channel",
        "moderator:read:followers" => "New followers of your own channel",
        "channel:read:redemptions" => "Channel points of your own channel",
        "channel:read:polls" => "Polls of your own channel",
        "channel:read:predictions" => "Predictions of your own channel",
        "channel:read:hype_train" => "Hype trains of your own channel",
        "channel:read:goals" => "Goals of your own channel",
        "channel:read:charity" => "Charity campaigns of your own channel",
        _ => "Another permission",
    }
}
