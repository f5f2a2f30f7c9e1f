//! `/healthz` and `/readyz`: for whoever runs the server.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use crate::app::App;
use crate::health::Part;
use crate::pipeline::error_chain;
use crate::store;

/// Longest wait for the database: whoever asks for readiness does not wait long either.
const LOOK_WAIT: Duration = Duration::from_secs(2);

#[derive(Serialize)]
struct Readiness {
    status: &'static str,
    /// Failing parts; the reason only for who is near enough to be the operator.
    failing: BTreeMap<&'static str, Option<String>>,
}

/// The process runs.
pub(super) async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({"status": "alive"}))
}

/// The process can serve: 503 when it is stopping or a part it needs is down.
pub(super) async fn ready(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    look_at_storage(&app).await;
    let failing = app.health.failing();
    let is_needed_down = failing.keys().any(|part| part.is_needed());
    let is_near = request
        .peer_addr()
        .is_some_and(|peer| is_private(peer.ip()));
    let status = if app.draining.is_cancelled() {
        "draining"
    } else if is_needed_down {
        "not-ready"
    } else if failing.is_empty() {
        "ready"
    } else {
        "degraded"
    };
    let failing = failing
        .into_iter()
        .map(|(part, reason)| (part.name(), is_near.then_some(reason)))
        .collect();
    let mut response = match status {
        "ready" | "degraded" => HttpResponse::Ok(),
        _ => HttpResponse::ServiceUnavailable(),
    };
    if status == "draining" || status == "not-ready" {
        response.insert_header(("retry-after", "5"));
    }
    response.json(Readiness { status, failing })
}

/// Asks what nobody else may be asking just now. A read that works does not prove that writes do.
async fn look_at_storage(app: &App) {
    app.sessions.ping().await;
    let look = async {
        app.store.ping().await?;
        if app.health.failing().contains_key(&Part::Store) {
            app.store.probe_write().await?;
            app.health.report(Part::Store, Ok(()));
        }
        Ok::<_, store::Error>(())
    };
    let failed = match tokio::time::timeout(LOOK_WAIT, look).await {
        Ok(Ok(())) => return,
        Ok(Err(error)) => error_chain(&error),
        Err(_) => "the database does not answer in time".to_owned(),
    };
    app.health.report(Part::Store, Err(failed));
}

fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => is_private(IpAddr::V4(ip)),
            None => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
        },
    }
}
