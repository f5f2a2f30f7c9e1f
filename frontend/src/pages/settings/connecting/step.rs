//! One step: what it brings, how it stands, and the button that changes that.

use wire::{ChannelStep, Kind, StepState, Topic, TopicStatus};
use yew::prelude::*;

use crate::action::use_action;
use crate::api::connect_url;
use crate::browser::focus;
use crate::components::icon::{Glyph, icon};
use crate::components::kind_icon::kind_icon;
use crate::components::notice::{Tone, notice};
use crate::components::topic_list::{arriving, topic_list};
use crate::hooks::{use_effect_with, use_mut_ref};
use crate::session::here;
use crate::toasts::use_toasts;

/// Properties of [`StepRow`].
#[derive(Properties, PartialEq)]
pub(super) struct StepRowProps {
    pub step: ChannelStep,
    /// It stands otherwise now.
    pub on_change: Callback<()>,
}

/// A row of the steps.
#[component]
pub(super) fn StepRow(props: &StepRowProps) -> Html {
    let step = &props.step;
    let toasts = use_toasts();
    let was_undone = use_mut_ref(bool::default);
    let undo = {
        let (on_change, was_undone) = (props.on_change.clone(), was_undone.clone());
        let title = step.title.clone();
        use_action(
            |api, name: String| async move { api.undo_step(&name).await },
            Callback::from(move |()| {
                *was_undone.borrow_mut() = true;
                toasts.say(format!("{title}: undone."));
                on_change.emit(());
            }),
        )
    };
    let connect_id = format!("connect-{}", step.name);
    {
        // The button that was pressed is gone: the focus goes to the one in its place.
        let selector = format!("#{connect_id}");
        use_effect_with(step.state, move |state| {
            if *state == StepState::Off && std::mem::take(&mut *was_undone.borrow_mut()) {
                focus(&selector);
            }
        });
    }
    let onclick = {
        let (undo, name) = (undo.clone(), step.name.clone());
        Callback::from(move |_: MouseEvent| {
            if !undo.is_busy() {
                undo.run(name.clone());
            }
        })
    };
    html! {
        <li class="step">
            { kind_icon(kind(&step.name)) }
            <h3>{ &step.title }</h3>
            <div class="step-buttons">
                if step.state != StepState::Connected {
                    <a
                        id={connect_id}
                        class="btn"
                        href={connect_url(&step.name, &here())}
                        aria-label={format!("Connect {}", step.title)}
                    >
                        { "Connect" }
                    </a>
                }
                if step.state != StepState::Off {
                    <button
                        type="button"
                        class="btn"
                        aria-label={format!("Undo {}", step.title)}
                        aria-disabled={undo.is_busy().to_string()}
                        {onclick}
                    >
                        { "Undo" }
                    </button>
                }
            </div>
            <div class="step-text">
                { render_state(step) }
                <p class="muted">{ &step.unlocks }</p>
                <details class="step-types">
                    <summary>{ types_in_words(step) }</summary>
                    { topic_list(&step.topics) }
                </details>
                if let Some(error) = undo.error() {
                    { notice(Tone::Error, html! { { format!("This was not undone. {}", error.message()) } }) }
                }
            </div>
        </li>
    }
}

fn render_state(step: &ChannelStep) -> Html {
    let is_lost =
        |topic: &&Topic| matches!(topic.status, TopicStatus::Failed | TopicStatus::Unavailable);
    let lost = step.topics.iter().find(is_lost);
    let is_pending = |topic: &Topic| topic.status == TopicStatus::Pending;
    let (class, glyph, words) = match (step.state, lost) {
        (StepState::Off, _) => return Html::default(),
        (StepState::Missing, _) => ("failed", Glyph::Alert, "Permission missing"),
        (StepState::Connected, Some(_)) => match arriving(&step.topics) {
            (0, _) => ("failed", Glyph::Alert, "Nothing arrives"),
            _ => ("failed", Glyph::Alert, "Not all of it arrives"),
        },
        (StepState::Connected, None) if step.topics.iter().any(is_pending) => {
            ("waiting", Glyph::Clock, "Being set up")
        }
        (StepState::Connected, None) => ("ok", Glyph::Check, "Connected"),
    };
    let why = lost.and_then(|topic| topic.reason.as_ref());
    html! {
        <p class={classes!("step-state", class)}>
            { icon(glyph) }
            <span>
                { words }
                if let Some(why) = why {
                    <span class="muted">{ format!(": {why}") }</span>
                }
            </span>
        </p>
    }
}

fn types_in_words(step: &ChannelStep) -> String {
    let (arrive, all) = arriving(&step.topics);
    match (step.state, all) {
        (StepState::Connected, _) => format!("{arrive} of {all} types arrive"),
        (StepState::Off | StepState::Missing, 1) => "1 type of event".to_owned(),
        (StepState::Off | StepState::Missing, _) => format!("{all} types of events"),
    }
}

/// The icon that its events have in the feed.
fn kind(step: &str) -> Kind {
    match step {
        "followers" => Kind::Follow,
        "subs" => Kind::Sub,
        "bits" => Kind::Cheer,
        "points" => Kind::Points,
        "polls" => Kind::Poll,
        "predictions" => Kind::Prediction,
        "hype-train" => Kind::HypeTrain,
        "goals" => Kind::Goal,
        "charity" => Kind::Charity,
        "shoutouts" => Kind::Chat,
        "moderation" => Kind::Moderation,
        _ => Kind::System,
    }
}
