//! Who is signed in and what Twitch was asked to allow.

use wire::Me;
use yew::prelude::*;

use super::section;
use crate::components::avatar::{AvatarSize, avatar};
use crate::components::icon::{Glyph, icon};

/// Names and granted scopes.
pub(super) fn render_account(me: &Me) -> Html {
    let content = html! {
        <>
            <div class="who-row">
                { avatar(&me.display_name, &me.profile_image_url, AvatarSize::Large) }
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
                        { icon(Glyph::Check) }
                        <span>{ scope_in_words(scope) }</span>
                        <code class="muted small">{ scope }</code>
                    </li>
                }
            </ul>
        </>
    };
    section("Account", "account", content)
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
        "channel:read:ads" => "Ad breaks of your own channel",
        "moderator:read:shoutouts" => "Shoutouts of your own channel",
        scope if scope.starts_with("moderator:read:") => "Moderation of your own channel",
        _ => "Another permission",
    }
}
