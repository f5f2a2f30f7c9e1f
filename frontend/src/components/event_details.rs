//! Everything known about one event.

use std::rc::Rc;

use wire::Event;
use yew::prelude::*;

use super::copy_button::CopyButton;
use super::icon::{Glyph, Icon};
use crate::embed::channel_address;
use crate::feed::{amount_words, pretty_json};
use crate::format::{exact_local, parse_time};

/// Properties of [`EventDetails`].
#[derive(Properties, PartialEq)]
pub struct EventDetailsProps {
    pub event: Rc<Event>,
    /// The element's id, which the button that opens it points to.
    pub id: AttrValue,
}

/// The exact times, type, person and amount, and what Twitch sent.
#[component]
pub fn EventDetails(props: &EventDetailsProps) -> Html {
    let event = &props.event;
    let payload = use_memo(Rc::clone(event), |event| {
        AttrValue::from(pretty_json(event.payload.get()))
    });
    let fact = |name: &'static str, value: Html| {
        html! { <><dt>{ name }</dt><dd>{ value }</dd></> }
    };
    html! {
        <div class="ev-details" id={props.id.clone()}>
            <dl>
                { fact("Happened", moment(&event.occurred_at)) }
                { fact("Received", moment(&event.received_at)) }
                { fact("Type", html! { <code>{ format!("{} v{}", event.event_type, event.version) }</code> }) }
                if let Some(actor) = &event.actor {
                    { fact("Person", html! {
                        <a
                            class="text-link"
                            href={channel_address(&actor.login)}
                            target="_blank"
                            rel="noopener noreferrer"
                        >
                            { &actor.display_name }
                            <Icon glyph={Glyph::ArrowOut} />
                            <span class="only-read">{ " on Twitch, opens a new tab" }</span>
                        </a>
                    }) }
                }
                if let Some(amount) = &event.amount {
                    { fact("Amount", html! { amount_words(amount) }) }
                }
                if event.recovered {
                    { fact("Note", html! { "Recovered from Twitch after an outage." }) }
                }
            </dl>
            <div class="ev-payload">
                <div class="ev-payload-bar">
                    <span>{ "As Twitch sent it" }</span>
                    <CopyButton text={(*payload).clone()} label="Copy" />
                </div>
                <pre tabindex="0" role="group" aria-label="Payload"><code>{ (*payload).clone() }</code></pre>
            </div>
        </div>
    }
}

fn moment(at: &str) -> Html {
    html! {
        <time class="num" datetime={at.to_owned()} title={at.to_owned()}>
            { exact_local(parse_time(at)) }
        </time>
    }
}
