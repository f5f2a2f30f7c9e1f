//! The rules of embedding: a page that frames the player or the chat has to say
//! its host name as `parent`, and a browser refuses it anywhere else.
//!
//! <https://dev.twitch.tv/docs/embed/>

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::html::Page;

/// What the query of a framed page says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    pub(crate) channel: Option<String>,
    pub(crate) parents: Vec<String>,
    pub(crate) muted: bool,
    pub(crate) autoplay: bool,
    pub(crate) dark: bool,
}

impl Query {
    pub(crate) fn parse(query: &str) -> Self {
        let mut parsed = Self {
            autoplay: true,
            ..Self::default()
        };
        for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match key.as_ref() {
                "channel" => parsed.channel = Some(value.to_lowercase()),
                "parent" => parsed.parents.push(value.to_ascii_lowercase()),
                "muted" => parsed.muted = value == "true",
                "autoplay" => parsed.autoplay = value != "false",
                "darkpopout" => parsed.dark = true,
                _ => {}
            }
        }
        parsed
    }

    /// The `frame-ancestors` for these parents: any port, http and https. None
    /// if there is no parent, or one that is not a host name.
    pub(crate) fn ancestors(&self) -> Option<String> {
        if self.parents.is_empty() || !self.parents.iter().all(|parent| is_host_name(parent)) {
            return None;
        }
        let hosts: Vec<String> = self
            .parents
            .iter()
            .map(|parent| format!("http://{parent}:* https://{parent}:*"))
            .collect();
        Some(hosts.join(" "))
    }
}

/// A name, not an address, without scheme, port or path.
fn is_host_name(host: &str) -> bool {
    let labels_fit = host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        });
    // An address is recognised by its last part, as browsers do.
    let last_is_number = host
        .rsplit('.')
        .next()
        .is_some_and(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    labels_fit && !last_is_number
}

/// Logins are short, lower-case and plain.
pub(crate) fn is_login(login: &str) -> bool {
    (1..=25).contains(&login.len())
        && login
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

const STYLE: &str = "\
body{display:grid;place-items:center;min-height:100vh;padding:24px;text-align:center}\
h1{font-size:20px;margin-bottom:8px}p{color:var(--muted);max-width:44ch}";

/// What Twitch answers a page that did not say its name.
pub(crate) fn misconfigured() -> HttpResponse {
    Page {
        title: "Embed error",
        style: STYLE,
        body: "<main><h1>Whoops! This embed is misconfigured</h1>\
               <p>The <code>parent</code> parameter has to name the host of the page that \
               shows it: a host name, without scheme, port or path, and no IP address.</p></main>",
        script: "",
    }
    .respond(StatusCode::BAD_REQUEST, None)
}

/// A channel that cannot exist.
pub(crate) fn no_channel(ancestors: &str) -> HttpResponse {
    Page {
        title: "Channel not found",
        style: STYLE,
        body: "<main><h1>There is no such channel</h1>\
               <p>Names of channels are made of letters, digits and underscores.</p></main>",
        script: "",
    }
    .respond(StatusCode::NOT_FOUND, Some(ancestors))
}
