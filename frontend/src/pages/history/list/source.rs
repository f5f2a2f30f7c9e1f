//! Where the list comes from: pages of the API around the place it is opened
//! at, the gaps of their time, and a word of what arrives.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use wire::{Event, EventPage, Gap};
use yew::prelude::*;

use super::entries::{Ends, Item};
use super::store::{Loaded, Part, Step};
use crate::api::{Api, Error};
use crate::feed::Load;
use crate::format::parse_time;
use crate::hooks::{
    UseReducerDispatcher, UseReducerHandle, use_effect_with, use_mut_ref, use_reducer, use_state,
};
use crate::live::{LiveItem, use_live, use_live_state};
use crate::local_time::{DAY_MS, ahead_of_utc, end_of_date, rfc3339};
use crate::pages::history::filter::{DATE, Filter};
use crate::session::use_api;
use crate::task::Task;

/// One row for all events of a happening.
const FOLDED: (&str, &str) = ("folded", "true");
/// Events of a page: few enough to be read without the screen standing still.
const PAGE: usize = 100;
const PAGE_LIMIT: &str = "100";
/// What follows the event a day is opened at.
const REST_LIMIT: &str = "99";
/// What arrives is looked for this long after the first word of it: a busy
/// stream is one question, not one for each event.
const ARRIVING_MS: u32 = 1_500;

/// The list, and what its reader may ask of it.
pub(in crate::pages::history) struct Source {
    pub loaded: UseReducerHandle<Loaded>,
    pub on_older: Callback<()>,
    pub on_newer: Callback<()>,
    pub on_reveal: Callback<()>,
    pub on_retry: Callback<()>,
}

/// The events a filter matches. Another filter begins another list.
#[hook]
pub(in crate::pages::history) fn use_source(filter: &Filter) -> Source {
    let api = use_api();
    let loaded = use_reducer(Loaded::default);
    let round = use_state(|| 0_u32);
    let (older, newer) = (use_mut_ref(|| None::<Task>), use_mut_ref(|| None::<Task>));
    let due = use_mut_ref(|| None::<Timeout>);
    let asked = use_mut_ref(|| 0_u32);
    let on_retry = {
        let round = round.clone();
        Callback::from(move |()| round.set(round.wrapping_add(1)))
    };
    {
        let (api, list) = (api.clone(), loaded.dispatcher());
        let due = due.clone();
        use_effect_with((filter.clone(), *round), move |(filter, _)| {
            let number = asked.borrow().wrapping_add(1);
            asked.replace(number);
            due.replace(None);
            list.dispatch(Step::Asked(number));
            let task = filter.unknown().is_none().then(|| {
                let filter = filter.clone();
                Task::spawn(async move {
                    let part = first(&api, &filter).await;
                    let since = part.as_ref().ok().and_then(since_of);
                    list.dispatch(Step::First(number, part));
                    if let Some(since) = since {
                        let until = filter.first("until");
                        tell_gaps(&api, &filter, &since, until, &list, number).await;
                    }
                })
            });
            move || drop(task)
        });
    }
    let on_older = {
        let (api, filter, loaded) = (api.clone(), filter.clone(), loaded.clone());
        Callback::from(move |()| {
            let Some(before) = loaded.older_than().filter(|_| !is_loading(loaded.older())) else {
                return;
            };
            let until = loaded
                .items()
                .last()
                .map(|item| item.event.received_at.clone());
            let number = loaded.question();
            let (api, filter, list) = (api.clone(), filter.clone(), loaded.dispatcher());
            list.dispatch(Step::AskedOlder);
            older.replace(Some(Task::spawn(async move {
                let part = page(&api, &filter, ("before", &before)).await;
                let since = part.as_ref().ok().and_then(since_of);
                list.dispatch(Step::Older(number, part));
                if let Some(since) = since {
                    tell_gaps(&api, &filter, &since, until.as_deref(), &list, number).await;
                }
            })));
        })
    };
    let on_newer = {
        let (api, filter, loaded) = (api.clone(), filter.clone(), loaded.clone());
        Callback::from(move |()| {
            let Some(after) = loaded.newer_than().filter(|_| !is_loading(loaded.newer())) else {
                return;
            };
            let since = loaded
                .items()
                .first()
                .map(|item| item.event.received_at.clone());
            let number = loaded.question();
            let (api, filter, list) = (api.clone(), filter.clone(), loaded.dispatcher());
            list.dispatch(Step::AskedNewer);
            newer.replace(Some(Task::spawn(async move {
                let part = page(&api, &filter, ("after", &after)).await;
                let until = part.as_ref().ok().and_then(|part| {
                    let newest = part.items.first().filter(|_| part.ends.has_newer)?;
                    Some(newest.event.received_at.clone())
                });
                list.dispatch(Step::Newer(number, part));
                if let Some(since) = since {
                    tell_gaps(&api, &filter, &since, until.as_deref(), &list, number).await;
                }
            })));
        })
    };
    use_arriving(filter, &api, &loaded, due, on_retry.clone());
    let on_reveal = {
        let (loaded, on_retry) = (loaded.clone(), on_retry.clone());
        Callback::from(move |()| {
            // Of many only some are here: the list is opened anew.
            if loaded.waiting().1 {
                on_retry.emit(());
            } else {
                loaded.dispatch(Step::Reveal);
            }
        })
    };
    Source {
        loaded,
        on_older,
        on_newer,
        on_reveal,
        on_retry,
    }
}

