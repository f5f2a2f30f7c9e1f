//! Where the feed's rows come from: the list, further pages of it, the gaps of
//! their time, and the live stream.

use wire::{BroadcasterGap, EventPage};
use yew::prelude::*;

use crate::api::{Api, Error};
use crate::feed::{Feed, Step};
use crate::hooks::{UseReducerHandle, use_effect_with, use_mut_ref, use_reducer, use_state};
use crate::kinds::Kinds;
use crate::live::{LiveItem, use_live, use_live_state};
use crate::session::use_api;
use crate::task::Task;

/// What the page opens with.
const FIRST_ROWS: &str = "10";
/// What each further page brings.
const OLDER_ROWS: &str = "50";

/// A feed and what its reader may ask of it.
pub(super) struct FeedSource {
    pub feed: UseReducerHandle<Feed>,
    pub on_older: Callback<()>,
    pub on_retry: Callback<()>,
}

/// The feed of one streamer, with these kinds; none means all.
#[hook]
pub(super) fn use_feed(broadcaster_id: &AttrValue, kinds: Kinds) -> FeedSource {
    let api = use_api();
    let generation = use_live_state().generation;
    let attempt = use_state(|| 0_u32);
    let older = use_mut_ref(|| None::<Task>);
    let feed = use_reducer(|| Feed::showing(kinds));

    {
        let feed = feed.dispatcher();
        let broadcaster_id = broadcaster_id.clone();
        use_live(Callback::from(move |item| match item {
            LiveItem::Event(event) if event.broadcaster.id == *broadcaster_id => {
                feed.dispatch(Step::Arrived(event));
            }
            LiveItem::Gap(gap)
                if gap
                    .broadcaster_id
                    .as_ref()
                    .is_none_or(|id| **id == *broadcaster_id) =>
            {
                feed.dispatch(Step::Missed(gap));
            }
            LiveItem::Event(_) | LiveItem::Status(_) | LiveItem::Gap(_) | LiveItem::Read(_) => {}
        }));
    }
    {
        // A stream that begins anew may have left a hole behind the list.
        let question = (broadcaster_id.clone(), kinds, generation, *attempt);
        let (feed, api) = (feed.clone(), api.clone());
        use_effect_with(question, move |(broadcaster_id, kinds, ..)| {
            feed.dispatch(Step::Show(*kinds));
            feed.dispatch(Step::AskedNewest);
            let number = feed.question();
            let (broadcaster_id, kinds) = (broadcaster_id.clone(), *kinds);
            let task = Task::spawn(async move {
                let answer = list(&api, &broadcaster_id, kinds, None).await;
                let since = oldest_of(&answer);
                feed.dispatch(Step::Newest(number, answer));
                if let Some(since) = since {
                    let gaps = gaps(&api, &broadcaster_id, &since, None).await;
                    feed.dispatch(Step::Gaps(number, gaps));
                }
            });
            move || drop(task)
        });
    }
    let on_older = {
        let feed = feed.clone();
        let broadcaster_id = broadcaster_id.clone();
        Callback::from(move |()| {
            let Some(before) = feed.older_than().map(str::to_owned) else {
                return;
            };
            feed.dispatch(Step::AskedOlder);
            let number = feed.question();
            let kinds = feed.kinds();
            let until = feed.oldest().map(|event| event.received_at.clone());
            let (feed, api, broadcaster_id) = (feed.clone(), api.clone(), broadcaster_id.clone());
            let task = Task::spawn(async move {
                let answer = list(&api, &broadcaster_id, kinds, Some(&before)).await;
                let since = oldest_of(&answer);
                feed.dispatch(Step::Older(number, answer));
                if let Some(since) = since {
                    let gaps = gaps(&api, &broadcaster_id, &since, until.as_deref()).await;
                    feed.dispatch(Step::Gaps(number, gaps));
                }
            });
            older.replace(Some(task));
        })
    };
    let on_retry = Callback::from(move |()| attempt.set(attempt.wrapping_add(1)));
    FeedSource {
        feed,
        on_older,
        on_retry,
    }
}

async fn list(
    api: &Api,
    broadcaster_id: &str,
    kinds: Kinds,
    before: Option<&str>,
) -> Result<EventPage, Error> {
    let mut filters = vec![("broadcaster_id", broadcaster_id), ("folded", "true")];
    filters.extend(kinds.iter().map(|kind| ("kind", kind.as_str())));
    match before {
        Some(cursor) => filters.extend([("before", cursor), ("limit", OLDER_ROWS)]),
        None => filters.push(("limit", FIRST_ROWS)),
    }
    api.events(&filters).await
}

/// When the oldest event of a page was received.
fn oldest_of(answer: &Result<EventPage, Error>) -> Option<String> {
    let page = answer.as_ref().ok()?;
    Some(page.events.last()?.received_at.clone())
}

/// The spans in which nothing could be received, while the rows of a page were.
/// Without an answer there are none to show: the rows are worth more.
async fn gaps(
    api: &Api,
    broadcaster_id: &str,
    since: &str,
    until: Option<&str>,
) -> Vec<BroadcasterGap> {
    let mut filters = vec![("broadcaster_id", broadcaster_id), ("since", since)];
    filters.extend(until.map(|until| ("until", until)));
    api.gaps(&filters).await.unwrap_or_default()
}
