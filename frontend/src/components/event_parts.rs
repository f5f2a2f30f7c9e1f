//! The parts of a row that stands for several events: who got the subs of a gift
//! bomb, the steps of a hype train. Asked for when a row is opened.

use gloo_timers::callback::Timeout;
use wire::Event;
use yew::prelude::*;

use super::states::load_failed;
use crate::api::{Api, Error};
use crate::hooks::{use_effect_with, use_mut_ref};
use crate::remote::{Remote, use_remote};

/// Most events of one answer.
const LIMIT: &str = "500";
/// While parts arrive one after the other, they are asked for together.
const PAUSE_MS: u32 = 250;

/// Properties of [`EventParts`].
#[derive(Properties, PartialEq)]
pub struct EventPartsProps {
    /// One of the row's events.
    pub id: AttrValue,
    pub broadcaster_id: AttrValue,
    /// The newest of them: with another one there is more to show.
    pub last: AttrValue,
    /// What they are called.
    pub name: &'static str,
}

/// A list of them all.
#[component]
pub fn EventParts(props: &EventPartsProps) -> Html {
    let asked = (props.id.clone(), props.broadcaster_id.clone());
    let parts = use_remote(asked, |api, (id, broadcaster_id)| async move {
        all_parts(&api, &id, &broadcaster_id).await
    });
    {
        let (shown, parts) = (use_mut_ref(|| props.last.clone()), parts.clone());
        use_effect_with(props.last.clone(), move |last| {
            let is_news = shown.replace(last.clone()) != *last;
            let pause = is_news.then(|| Timeout::new(PAUSE_MS, move || parts.reload()));
            move || drop(pause)
        });
    }
    html! {
        <div class="ev-parts">
            <h4>{ props.name }</h4>
            {
                match parts.get() {
                    Remote::Loading => html! { <span class="bone bone-line long" /> },
                    Remote::Failed(error) => load_failed(props.name, error, &parts.on_retry()),
                    Remote::Ready(events) => html! {
                        <ul tabindex="0" aria-label={props.name}>{ for events.iter().map(render_part) }</ul>
                    },
                }
            }
        </div>
    }
}

fn render_part(event: &Event) -> Html {
    let group = event.group.as_ref();
    let recipient = group.and_then(|group| group.recipient.as_ref());
    let words = recipient.map_or(&event.summary, |person| &person.display_name);
    html! { <li key={event.id.clone()}>{ words }</li> }
}

/// All of them, oldest first.
async fn all_parts(api: &Api, id: &str, broadcaster_id: &str) -> Result<Vec<Event>, Error> {
    let mut parts = Vec::new();
    let mut after = Some("0".to_owned());
    while let Some(from) = after {
        let filters = [
            ("parts_of", id),
            ("broadcaster_id", broadcaster_id),
            ("limit", LIMIT),
            ("after", &from),
        ];
        let page = api.events(&filters).await?;
        after = page.next_after.filter(|_| !page.events.is_empty());
        parts.extend(page.events.into_iter().filter(Event::is_part));
    }
    Ok(parts)
}
