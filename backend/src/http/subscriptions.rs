//! `/api/v1/subscriptions`: the streamers a viewer follows here, as the cards show them.

use std::collections::{BTreeMap, HashMap, HashSet};

use actix_web::{HttpResponse, web};
use wire::{CreateSubscription, LiveState, Subscription, SubscriptionList, Topic, TopicStatus};

use super::access::Caller;
use super::body::SentBy;
use super::login::unavailable;
use crate::app::App;
use crate::clock::rfc3339;
use crate::error::Error;
use crate::eventsub::describe;
use crate::ids::{Login, UserId};
use crate::live::Entry;
use crate::store::broadcasters::{Broadcaster, BroadcasterState, StreamState};
use crate::store::events::Span;
use crate::store::filter::{Criteria, Filter};
use crate::store::subscriptions::{self, Subscribed};
use crate::store::topics::{TopicKey, TopicState};
use crate::topics::{self, own_channel};

/// The count of unread events stops here.
pub(super) const MAX_UNREAD: u32 = 1000;

/// The viewer's subscriptions, live ones first.
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
) -> Result<web::Json<SubscriptionList>, Error> {
    let rows = app.store.subscriptions(&caller.viewer.id).await?;
    let mut subscriptions = entries(&app, &caller.viewer.id, rows).await?;
    subscriptions.sort_by_key(|entry| entry.live.is_none());
    Ok(web::Json(SubscriptionList { subscriptions }))
}

/// Subscribes to a streamer.
pub(super) async fn create(
    app: web::Data<App>,
    sent: SentBy<Caller, CreateSubscription>,
) -> Result<HttpResponse, Error> {
    let viewer = &sent.caller.viewer.id;
    let login = Login::parse(&sent.body.login).ok_or(Error::InvalidLogin(sent.body.login))?;
    let user = app
        .twitch
        .user_by_login(&login)
        .await
        .map_err(unavailable)?;
    let user = user.ok_or(Error::StreamerNotFound)?;
    let broadcaster = Broadcaster {
        id: user.id.clone(),
        login: user.login,
        display_name: user.display_name,
        profile_image_url: user.profile_image_url,
    };
    app.store.put_broadcaster(&broadcaster).await?;
    let most = app.config.max_subscriptions_per_viewer;
    let outcome = app.store.subscribe(viewer, &user.id, most).await?;
    let mut response = match outcome {
        Subscribed::LimitReached => return Err(Error::SubscriptionLimit(most)),
        Subscribed::Already => HttpResponse::Ok(),
        Subscribed::New => {
            look_whether_live(&app, &user.id).await?;
            app.live.append(Entry::ViewerChanged(viewer.clone()));
            HttpResponse::Created()
        }
    };
    let rows = app.store.subscriptions(viewer).await?;
    let row = rows
        .into_iter()
        .filter(|row| row.broadcaster_id == user.id)
        .collect();
    let entry = entries(&app, viewer, row).await?.pop();
    // Gone again already when another device unsubscribed meanwhile.
    entry
        .map(|entry| response.json(entry))
        .ok_or(Error::NotFound)
}

/// So that the new card is complete at once. When Twitch fails here, the regular look follows anyway.
async fn look_whether_live(app: &App, broadcaster: &UserId) -> Result<(), Error> {
    let ids = std::slice::from_ref(broadcaster);
    if let Ok(streams) = app.twitch.streams(ids).await {
        let stream = streams
            .into_iter()
            .next()
            .map(|listed| topics::stream_state(listed, None));
        app.store
            .set_streams(&[(broadcaster.clone(), stream)])
            .await?;
    }
    Ok(())
}

/// Unsubscribes; the stored events stay.
pub(super) async fn delete(
    app: web::Data<App>,
    caller: Caller,
    broadcaster_id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let broadcaster = UserId::new(broadcaster_id.into_inner());
    if app
        .store
        .unsubscribe(&caller.viewer.id, &broadcaster)
        .await?
    {
        app.live.append(Entry::ViewerChanged(caller.viewer.id));
    }
    Ok(HttpResponse::NoContent().finish())
}

