//! Everything known about one event.

use wire::{Event, GroupKind};
use yew::prelude::*;

use super::copy_button::CopyButton;
use super::event_parts::EventParts;
use super::icon::{Glyph, icon};
use super::marking::mark_button;
use super::recap::Recap;
use crate::embed::channel_address;
use crate::feed::{amount_words, pretty_json};
use crate::format::{clock, exact_local, parse_time};

/// The exact times, type, person and amount, and what Twitch sent. The id is
/// what the button that opens it points to.
pub fn event_details(
    event: &Event,
    id: AttrValue,
    on_mark: Option<Callback<MouseEvent>>,
    stream_start: Option<&str>,
) -> Html {
    let payload = AttrValue::from(pretty_json(event.payload.get()));
    let fact = |name: &'static str, value: Html| {
        html! { <><dt>{ name }</dt><dd>{ value }</dd></> }
    };
    html! {
        <div class="ev-details" {id}>
            <dl>
                { fact("Happened", moment(&event.occurred_at)) }
                { fact("Received", moment(&event.received_at)) }
                if let Some(into) = stream_start.and_then(|start| time_into(start, &event.occurred_at)) {
                    { fact("In the stream", html! {
                        <>
                            { format!("{into} after it began · ") }
                            { on_twitch(&event.broadcaster.login, "/videos?filter=archives", "Past streams") }
                        </>
                    }) }
                }
                { fact("Type", html! { <code>{ format!("{} v{}", event.event_type, event.version) }</code> }) }
                if let Some(actor) = &event.actor {
                    { fact("Person", on_twitch(&actor.login, "", &actor.display_name)) }
                }
                if let Some(amount) = &event.amount {
                    { fact("Amount", html! { amount_words(amount) }) }
                }
                if event.recovered {
                    { fact("Note", html! { "Recovered after an outage: Twitch's lists prove it, no message told it." }) }
                }
            </dl>
            if let (Some(fold), Some(group)) = (&event.fold, &event.group) {
                <EventParts
                    id={event.place().to_owned()}
                    broadcaster_id={event.broadcaster.id.clone()}
                    last={fold.last.clone()}
                    name={if group.kind == GroupKind::GiftBomb { "Recipients" } else { "Updates" }}
                />
            }
            if event.event_type == "stream.offline" {
                <Recap broadcaster_id={event.broadcaster.id.clone()} ended_by={event.id.clone()} />
            }
            if let Some(on_mark) = on_mark {
                { mark_button(on_mark) }
            }
            <div class="ev-payload">
                <div class="ev-payload-bar">
                    <span>{ "As Twitch sent it" }</span>
                    <CopyButton text={payload.clone()} label="Copy" />
                </div>
                <pre tabindex="0" role="group" aria-label="Payload"><code>{ payload }</code></pre>
            </div>
        </div>
    }
}

/// How long a stream had been running; nothing for what was before it.
fn time_into(start: &str, at: &str) -> Option<String> {
    let into = parse_time(at) - parse_time(start);
    (into >= 0.0).then(|| clock(into))
}

fn on_twitch(login: &str, path: &str, name: &str) -> Html {
    html! {
        <a
            class="text-link"
            href={format!("{}{path}", channel_address(login))}
            target="_blank"
            rel="noopener noreferrer"
        >
            { name.to_owned() }
            { icon(Glyph::ArrowOut) }
            <span class="only-read">{ " on Twitch, opens a new tab" }</span>
        </a>
    }
}

fn moment(at: &str) -> Html {
    html! {
        <time class="num" datetime={at.to_owned()} title={at.to_owned()}>
            { exact_local(parse_time(at)) }
        </time>
    }
}
