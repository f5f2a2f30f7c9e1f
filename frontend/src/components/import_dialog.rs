//! "Import my follows": choose among the channels followed on Twitch.

mod choose;
mod run;

use wire::Streamer;
use yew::prelude::*;

use super::dialog::Dialog;
use super::states::{empty, load_failed, loading};
use crate::remote::{Remote, use_remote};
use choose::Choose;
use run::{Progress, use_import};

/// Properties of [`ImportDialog`].
#[derive(Properties, PartialEq)]
pub struct ImportDialogProps {
    /// Closed; true when anything was subscribed to.
    pub on_close: Callback<bool>,
}

/// Choose, then wait, then read how it went.
#[component]
pub fn ImportDialog(props: &ImportDialogProps) -> Html {
    let followed = use_remote((), |api, ()| async move { api.followed_streamers().await });
    let import = use_import();
    let any_done = import.progress().is_some_and(|progress| progress.done > 0);
    let on_close = props.on_close.reform(move |()| any_done);

    let content = match (import.progress(), followed.get()) {
        (Some(progress), _) => render_outcome(progress, &on_close),
        (None, Remote::Loading) => loading(
            "the channels you follow",
            html! {
                <div class="follow-list">
                    for _ in 0..7 {
                        <span class="bone bone-row" />
                    }
                </div>
            },
        ),
        (None, Remote::Failed(error)) => {
            load_failed("The channels you follow", error, &followed.on_retry())
        }
        (None, Remote::Ready(streamers)) if streamers.is_empty() => empty(
            "You follow nobody on Twitch",
            html! {
                <p>{ "Follow a channel there, or subscribe by name on the front page." }</p>
            },
        ),
        (None, Remote::Ready(streamers)) => html! {
            <Choose streamers={streamers.clone()} on_chosen={import.on_start()} />
        },
    };
    html! {
        <Dialog title="Import my follows" {on_close} class="wide">
            { content }
        </Dialog>
    }
}

fn render_outcome(progress: &Progress, on_close: &Callback<()>) -> Html {
    let tried = progress.done + progress.failed.len();
    html! {
        <div class="import-outcome">
            <p role="status">
                if progress.is_over {
                    <b>{ summary(progress) }</b>
                } else {
                    { format!("Subscribing: {tried} of {}", progress.total) }
                }
            </p>
            <progress
                aria-label="Import"
                max={progress.total.to_string()}
                value={tried.to_string()}
            />
            if !progress.failed.is_empty() {
                <ul class="follow-list small">
                    for (name, reason) in &progress.failed {
                        <li class="import-failed" key={name.clone()}>
                            <b>{ name }</b>
                            <span class="muted">{ reason }</span>
                        </li>
                    }
                </ul>
            }
            if progress.is_over {
                <button
                    type="button"
                    class="btn primary"
                    onclick={on_close.reform(|_| ())}
                >
                    { "Done" }
                </button>
            }
        </div>
    }
}

fn summary(progress: &Progress) -> String {
    let subscribed = match progress.done {
        1 => "Subscribed to 1 streamer.".to_owned(),
        count => format!("Subscribed to {count} streamers."),
    };
    match progress.total - progress.done {
        0 => subscribed,
        1 => format!("{subscribed} 1 could not be added."),
        count => format!("{subscribed} {count} could not be added."),
    }
}

/// Those that can still be chosen.
fn is_open_to_choice(streamer: &Streamer) -> bool {
    !streamer.subscribed
}