async fn entries(
    app: &App,
    viewer: &UserId,
    rows: Vec<subscriptions::Subscription>,
) -> Result<Vec<Subscription>, Error> {
    let ids: Vec<UserId> = rows.iter().map(|row| row.broadcaster_id.clone()).collect();
    let states = app.store.broadcasters(&ids).await?;
    let mut states: HashMap<UserId, BroadcasterState> = states
        .into_iter()
        .map(|state| (state.broadcaster.id.clone(), state))
        .collect();
    let known = app.store.topics_of(&ids).await?;
    let public_types: HashSet<&str> = describe::public_types().collect();
    let mut public: HashMap<UserId, Vec<Topic>> = HashMap::new();
    for (key, state) in &known {
        if public_types.contains(key.event_type.as_str()) {
            let topics = public.entry(key.broadcaster_id.clone()).or_default();
            topics.push(Topic {
                event_type: key.event_type.clone(),
                direction: key.direction,
                status: state.status,
                reason: state.reason.clone(),
            });
        }
    }
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.broadcaster_id;
        let Some(state) = states.remove(&id) else {
            continue;
        };
        let mut topics = public.remove(&id).unwrap_or_else(|| not_asked_for_yet(&id));
        if id == *viewer {
            topics.extend(private_topics(app, viewer, &known).await?);
        }
        let filter = Filter {
            viewer: viewer.clone(),
            broadcasters: HashSet::from([id.clone()]),
            criteria: Criteria::default(),
        };
        entries.push(Subscription {
            live: state.stream.map(live_state),
            broadcaster: wire::Broadcaster {
                id: id.to_string(),
                login: state.broadcaster.login.to_string(),
                display_name: state.broadcaster.display_name,
                profile_image_url: state.broadcaster.profile_image_url,
            },
            topics,
            unread: app
                .store
                .count_after(viewer, &id, row.read_cursor, MAX_UNREAD)
                .await?,
            read_cursor: row.read_cursor.to_string(),
            last_event: app
                .store
                .events(&filter, Span::Before(i64::MAX), 1)
                .await?
                .pop()
                .map(|stored| stored.event),
            created_at: rfc3339(row.created_at),
        });
    }
    Ok(entries)
}

/// What the viewer alone is told of the own channel, or could be.
async fn private_topics(
    app: &App,
    viewer: &UserId,
    known: &BTreeMap<TopicKey, TopicState>,
) -> Result<Vec<Topic>, Error> {
    let own = known
        .iter()
        .filter(|(key, _)| key.broadcaster_id == *viewer);
    let own = own
        .map(|(key, state)| (key.clone(), state.clone()))
        .collect();
    let chosen = app.store.chosen_steps(viewer).await?;
    let scopes = app.store.granted_scopes(viewer).await?;
    let of_step = |step: &own_channel::Step| step.topics(step.state(&chosen, &scopes), &own);
    let mut topics: Vec<Topic> = own_channel::STEPS.iter().flat_map(of_step).collect();
    topics.extend(own_channel::never());
    Ok(topics)
}

/// The reconciler has not come round to a new subscription.
fn not_asked_for_yet(broadcaster: &UserId) -> Vec<Topic> {
    let pending = |key: TopicKey| Topic {
        event_type: key.event_type,
        direction: key.direction,
        status: TopicStatus::Pending,
        reason: None,
    };
    topics::topics_of_broadcaster(broadcaster)
        .into_iter()
        .map(pending)
        .collect()
}

fn live_state(stream: StreamState) -> LiveState {
    LiveState {
        title: stream.title,
        category: stream.category,
        viewers: stream.viewers,
        started_at: rfc3339(stream.started_at),
        thumbnail_url: stream.thumbnail_url,
    }
}
