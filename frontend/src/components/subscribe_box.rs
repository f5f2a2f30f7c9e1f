//! The box that adds a streamer: search as you type, pick or type on.
//!
//! A combobox after ARIA 1.2: the focus stays in the field, the arrow keys move
//! through the suggestions, Enter takes the marked one or else what was typed.

mod choice;
mod suggestions;

use web_sys::{HtmlElement, HtmlInputElement};
use wire::{Streamer, Subscription};
use yew::prelude::*;

use super::icon::{Glyph, icon};
use super::notice::{Tone, notice};
use crate::action::use_action;
use crate::hooks::{use_state, use_state_eq};
use crate::toasts::use_toasts;
use choice::{Move, search_words, step};
use suggestions::{Found, render_suggestions, use_marked_in_sight, use_slash_key, use_suggestions};

/// Properties of [`SubscribeBox`].
#[derive(Properties, PartialEq)]
pub struct SubscribeBoxProps {
    pub on_subscribed: Callback<Subscription>,
}

/// The field, its suggestions and the button.
#[component]
pub fn SubscribeBox(props: &SubscribeBoxProps) -> Html {
    let typed = use_state(String::new);
    let is_open = use_state_eq(bool::default);
    let marked = use_state_eq(|| None::<usize>);
    let input = use_node_ref();
    let toasts = use_toasts();
    use_slash_key(&input);
    use_marked_in_sight(*marked);

    let found = use_suggestions(search_words(&typed));
    let streamers: &[Streamer] = match &found {
        Found::Streamers(streamers) => streamers,
        Found::Nothing | Found::Searching | Found::Failed(_) => &[],
    };

    let subscribe = {
        let (typed, is_open, marked) = (typed.clone(), is_open.clone(), marked.clone());
        let on_subscribed = props.on_subscribed.clone();
        use_action(
            |api, login: String| async move { api.subscribe(&login).await },
            Callback::from(move |entry| {
                typed.set(String::new());
                is_open.set(false);
                marked.set(None);
                on_subscribed.emit(entry);
            }),
        )
    };
    let choose = {
        let subscribe = subscribe.clone();
        let is_open = is_open.clone();
        Callback::from(move |streamer: Streamer| {
            is_open.set(false);
            if streamer.subscribed {
                toasts.say(format!(
                    "You are subscribed to {} already.",
                    streamer.display_name
                ));
            } else {
                subscribe.run(streamer.login);
            }
        })
    };
    let marked_streamer = marked.and_then(|index| streamers.get(index)).cloned();
    let onsubmit = {
        let (subscribe, choose, typed) = (subscribe.clone(), choose.clone(), typed.clone());
        let input = input.clone();
        let is_open = is_open.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if subscribe.is_busy() {
                return;
            }
            match &marked_streamer {
                Some(streamer) if *is_open => choose.emit(streamer.clone()),
                _ if typed.trim().is_empty() => focus_input(&input),
                _ => {
                    is_open.set(false);
                    subscribe.run(typed.trim().to_owned());
                }
            }
        })
    };
    let oninput = {
        let (typed, is_open, marked) = (typed.clone(), is_open.clone(), marked.clone());
        let subscribe = subscribe.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                typed.set(field.value());
                is_open.set(true);
                marked.set(None);
                subscribe.clear();
            }
        })
    };
    let onkeydown = {
        let (typed, is_open, marked) = (typed.clone(), is_open.clone(), marked.clone());
        let count = streamers.len();
        Callback::from(move |event: KeyboardEvent| {
            let direction = match event.key().as_str() {
                "ArrowDown" => Move::Down,
                "ArrowUp" => Move::Up,
                "Escape" if *is_open => {
                    is_open.set(false);
                    marked.set(None);
                    return;
                }
                "Escape" => {
                    typed.set(String::new());
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            is_open.set(true);
            marked.set(step(*marked, count, direction));
        })
    };
    let onblur = {
        let is_open = is_open.clone();
        Callback::from(move |_: FocusEvent| is_open.set(false))
    };
    let onfocus = {
        let is_open = is_open.clone();
        Callback::from(move |_: FocusEvent| is_open.set(true))
    };
    let shows_list = *is_open && !streamers.is_empty();
    html! {
        <form class="subscribe" role="search" {onsubmit}>
            <div class="field">
                { icon(Glyph::Search) }
                <input
                    ref={input}
                    type="text"
                    role="combobox"
                    placeholder="Subscribe to a streamer: name…"
                    aria-label="Streamer to subscribe to"
                    aria-autocomplete="list"
                    aria-expanded={shows_list.to_string()}
                    aria-controls="suggestions"
                    aria-activedescendant={marked.filter(|_| shows_list).map(suggestions::option_id)}
                    aria-invalid={subscribe.error().map(|_| "true")}
                    aria-describedby={subscribe.error().map(|_| "subscribe-error")}
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="200"
                    value={(*typed).clone()}
                    {oninput}
                    {onkeydown}
                    {onblur}
                    {onfocus}
                />
                <kbd aria-hidden="true" title="Press / to search">{ "/" }</kbd>
                { render_suggestions(&found, *is_open, *marked, &choose) }
            </div>
            <button
                type="submit"
                class="btn primary tall"
                aria-disabled={subscribe.is_busy().then_some("true")}
            >
                { "Subscribe" }
            </button>
            if let Some(error) = subscribe.error() {
                <div id="subscribe-error" class="subscribe-error">
                    { notice(Tone::Error, html! { { error.message() } }) }
                </div>
            }
        </form>
    }
}

fn focus_input(input: &NodeRef) {
    if let Some(input) = input.cast::<HtmlElement>() {
        drop(input.focus());
    }
}
