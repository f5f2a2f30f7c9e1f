//! Logs a person in through the simulator's pages, as a browser would, and makes an API token.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use anyhow::{Context as _, ensure};
use serde_json::json;

use crate::http::{Connection, bearer, get, head, post};

/// A person who is logged in.
#[derive(Debug, Clone)]
pub(crate) struct Viewer {
    /// Twitch's id.
    pub(crate) id: String,
    /// An API token.
    pub(crate) token: String,
}

#[derive(Debug, Default)]
struct Cookies(BTreeMap<String, String>);

impl Cookies {
    fn take(&mut self, head: &[u8]) {
        for set in head::headers(head, "set-cookie") {
            let mut parts = set.split("; ");
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            if parts.any(|attribute| attribute.eq_ignore_ascii_case("max-age=0")) {
                self.0.remove(name);
            } else {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    fn header(&self) -> String {
        let pairs: Vec<String> = self.0.iter().map(|(n, v)| format!("{n}={v}")).collect();
        format!("Cookie: {}\r\n", pairs.join("; "))
    }
}

/// Logs in as this person.
///
/// # Errors
/// When a step is not answered as expected.
pub(crate) async fn log_in(
    server: SocketAddr,
    sim: SocketAddr,
    login: &str,
) -> anyhow::Result<Viewer> {
    let mut cookies = Cookies::default();
    let there = redirect(server, "/auth/login", &mut cookies).await?;
    let there = format!("{}&login={login}", local(&there)?);
    // Twitch's cookies are none of ours.
    let back = redirect(sim, &there, &mut Cookies::default()).await?;
    redirect(server, local(&back)?, &mut cookies).await?;

    let mut connection = Connection::open(server).await?;
    let cookie = cookies.header();
    let asked = get(server, "/api/v1/me", &cookie);
    let me = connection.ask(&asked).await?.json(200)?;
    let name = json!({"name": "measurements"}).to_string();
    let asked = post(server, "/api/v1/tokens", &cookie, &name);
    let token = connection.ask(&asked).await?.json(201)?;
    let text = |value: &serde_json::Value, name: &str| {
        value[name].as_str().map(str::to_owned).context("no text")
    };
    Ok(Viewer {
        id: text(&me, "id")?,
        token: text(&token, "token")?,
    })
}

/// Where a page sends the browser.
async fn redirect(
    address: SocketAddr,
    path: &str,
    cookies: &mut Cookies,
) -> anyhow::Result<String> {
    let mut connection = Connection::open(address).await?;
    let request = get(address, path, &cookies.header());
    let answer = connection.ask(&request).await?;
    ensure!(
        answer.status == 302,
        "logging in: {} instead of a redirect: {}",
        answer.status,
        String::from_utf8_lossy(&answer.body)
    );
    cookies.take(answer.head);
    Ok(answer.header("location").to_owned())
}

/// Path and query of an address.
fn local(url: &str) -> anyhow::Result<&str> {
    let (_, rest) = url.split_once("://").context("not an absolute address")?;
    let at = rest.find('/').context("an address without a path")?;
    rest.get(at..).context("an address without a path")
}

/// Subscribes to a streamer.
///
/// # Errors
/// When the server refuses.
pub(crate) async fn subscribe(
    server: SocketAddr,
    viewer: &Viewer,
    login: &str,
) -> anyhow::Result<()> {
    let json = json!({ "login": login }).to_string();
    let asked = post(
        server,
        "/api/v1/subscriptions",
        &bearer(&viewer.token),
        &json,
    );
    let mut connection = Connection::open(server).await?;
    let answer = connection.ask(&asked).await?;
    ensure!(
        matches!(answer.status, 200 | 201),
        "subscribing to {login}: {} {}",
        answer.status,
        String::from_utf8_lossy(&answer.body)
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_kept_until_they_are_taken_back() {
        let mut cookies = Cookies::default();
        cookies.take(
            b"HTTP/1.1 302 Found\r\nset-cookie: a=1; Path=/; HttpOnly\r\nset-cookie: b=2\r\n",
        );
        assert_eq!(cookies.header(), "Cookie: a=1; b=2\r\n");
        cookies.take(b"HTTP/1.1 302 Found\r\nset-cookie: a=; Path=/; Max-Age=0\r\n");
        assert_eq!(cookies.header(), "Cookie: b=2\r\n");
    }

    #[test]
    fn the_local_part_of_an_address_is_path_and_query() {
        assert_eq!(local("http://localhost:1/a?b=c").unwrap(), "/a?b=c");
        assert!(local("http://localhost").is_err());
    }
}
