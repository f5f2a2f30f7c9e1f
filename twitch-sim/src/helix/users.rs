//! `GET /helix/users`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::caller::Caller;
use crate::error::ApiError;
use crate::pages;
use crate::query::{MAX_IDS, Query};
use crate::state::Sim;
use crate::world::Person;

pub(super) async fn users(
    sim: web::Data<Sim>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = Query::parse(request.query_string().as_bytes());
    let ids = query.all("id");
    let logins = query.all("login");
    if ids.len() + logins.len() > MAX_IDS {
        return Err(ApiError::bad_request(format!(
            "The sum of id and login parameters must not exceed {MAX_IDS}"
        )));
    }
    if !ids.iter().all(|id| is_id(id)) || !logins.iter().all(|login| is_login(login)) {
        return Err(ApiError::bad_request(
            "Invalid login names, emails or IDs in request",
        ));
    }
    let state = sim.state();
    let mut found: Vec<&Person> = Vec::new();
    if ids.is_empty() && logins.is_empty() {
        let own = caller
            .token
            .user_id
            .as_deref()
            .ok_or_else(|| ApiError::bad_request("Must provide an ID, Login or OAuth Token"))?;
        found.extend(state.world.person_by_id(own));
    }
    found.extend(ids.iter().filter_map(|id| state.world.person_by_id(id)));
    for login in logins {
        let person = state.world.person_by_login(&login.to_ascii_lowercase());
        found.extend(person.filter(|person| !found.iter().any(|other| other.id == person.id)));
    }
    let data: Vec<Value> = found
        .into_iter()
        .map(|person| {
            let mut user = user(&sim, person);
            let own = caller.token.user_id.as_deref() == Some(&person.id);
            if own && caller.token.scopes.has("user:read:email") {
                user["email"] = json!(format!("{}@example.org", person.login));
            }
            user
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "data": data })))
}

fn user(sim: &Sim, person: &Person) -> Value {
    json!({
        "id": person.id,
        "login": person.login,
        "display_name": person.display_name,
        "type": "",
        "broadcaster_type": person.broadcaster_type,
        "description": person.description,
        "profile_image_url": pages::avatar_url(&sim.public_url, &person.login),
        "offline_image_url": "",
        "view_count": 0,
        "created_at": super::whole_seconds(person.created_at),
    })
}

pub(super) fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_login(login: &str) -> bool {
    (1..=25).contains(&login.len())
        && login
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