fn is_loading(load: &Load) -> bool {
    *load == Load::Loading
}

/// The look that is due; none while there is no reason for one.
type Due = Rc<RefCell<Option<Timeout>>>;

/// Looks for what arrived, soon after the live stream spoke of something. What
/// the filter matches the server knows, so it is asked.
#[hook]
fn use_arriving(
    filter: &Filter,
    api: &Api,
    loaded: &UseReducerHandle<Loaded>,
    due: Due,
    on_retry: Callback<()>,
) {
    let look = {
        let (api, filter, loaded) = (api.clone(), filter.clone(), loaded.clone());
        Callback::from(move |()| {
            if due.borrow().is_some() || !filter.is_open_ended() {
                return;
            }
            let (api, filter, loaded) = (api.clone(), filter.clone(), loaded.clone());
            let slot = due.clone();
            let timer = Timeout::new(ARRIVING_MS, move || {
                // What arrives from now on is the next look's, so that none is missed.
                slot.replace(None);
                let Some(after) = loaded.arriving_after() else {
                    return;
                };
                let (number, list) = (loaded.question(), loaded.dispatcher());
                spawn_local(async move {
                    if let Ok(part) = page(&api, &filter, ("after", &after)).await {
                        list.dispatch(Step::Arrived(number, part));
                    }
                });
            });
            due.replace(Some(timer));
        })
    };
    {
        // A stream that begins anew says nothing of what it missed.
        let look = look.clone();
        let state = use_live_state();
        use_effect_with(state.generation, move |generation| {
            if *generation > 1 {
                look.emit(());
            }
        });
    }
    let (api, filter, loaded) = (api.clone(), filter.clone(), loaded.clone());
    use_live(Callback::from(move |item| match item {
        LiveItem::Event(event) if is_asked_for(&filter, &event) => look.emit(()),
        LiveItem::Gap(gap) if gap.reason == "reset" => on_retry.emit(()),
        LiveItem::Gap(gap) if gap.reason == Gap::NOT_RECEIVED && filter.is_open_ended() => {
            let (number, list) = (loaded.question(), loaded.dispatcher());
            let (api, filter) = (api.clone(), filter.clone());
            spawn_local(async move {
                tell_gaps(&api, &filter, &gap.from, None, &list, number).await;
            });
        }
        LiveItem::Event(_) | LiveItem::Gap(_) | LiveItem::Status(_) | LiveItem::Read(_) => {}
    }));
}

