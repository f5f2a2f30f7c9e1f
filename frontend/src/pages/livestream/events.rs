//! The events panel: the feed with its filter.

use yew::prelude::*;

use super::feed_source::use_feed;
use super::filter::use_kinds;
use super::keys::use_keys;
use super::marking::use_marking;
use super::tabs::{PanelRole, Tab};
use crate::components::feed_list::FeedList;
use crate::components::filter_chips::filter_chips;
use crate::components::marking::mark_all_button;
use crate::feed::{Feed, Step};
use crate::live::use_live_state;

/// Properties of [`Events`].
#[derive(Properties, PartialEq)]
pub(super) struct EventsProps {
    pub broadcaster_id: AttrValue,
    pub name: AttrValue,
    /// False for a streamer the viewer is not subscribed to.
    pub arrives_live: bool,
    /// When the running stream began, RFC 3339.
    pub stream_start: Option<AttrValue>,
    pub panel: PanelRole,
}

/// The events of one streamer; keyed by streamer by its parent.
#[component]
pub(super) fn Events(props: &EventsProps) -> Html {
    let (kinds, set_kinds) = use_kinds();
    let (keys_button, keys_window) = use_keys();
    let header = use_node_ref();
    let trouble = use_live_state().trouble();
    let source = use_feed(&props.broadcaster_id, kinds);
    let feed = &source.feed;
    let marking = use_marking(&props.broadcaster_id, feed);
    let line = marking.line.as_ref();
    let line = line.and_then(|read_to| feed.line_before(read_to));
    let dispatch = feed.dispatcher();
    let on_at_top = Callback::from(move |at_top| dispatch.dispatch(Step::AtTop(at_top)));
    let dispatch = feed.dispatcher();
    let on_reveal = Callback::from(move |()| dispatch.dispatch(Step::Reveal));

    html! {
        <section
            id={Tab::Events.panel_id()}
            class="panel stage-events"
            role={props.panel.role}
            aria-labelledby={props.panel.labelledby.unwrap_or("events-title")}
            hidden={props.panel.is_hidden}
        >
            <header class="events-bar" ref={header.clone()}>
                <h2 id="events-title">{ "Events" }</h2>
                { filter_chips(feed.kinds(), feed.seen_kinds(), &set_kinds) }
                if marking.on_mark.is_some() {
                    { mark_all_button(true, marking.has_unread, &marking.on_mark_all) }
                }
                { keys_button }
            </header>
            if let Some(why) = trouble {
                <p class="events-hint small">{ why }</p>
            }
            if !props.arrives_live && !feed.rows().is_empty() {
                <p class="events-hint small">
                    { format!("Subscribe to see new events of {} here as they happen.", props.name) }
                </p>
            }
            <FeedList
                rows={feed.rows().to_vec()}
                waiting={feed.waiting()}
                newest={feed.newest().clone()}
                older={feed.older().clone()}
                has_older={feed.older_than().is_some()}
                is_full={feed.is_full()}
                empty={empty_words(feed, props.arrives_live)}
                {header}
                {line}
                stream_start={props.stream_start.clone()}
                on_mark={marking.on_mark}
                on_mark_all={marking.on_mark_all}
                {on_at_top}
                {on_reveal}
                on_older={source.on_older}
                on_retry={source.on_retry}
            />
            { keys_window }
        </section>
    }
}

fn empty_words(feed: &Feed, arrives_live: bool) -> &'static str {
    if !feed.kinds().is_empty() {
        "None of the kinds chosen above, that is."
    } else if arrives_live {
        "They appear here as they happen."
    } else {
        "Subscribe, and they appear here as they happen."
    }
}
