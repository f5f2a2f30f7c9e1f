//! Whose events: any of the viewer's streamers, and the viewer's own channel.

use wire::{Me, Subscription};
use yew::prelude::*;

use super::fields::refused;
use super::filter::Filter;
use super::refusal::Refusal;
use crate::components::popover::Popover;

const NAME: &str = "broadcaster_id";

/// Somebody whose events can be here.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Channel {
    pub id: AttrValue,
    pub name: AttrValue,
}

/// Those there are, and those the filter names besides.
pub(super) fn channels(me: Option<&Me>, entries: &[Subscription], filter: &Filter) -> Vec<Channel> {
    let mut channels: Vec<Channel> = entries
        .iter()
        .map(|entry| channel(&entry.broadcaster.id, &entry.broadcaster.display_name))
        .collect();
    let add = |channels: &mut Vec<Channel>, id: &str, name: &str| {
        if !channels.iter().any(|held| held.id == id) {
            channels.push(channel(id, name));
        }
    };
    if let Some(me) = me {
        add(&mut channels, &me.id, &me.display_name);
    }
    for id in filter.all(NAME) {
        add(&mut channels, id, &format!("Streamer {id}"));
    }
    channels
}

fn channel(id: &str, name: &str) -> Channel {
    Channel {
        id: id.to_owned().into(),
        name: name.to_owned().into(),
    }
}

/// The name of a channel, if it is one of these.
pub(super) fn name_of(channels: &[Channel], id: &str) -> Option<AttrValue> {
    let found = channels.iter().find(|channel| channel.id == id)?;
    Some(found.name.clone())
}

/// The button with its list.
pub(super) fn streamers(
    channels: &[Channel],
    filter: &Filter,
    refusal: Option<&Refusal>,
    on_change: &Callback<Filter>,
) -> Html {
    let chosen: Vec<&Channel> = channels
        .iter()
        .filter(|channel| is_chosen(channel, filter))
        .collect();
    let label = match &chosen[..] {
        [] => "All streamers".to_owned(),
        [one] => one.name.to_string(),
        [one, other] => format!("{}, {}", one.name, other.name),
        [one, rest @ ..] => format!("{} and {} more", one.name, rest.len()),
    };
    let wrong = Refusal::at(refusal, &[NAME]);
    let all = {
        let filter = filter.clone();
        on_change.reform(move |_: MouseEvent| filter.set(NAME, None))
    };
    html! {
        <div class="filter">
            <Popover {label} title="Streamers" describedby={wrong.map(|_| "refused-streamers")}>
                <button
                    type="button"
                    class="preset"
                    aria-pressed={chosen.is_empty().to_string()}
                    onclick={all}
                >
                    { "All streamers" }
                </button>
                <ul class="channels">
                    { for channels.iter().map(|channel| choice(channel, filter, on_change)) }
                </ul>
            </Popover>
            { refused("refused-streamers", wrong) }
        </div>
    }
}

fn is_chosen(channel: &Channel, filter: &Filter) -> bool {
    filter.all(NAME).any(|id| channel.id == id)
}

fn choice(channel: &Channel, filter: &Filter, on_change: &Callback<Filter>) -> Html {
    let onchange = {
        let (filter, id) = (filter.clone(), channel.id.clone());
        on_change.reform(move |_: Event| filter.toggle(NAME, &id))
    };
    html! {
        <li key={channel.id.to_string()}>
            <label>
                <input type="checkbox" checked={is_chosen(channel, filter)} {onchange} />
                <span class="cut">{ channel.name.clone() }</span>
            </label>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_streamer_the_address_names_can_be_chosen_off() {
        let filter = Filter::parse("broadcaster_id=7&broadcaster_id=8", |text| {
            Some(text.to_owned())
        });
        let me = Me {
            id: "8".into(),
            login: "vera".into(),
            display_name: "Vera".into(),
            profile_image_url: String::new(),
            scopes: vec![],
            keep_collecting: true,
            admin: false,
        };
        let names: Vec<_> = channels(Some(&me), &[], &filter)
            .into_iter()
            .map(|channel| channel.name.to_string())
            .collect();
        assert_eq!(names, ["Vera", "Streamer 7"]);
    }
}
