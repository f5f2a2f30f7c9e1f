//! The page of one streamer: player, events and chat side by side, or below
//! each other, or behind tabs.

use std::rc::Rc;

use wire::Subscription;
use yew::prelude::*;

use super::about::render_about;
use super::events::Events;
use super::info::render_info;
use super::subscribing::use_subscribing;
use super::tabs::{Tab, panel_role, render_tabs};
use super::target::{Liveness, Target};
use crate::components::chat_frame::ChatFrame;
use crate::components::embed_frame::parent_host;
use crate::components::player::Player;
use crate::components::recap::Recap;
use crate::components::stream_switcher::stream_switcher;
use crate::hooks::{use_mut_ref, use_state_eq};
use crate::media::{NARROW, use_media};
use crate::remote::RemoteHandle;
use crate::session::use_session;

/// Properties of [`Stage`].
#[derive(Properties)]
pub(super) struct StageProps {
    pub target: Rc<Target>,
    /// To switch to, and to change when subscribing.
    pub subscriptions: RemoteHandle<Vec<Subscription>>,
    pub entries: Rc<Vec<Subscription>>,
}

/// The handle changes with the entries and with nothing else.
impl PartialEq for StageProps {
    fn eq(&self, other: &Self) -> bool {
        self.target == other.target && self.entries == other.entries
    }
}

/// Player, chat and events are keyed by channel: another streamer gets frames
/// and a feed of their own, while the page and its tab stay.
#[component]
pub(super) fn Stage(props: &StageProps) -> Html {
    let who = &props.target.broadcaster;
    let config = use_session().config().ready().cloned();
    let is_narrow = use_media(NARROW);
    let tab = use_state_eq(|| Tab::Events);
    // On a narrow screen the chat is loaded when it is first looked at.
    let has_seen_chat = use_mut_ref(|| false);
    let silent_login = use_state_eq(|| None::<String>);
    let subscribing = use_subscribing(who, &props.subscriptions);

    let shows_chat = {
        let mut has_seen = has_seen_chat.borrow_mut();
        *has_seen |= !is_narrow || *tab == Tab::Chat;
        *has_seen
    };
    let is_silent = silent_login.as_ref() == Some(&who.login);
    let on_silent = {
        let silent_login = silent_login.clone();
        let login = who.login.clone();
        Callback::from(move |()| silent_login.set(Some(login.clone())))
    };
    let on_select = {
        let tab = tab.clone();
        Callback::from(move |chosen| tab.set(chosen))
    };
    let (player_url, chat_url) = config.map_or_else(Default::default, |config| {
        (config.player_url.clone(), config.chat_url.clone())
    });
    let stream_start = match &props.target.liveness {
        Liveness::Streaming(stream) => Some(AttrValue::from(stream.started_at.clone())),
        Liveness::Live | Liveness::Offline => None,
    };
    let chat_role = panel_role(Tab::Chat, *tab, is_narrow);
    html! {
        <div class="stage">
            <div class="stage-left">
                <Player
                    key={who.login.clone()}
                    login={who.login.clone()}
                    name={who.display_name.clone()}
                    {player_url}
                    {is_silent}
                    {on_silent}
                />
                { render_info(&props.target, is_silent || parent_host().is_err(), &subscribing) }
                <Recap
                    key={who.id.clone()}
                    broadcaster_id={who.id.clone()}
                    is_live={props.target.liveness != Liveness::Offline}
                />
                { stream_switcher(&props.entries, &who.login) }
                if is_narrow {
                    { render_tabs(*tab, &on_select) }
                }
                { render_about(&props.target, panel_role(Tab::About, *tab, is_narrow)) }
            </div>
            <Events
                key={who.id.clone()}
                broadcaster_id={who.id.clone()}
                name={who.display_name.clone()}
                arrives_live={props.target.arrives_live}
                {stream_start}
                panel={panel_role(Tab::Events, *tab, is_narrow)}
            />
            <section
                id={Tab::Chat.panel_id()}
                class="panel stage-chat"
                role={chat_role.role}
                aria-labelledby={chat_role.labelledby.unwrap_or("chat-title")}
                hidden={chat_role.is_hidden}
            >
                <header><h2 id="chat-title">{ "Chat" }</h2></header>
                if shows_chat {
                    <ChatFrame
                        key={who.login.clone()}
                        login={who.login.clone()}
                        name={who.display_name.clone()}
                        {chat_url}
                    />
                }
            </section>
        </div>
    }
}
