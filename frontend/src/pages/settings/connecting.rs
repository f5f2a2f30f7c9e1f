//! "Connect my channel": what the streamer can allow, step by step, how each step stands, and undo.

mod step;

use wire::{OwnChannel, StepState, TopicStatus};
use yew::prelude::*;

use super::section;
use crate::action::use_action;
use crate::browser::{focus, use_interval};
use crate::components::confirm_dialog::{Confirm, confirm_dialog};
use crate::components::states::{load_failed, loading};
use crate::components::topic_list::topic_list;
use crate::hooks::use_state_eq;
use crate::remote::{Remote, use_remote};
use step::StepRow;

/// How often topics that are being set up are looked at.
const SETTLING_MS: u32 = 1_500;

/// Grey shapes while the steps are asked for; how many there are is the server's to say.
const STEPS: usize = 12;

/// The steps.
#[hook]
pub(super) fn use_connecting() -> Html {
    let channel = use_remote((), |api, ()| async move { api.own_channel().await });
    let is_asking = use_state_eq(bool::default);
    let undo_all = {
        let (channel, is_asking) = (channel.clone(), is_asking.clone());
        use_action(
            |api, ()| async move { api.undo_all_steps().await },
            Callback::from(move |()| {
                is_asking.set(false);
                channel.reload();
                focus("#connect");
            }),
        )
    };
    let settles = channel
        .get()
        .ready()
        .is_some_and(|known| is_settling(known));
    use_interval(settles.then_some(SETTLING_MS), channel.on_retry());
    let ask = |on: bool| {
        let (is_asking, undo_all) = (is_asking.clone(), undo_all.clone());
        move || {
            undo_all.clear();
            is_asking.set(on);
        }
    };
    let (open, close) = (ask(true), ask(false));
    let content = html! {
        <>
            <p class="muted">
                { "You stream yourself? Some things Twitch tells nobody but you. Allow them one by one: each step asks \
                   for permission to read, never to change anything. What it brings is shown to you alone." }
            </p>
            { match channel.get() {
                Remote::Loading => loading("the steps", html! {
                    for at in 0..STEPS {
                        <span key={at} class="bone bone-step" />
                    }
                }),
                Remote::Failed(error) => load_failed("The steps", error, &channel.on_retry()),
                Remote::Ready(known) => render_steps(known, &channel.on_retry()),
            } }
            if channel.get().ready().is_some_and(|known| has_taken_any(known)) {
                <div class="way-out">
                    <p>
                        <b>{ "Undo everything" }</b>
                        <span class="muted">
                            { "Twitch stops delivering at once. Your permission itself stays with Twitch, unused, until \
                               you disconnect Twitch below." }
                        </span>
                    </p>
                    <button type="button" class="btn danger" onclick={move |_: MouseEvent| open()}>
                        { "Undo everything" }
                    </button>
                </div>
            }
            if *is_asking {
                { confirm_dialog(Confirm {
                    title: "Undo everything?".into(),
                    confirm: "Undo everything",
                    is_busy: undo_all.is_busy(),
                    error: undo_all.error().cloned(),
                    on_confirm: undo_all.on_run(),
                    on_close: Callback::from(move |()| close()),
                    text: html! {
                        <p>
                            { "None of the steps brings you anything any more. What was received stays. You can connect \
                               each of them again at any time." }
                        </p>
                    },
                }) }
            }
        </>
    };
    section("Connect my channel", "connect", content)
}

fn render_steps(channel: &OwnChannel, on_change: &Callback<()>) -> Html {
    html! {
        <>
            <ul class="steps">
                for step in &channel.steps {
                    <StepRow key={step.name.clone()} step={step.clone()} on_change={on_change.clone()} />
                }
            </ul>
            <details class="step-types">
                <summary>{ "What this server never asks for" }</summary>
                { topic_list(&channel.others) }
            </details>
        </>
    }
}

fn has_taken_any(channel: &OwnChannel) -> bool {
    channel
        .steps
        .iter()
        .any(|step| step.state != StepState::Off)
}

/// Twitch has still to confirm something.
fn is_settling(channel: &OwnChannel) -> bool {
    let mut topics = channel.steps.iter().flat_map(|step| &step.topics);
    topics.any(|topic| topic.status == TopicStatus::Pending)
}
