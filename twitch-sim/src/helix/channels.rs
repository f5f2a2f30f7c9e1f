//! `GET /helix/channels`: title, category and labels, live or not.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::caller::Caller;
use super::users::is_id;
use crate::error::ApiError;
use crate::query::Query;
use crate::state::Sim;

pub(super) async fn channels(
    sim: web::Data<Sim>,
    _caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = Query::parse(request.query_string().as_bytes());
    let ids = query.ids("broadcaster_id")?;
    if ids.is_empty() {
        return Err(ApiError::bad_request(
            "Missing required parameter \"broadcaster_id\"",
        ));
    }
    if !ids.iter().all(|id| is_id(id)) {
        return Err(ApiError::bad_request("The broadcaster ID must be numeric"));
    }
    let state = sim.state();
    let data: Vec<Value> = ids
        .into_iter()
        .filter_map(|id| Some((state.world.person_by_id(id)?, state.world.channel(id)?)))
        .map(|(person, channel)| {
            json!({
                "broadcaster_id": person.id,
                "broadcaster_login": person.login,
                "broadcaster_name": person.display_name,
                "broadcaster_language": channel.language,
                "game_id": channel.category_id,
                "game_name": channel.category_name,
                "title": channel.title,
                "delay": 0,
                "tags": channel.tags,
                "content_classification_labels": channel.content_classification_labels,
                "is_branded_content": false,
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "data": data })))
}
