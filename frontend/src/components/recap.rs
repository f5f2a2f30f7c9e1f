//! A stream in figures: the running one so far, or one that is over.

use wire::{Raids, Recap as Figures};
use yew::prelude::*;

use super::states::{load_failed, loading};
use super::time_ago::TimeAgo;
use crate::browser::use_interval;
use crate::format::{count, exact_local, number, parse_time, span};
use crate::remote::{Remote, use_remote};

/// How often the figures of a running stream are asked for while the page is seen.
const REFRESH_MS: u32 = 60_000;

/// Properties of [`Recap`].
#[derive(Properties, PartialEq)]
pub struct RecapProps {
    pub broadcaster_id: AttrValue,
    /// The event that ended the stream; without it the running stream is meant, else the last one.
    #[prop_or_default]
    pub ended_by: Option<AttrValue>,
    /// The figures change as long as the stream goes on.
    #[prop_or_default]
    pub is_live: bool,
}

/// Asks for the figures and shows them.
#[component]
pub fn Recap(props: &RecapProps) -> Html {
    let question = (
        props.broadcaster_id.clone(),
        props.ended_by.clone(),
        props.is_live,
    );
    let recap = use_remote(question, |api, (broadcaster_id, ended_by, _)| async move {
        api.recap(&broadcaster_id, ended_by.as_deref()).await
    });
    use_interval(props.is_live.then_some(REFRESH_MS), recap.on_retry());
    let content = match recap.get() {
        Remote::Loading => loading(
            "the stream in figures",
            html! { <div class="bone recap-bones" /> },
        ),
        Remote::Failed(error) => load_failed("The stream in figures", error, &recap.on_retry()),
        Remote::Ready(figures) => match figures.as_ref() {
            Some(figures) => render(figures),
            None => html! {
                <p class="muted small">
                    { "Once a stream was seen from its start, this sums it up." }
                </p>
            },
        },
    };
    html! { <section class="recap" aria-label="The stream in figures">{ content }</section> }
}

fn render(figures: &Figures) -> Html {
    let started = parse_time(&figures.started_at);
    let ended = figures.ended_at.as_deref().map(parse_time);
    let peak = figures.peak_viewers.map_or("–".into(), number);
    html! {
        <>
            <p class="recap-title">
                if let (Some(at), Some(ended)) = (&figures.ended_at, ended) {
                    <b title={format!("{} – {}", exact_local(started), exact_local(ended))}>
                        { format!("Streamed for {}", span(ended - started)) }
                    </b>
                    <span class="muted small">{ "ended " }<TimeAgo at={at.clone()} in_words=true /></span>
                } else {
                    <b>{ "This stream so far" }</b>
                }
            </p>
            <dl class="stats">
                { stat("Peak seen", peak, "viewers".into()) }
                { stat("Subs", number(figures.subs), format!("{} resubs", number(figures.resubs))) }
                { stat("Gifted", number(figures.gifts), "subs".into()) }
                { stat("Bits", number(figures.bits), count(figures.cheers, "cheer", "cheers")) }
                { raids("Raids in", figures.raids_in) }
                { raids("Raids out", figures.raids_out) }
            </dl>
            if !figures.top_gifters.is_empty() {
                <p class="recap-top small">
                    <span class="muted">{ "Top gifters" }</span>
                    { for figures.top_gifters.iter().map(|gifter| html! {
                        <span>
                            <b>{ &gifter.user.display_name }</b>
                            { format!("\u{a0}{}", number(gifter.gifts)) }
                        </span>
                    }) }
                </p>
            }
        </>
    }
}

fn raids(name: &'static str, raids: Raids) -> Html {
    let viewers = count(raids.viewers, "viewer", "viewers");
    stat(name, number(raids.count), viewers)
}

fn stat(name: &'static str, value: String, of: String) -> Html {
    html! {
        <div>
            <dt>{ name }</dt>
            <dd class="num">{ value }{ " " }<small>{ of }</small></dd>
        </div>
    }
}
