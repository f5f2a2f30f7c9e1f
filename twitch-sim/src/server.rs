//! Puts the parts together and serves them: routes, the request log, start and stop.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, HttpMessage, HttpResponse, HttpServer, ResponseError, web};
use anyhow::{Context, ensure};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::error::ApiError;
use crate::eventsub::{socket, webhook};
use crate::helix::caller::Seen;
use crate::journal::Request;
use crate::state::Sim;
use crate::{Options, activity, control, eventsub, helix, oauth, pages};

const WORKERS: usize = 2;
/// A finished connection is closed at once, so that a socket that is cut off is seen to be. A short wait
/// is no choice: the server measures it on a clock that is up to half a second late.
const LINGER: Duration = Duration::ZERO;
/// How long requests under way may take to end once the stop was asked for.
const STOP_PATIENCE_SECS: u64 = 2;

/// Serves until cancelled, then closes all sockets and ends all tasks.
///
/// # Errors
/// When the options make no sense or the listener cannot be served.
pub async fn run(
    options: Options,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    ensure!(
        options.time_scale.is_finite() && options.time_scale > 0.0,
        "the time scale must be a positive number"
    );
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        tracing::debug!("another part of this process has chosen the TLS provider");
    }
    let port = listener
        .local_addr()
        .context("the listener has no address")?
        .port();
    let public_url = options.public_url.as_deref().map_or_else(
        || format!("http://localhost:{port}"),
        |url| url.trim_end_matches('/').to_owned(),
    );
    let (couriers, lanes) = webhook::Couriers::new(options.time_scale)?;
    // A child: the stop of this simulator alone must not stop its caller.
    let stop = shutdown.child_token();
    let sim = Arc::new(Sim::new(&options, public_url, couriers, stop.clone()));
    webhook::start(&sim, lanes);
    sim.tracker.spawn(activity::run(Arc::clone(&sim)));

    let data = web::Data::from(Arc::clone(&sim));
    let server = HttpServer::new(move || {
        App::new()
            .configure(|config| routes(config, &data))
            .wrap(from_fn(watch))
    })
    .workers(WORKERS)
    .client_disconnect_timeout(LINGER)
    .shutdown_timeout(STOP_PATIENCE_SECS)
    .disable_signals()
    .listen(listener)
    .context("cannot serve the listener")?
    .run();
    let handle = server.handle();
    let stopped = stop.clone();
    sim.tracker.spawn(async move {
        stopped.cancelled().await;
        handle.stop(true).await;
    });
    let served = server.await.context("the server failed");
    stop.cancel();
    sim.tracker.close();
    sim.tracker.wait().await;
    served
}

fn routes(config: &mut web::ServiceConfig, sim: &web::Data<Sim>) {
    config
        .app_data(sim.clone())
        .service(web::scope("/oauth2").configure(oauth::configure))
        .service(web::scope("/helix/eventsub").configure(eventsub::configure))
        .service(web::scope("/helix").configure(helix::configure))
        .route("/eventsub/ws", web::get().to(socket::open))
        .service(web::scope("/sim").configure(control::configure))
        .configure(pages::configure)
        .default_service(web::to(not_found));
}

async fn not_found() -> HttpResponse {
    ApiError::not_found("no such path").error_response()
}

/// Around every request: answers with a fault where one stands, adds the rate limit headers, and writes the log.
async fn watch(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let path = request.path().to_owned();
    let sim = request.app_data::<web::Data<Sim>>().cloned();
    let Some(sim) = sim.filter(|_| !path.starts_with("/sim/")) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let method = request.method().to_string();
    let query = Some(request.query_string())
        .filter(|query| !query.is_empty() && path.starts_with("/helix/"))
        .map(str::to_owned);
    let fault = sim.state().faults.http_status(&path);
    let mut response = match fault.and_then(|code| StatusCode::from_u16(code).ok()) {
        Some(status) => request.into_response(faulty(status)),
        None => next.call(request).await?.map_into_boxed_body(),
    };
    let seen = response.request().extensions().get::<Seen>().cloned();
    if let Some(seen) = &seen {
        for (name, value) in &seen.headers {
            response.headers_mut().insert(name.clone(), value.clone());
        }
    }
    sim.state().journal.asked(Request {
        at: Timestamp::now(),
        method,
        path,
        query,
        status: response.status().as_u16(),
        client: seen.map(|seen| seen.login),
    });
    Ok(response)
}

fn faulty(status: StatusCode) -> HttpResponse {
    let mut response = ApiError::new(status, "on demand").error_response();
    if status == StatusCode::TOO_MANY_REQUESTS {
        let soon = Timestamp::now().as_second() + 2;
        let headers = response.headers_mut();
        headers.insert(
            actix_web::http::header::HeaderName::from_static("ratelimit-remaining"),
            0.into(),
        );
        headers.insert(
            actix_web::http::header::HeaderName::from_static("ratelimit-reset"),
            soon.into(),
        );
    }
    response
}
