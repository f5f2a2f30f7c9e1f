//! `GET /helix/streams`: who is live now.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::caller::Caller;
use crate::error::ApiError;
use crate::pages;
use crate::query::Query;
use crate::state::{Sim, State};
use crate::world::{Channel, Person, Stream};

const DEFAULT_FIRST: usize = 20;

pub(super) async fn streams(
    sim: web::Data<Sim>,
    _caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = Query::parse(request.query_string().as_bytes());
    let ids = query.ids("user_id")?;
    let logins = query.ids("user_login")?;
    let games = query.ids("game_id")?;
    let languages = query.ids("language")?;
    if !matches!(query.one("type"), None | Some("all" | "live")) {
        return Err(ApiError::bad_request(
            "The type parameter must be all or live",
        ));
    }
    let state = sim.state();
    let live = live(&state, |person, channel| {
        let named = ids.is_empty() && logins.is_empty()
            || ids.contains(&person.id.as_str())
            || logins
                .iter()
                .any(|login| login.eq_ignore_ascii_case(&person.login));
        named
            && (games.is_empty() || games.contains(&channel.category_id.as_str()))
            && (languages.is_empty() || languages.contains(&channel.language.as_str()))
    });
    let page = query.page(live, DEFAULT_FIRST)?;
    let data: Vec<Value> = page.items.iter().map(|live| stream(&sim, live)).collect();
    Ok(HttpResponse::Ok().json(json!({ "data": data, "pagination": page.pagination() })))
}

pub(super) struct Live<'a> {
    person: &'a Person,
    channel: &'a Channel,
    stream: &'a Stream,
}

/// The live channels that are wanted, those with most viewers first.
pub(super) fn live(state: &State, wanted: impl Fn(&Person, &Channel) -> bool) -> Vec<Live<'_>> {
    let mut live: Vec<Live<'_>> = state
        .world
        .people()
        .iter()
        .filter_map(|person| {
            let channel = state.world.channel(&person.id)?;
            let stream = channel.stream.as_ref()?;
            wanted(person, channel).then_some(Live {
                person,
                channel,
                stream,
            })
        })
        .collect();
    live.sort_by_key(|live| std::cmp::Reverse(live.stream.viewer_count));
    live
}

pub(super) fn stream(sim: &Sim, live: &Live<'_>) -> Value {
    let Live {
        person,
        channel,
        stream,
    } = live;
    json!({
        "id": stream.id,
        "user_id": person.id,
        "user_login": person.login,
        "user_name": person.display_name,
        "game_id": channel.category_id,
        "game_name": channel.category_name,
        "type": "live",
        "title": channel.title,
        "tags": channel.tags,
        "viewer_count": stream.viewer_count,
        "started_at": super::whole_seconds(sim.clock.to_real(stream.started_at)),
        "language": channel.language,
        "thumbnail_url": pages::preview_url(&sim.public_url, &person.login),
        "tag_ids": [],
        "is_mature": false,
    })
}
