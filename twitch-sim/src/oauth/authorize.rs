//! `GET /oauth2/authorize`: the consent page, and the redirect back with a code. For scripts: `login=` chooses the
//! person, `deny=1` refuses, `withhold=` grants all but these scopes.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use url::Url;

use super::refusal;
use super::scopes::Scopes;
use crate::address::is_loopback;
use crate::query::Query;
use crate::state::Sim;
use crate::{CLIENT_ID, pages};

/// What the page calls the application that asks.
const CLIENT_NAME: &str = "Streamer Event Server";

pub(super) async fn authorize(sim: web::Data<Sim>, request: HttpRequest) -> HttpResponse {
    let query = Query::parse(request.query_string().as_bytes());
    if query.one("client_id") != Some(CLIENT_ID) {
        return refusal(StatusCode::BAD_REQUEST, "invalid client");
    }
    let Some((redirect_uri, back)) = query
        .one("redirect_uri")
        .and_then(|uri| Some((uri, registered(uri)?)))
    else {
        return refusal(
            StatusCode::BAD_REQUEST,
            "Parameter redirect_uri does not match registered URI",
        );
    };
    if query.one("response_type") != Some("code") {
        return refusal(StatusCode::BAD_REQUEST, "invalid response type");
    }
    let scope = query.one("scope").unwrap_or_default();
    let scopes = match Scopes::parse(scope) {
        Ok(scopes) => scopes,
        Err(unknown) => {
            let why = format!("invalid scope requested: '{unknown}'");
            return redirect(
                back,
                &[("error", "invalid_scope"), ("error_description", &why)],
                &query,
            );
        }
    };
    if query.one("deny").is_some() {
        let why = "The user denied you access";
        return redirect(
            back,
            &[("error", "access_denied"), ("error_description", why)],
            &query,
        );
    }
    let mut state = sim.state();
    let Some(login) = query.one("login") else {
        let asked: Vec<String> = scopes.names().map(str::to_owned).collect();
        let page = pages::authorize_page(
            state.world.people(),
            request.query_string(),
            CLIENT_NAME,
            &asked,
        );
        return HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(page);
    };
    let Some(user_id) = state
        .world
        .person_by_login(login)
        .map(|person| person.id.clone())
    else {
        return refusal(StatusCode::BAD_REQUEST, "unknown login");
    };
    let granted = match query.one("withhold").map(Scopes::parse) {
        None => scopes,
        Some(Ok(withheld)) => scopes.without(withheld),
        Some(Err(_)) => return refusal(StatusCode::BAD_REQUEST, "unknown scope to withhold"),
    };
    let code = state
        .accounts
        .issue_code(&user_id, granted, redirect_uri, sim.clock.now());
    let scope: Vec<&str> = granted.names().collect();
    redirect(
        back,
        &[("code", &code), ("scope", &scope.join(" "))],
        &query,
    )
}

/// Any address on this machine is registered, so that a server may listen where it likes.
fn registered(uri: &str) -> Option<Url> {
    let url = Url::parse(uri).ok()?;
    let here = is_loopback(&url)?;
    (here && matches!(url.scheme(), "http" | "https") && url.fragment().is_none()).then_some(url)
}

fn redirect(mut back: Url, answer: &[(&str, &str)], query: &Query) -> HttpResponse {
    back.query_pairs_mut()
        .extend_pairs(answer)
        .extend_pairs(query.one("state").map(|state| ("state", state)));
    HttpResponse::Found()
        .insert_header((header::LOCATION, back.as_str()))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

#[cfg(test)]
mod tests {
    use super::registered;

    #[test]
    fn redirects_lead_to_this_machine_alone() {
        for uri in [
            "http://localhost:7001/auth/callback",
            "http://127.0.0.1:1/x",
            "https://localhost/",
        ] {
            assert!(registered(uri).is_some(), "{uri}");
        }
        for uri in [
            "https://example.org/cb",
            "http://localhost.example.org/",
            "javascript:alert(1)",
            "/auth",
            "http://localhost/#x",
        ] {
            assert!(registered(uri).is_none(), "{uri}");
        }
    }
}
