//! The events panel: loads, listens, and keeps the feed.

use wire::Kind;
use yew::prelude::*;

use super::filter::use_kinds;
use super::tabs::{PanelRole, Tab};
use crate::api::{Api, Error};
use crate::components::feed_list::FeedList;
use crate::components::filter_chips::FilterChips;
use crate::feed::{Feed, Step};
use crate::live::{LiveItem, use_live, use_live_state};
use crate::session::use_api;
use crate::task::Task;

/// What the page opens with.
const FIRST_ROWS: &str = "10";
/// What each further page brings.
const OLDER_ROWS: &str = "50";

/// Properties of [`Events`].
#[derive(Properties, PartialEq)]
pub(super) struct EventsProps {
    pub broadcaster_id: AttrValue,
    pub name: AttrValue,
    /// False for a streamer the viewer is not subscribed to.
    pub arrives_live: bool,
    pub panel: PanelRole,
}

/// The events of one streamer; keyed by streamer by its parent.
#[component]
pub(super) fn Events(props: &EventsProps) -> Html {
    let (kinds, set_kinds) = use_kinds();
    let api = use_api();
    let generation = use_live_state().generation;
    let attempt = use_state(|| 0_u32);
    let header = use_node_ref();
    let older = use_mut_ref(|| None::<Task>);
    let feed = use_reducer(|| Feed::showing(kinds.clone()));

    {
        let feed = feed.dispatcher();
        let broadcaster_id = props.broadcaster_id.clone();
        use_live(Callback::from(move |item| match item {
            LiveItem::Event(event) if event.broadcaster.id == *broadcaster_id => {
                feed.dispatch(Step::Arrived(event));
            }
            LiveItem::Gap(gap) => feed.dispatch(Step::Missed(gap)),
            LiveItem::Event(_) | LiveItem::Status(_) => {}
        }));
    }
    {
        let feed = feed.clone();
        let api = api.clone();
        let question = (props.broadcaster_id.clone(), kinds, generation, *attempt);
        use_effect_with(question, move |(broadcaster_id, kinds, ..)| {
            feed.dispatch(Step::Show(kinds.clone()));
            feed.dispatch(Step::AskedNewest);
            let number = feed.question();
            let kinds: Vec<Kind> = kinds.iter().copied().collect();
            let broadcaster_id = broadcaster_id.clone();
            let task = Task::spawn(async move {
                let answer = list(&api, &broadcaster_id, &kinds, None).await;
                feed.dispatch(Step::Newest(number, answer));
            });
            move || drop(task)
        });
    }
    let on_older = {
        let feed = feed.clone();
        let broadcaster_id = props.broadcaster_id.clone();
        Callback::from(move |()| {
            let Some(before) = feed.older_than().map(str::to_owned) else {
                return;
            };
            feed.dispatch(Step::AskedOlder);
            let (feed, api, broadcaster_id) = (feed.clone(), api.clone(), broadcaster_id.clone());
            let number = feed.question();
            let kinds: Vec<Kind> = feed.kinds().iter().copied().collect();
            let task = Task::spawn(async move {
                let answer = list(&api, &broadcaster_id, &kinds, Some(&before)).await;
                feed.dispatch(Step::Older(number, answer));
            });
            older.replace(Some(task));
        })
    };
    let on_retry = Callback::from(move |()| attempt.set(attempt.wrapping_add(1)));
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
                <FilterChips
                    shown={feed.kinds().clone()}
                    seen={feed.seen_kinds().clone()}
                    on_change={set_kinds}
                />
            </header>
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
                empty={empty_words(&feed, props.arrives_live)}
                {header}
                {on_at_top}
                {on_reveal}
                {on_older}
                {on_retry}
            />
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

async fn list(
    api: &Api,
    broadcaster_id: &str,
    kinds: &[Kind],
    before: Option<&str>,
) -> Result<wire::EventPage, Error> {
    let mut filters = vec![("broadcaster_id", broadcaster_id)];
    filters.extend(kinds.iter().map(|kind| ("kind", kind.as_str())));
    match before {
        Some(cursor) => filters.extend([("before", cursor), ("limit", OLDER_ROWS)]),
        None => filters.push(("limit", FIRST_ROWS)),
    }
    api.events(&filters).await
}