fn is_asked_for(filter: &Filter, event: &Event) -> bool {
    let mut channels = filter.all("broadcaster_id").peekable();
    channels.peek().is_none() || channels.any(|id| id == event.broadcaster.id)
}

/// The part the list is opened with: the newest, or those up to a day.
async fn first(api: &Api, filter: &Filter) -> Result<Part, Error> {
    let end = filter.first(DATE).map_or(f64::NAN, end_of_date);
    if end.is_nan() {
        let mut pairs = filter.for_server();
        pairs.extend([FOLDED, ("limit", PAGE_LIMIT)]);
        let page = api.events(&pairs).await?;
        return Ok(Part {
            ends: Ends {
                has_newer: false,
                has_older: page.next_before.is_some(),
            },
            items: items(page),
        });
    }
    // Lists are in the order of arrival, so the place is that of an event.
    let until = filter.first("until").map_or(f64::NAN, parse_time);
    let end = rfc3339(if until < end { until } else { end });
    let mut pairs = filter.for_server_without(&["until"]);
    pairs.extend([FOLDED, ("until", end.as_str()), ("limit", "1")]);
    let mut place = api.events(&pairs).await?;
    if place.events.is_empty() {
        // Nothing is that old: the oldest it is.
        let mut pairs = filter.for_server();
        pairs.extend([FOLDED, ("after", "0"), ("limit", "1")]);
        place = api.events(&pairs).await?;
    }
    let mut all = items(place);
    let Some(newest) = all.first() else {
        return Ok(Part::default());
    };
    let mut pairs = filter.for_server();
    pairs.extend([FOLDED, ("before", newest.place()), ("limit", REST_LIMIT)]);
    let rest = api.events(&pairs).await?;
    let has_older = rest.next_before.is_some();
    all.extend(items(rest));
    Ok(Part {
        items: all,
        ends: Ends {
            has_newer: true,
            has_older,
        },
    })
}

/// A page before or after a cursor.
async fn page(api: &Api, filter: &Filter, place: (&str, &str)) -> Result<Part, Error> {
    let mut pairs = filter.for_server();
    pairs.extend([FOLDED, place, ("limit", PAGE_LIMIT)]);
    let page = api.events(&pairs).await?;
    if place.0 == "before" {
        return Ok(Part {
            ends: Ends {
                has_newer: true,
                has_older: page.next_before.is_some(),
            },
            items: items(page),
        });
    }
    let has_newer = page.events.len() >= PAGE;
    let mut items = items(page);
    items.reverse();
    Ok(Part {
        items,
        ends: Ends {
            has_newer,
            has_older: false,
        },
    })
}

fn items(page: EventPage) -> Vec<Item> {
    page.events.into_iter().map(item).collect()
}

fn item(event: Event) -> Item {
    let at = parse_time(&event.occurred_at);
    Item {
        at,
        // A time that cannot be read becomes the first day of all.
        day: ((at + ahead_of_utc(at)) / DAY_MS).floor() as i64,
        event: event.into(),
        height: Rc::default(),
    }
}

/// From when on the gaps of a part are.
fn since_of(part: &Part) -> Option<String> {
    let oldest = part.items.last()?;
    Some(oldest.event.received_at.clone())
}

/// The spans in which nothing could be received. Without an answer there are
/// none to show: the events are worth more.
async fn tell_gaps(
    api: &Api,
    filter: &Filter,
    since: &str,
    until: Option<&str>,
    list: &UseReducerDispatcher<Loaded>,
    number: u32,
) {
    let mut pairs: Vec<(&str, &str)> = filter
        .all("broadcaster_id")
        .map(|id| ("broadcaster_id", id))
        .collect();
    pairs.push(("since", since));
    pairs.extend(until.map(|until| ("until", until)));
    if let Ok(gaps) = api.gaps(&pairs).await
        && !gaps.is_empty()
    {
        list.dispatch(Step::Gaps(number, gaps));
    }
}
