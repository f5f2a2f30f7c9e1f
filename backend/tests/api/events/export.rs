//! The whole history as a file: complete, in order, and known to be so.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{CATS, OWL, follow, ids, raid, update};
use crate::database;
use crate::support::{Answer, Browser, Server, Sim, World};

async fn export(browser: &Browser, query: &str) -> Answer {
    let answer = browser.get(&format!("/api/v1/events/export?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    answer
}

/// The events of a complete export.
fn events(answer: &Answer) -> Vec<Value> {
    assert!(answer.text.ends_with('\n'));
    let mut lines: Vec<Value> = answer
        .text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let end = lines.pop().unwrap();
    assert_eq!(end, json!({"end": {"count": lines.len()}}));
    lines
}

/// Asks over a connection of the test's own, as a program with this token.
async fn ask(server: &Server, path: &str, token: &str, version: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let asked = format!(
        "GET {path} HTTP/{version}\r\nhost: localhost:{}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n",
        server.address().port()
    );
    stream.write_all(asked.as_bytes()).await.unwrap();
    stream
}

async fn read(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    // An end that is no orderly one ends it, too.
    drop(stream.read_to_end(&mut text).await);
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn what_cannot_be_exported_is_refused_by_name() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    for (query, name) in [
        ("", "format"),
        ("format=", "format"),
        ("format=xml", "format"),
        ("format=CSV", "format"),
        ("format=csv&format=csv", "format"),
        ("format=csv&limit=0", "limit"),
        ("format=csv&limit=501", "limit"),
        ("format=csv&colour=red", "colour"),
        ("format=csv&tz=UTC", "tz"),
        ("format=csv&kind=raids", "kind"),
        ("format=csv&since=now", "since"),
        ("format=ndjson&before=1&after=1", "after"),
        ("format=ndjson&q=a&q=b", "q"),
    ] {
        let answer = vera.get(&format!("/api/v1/events/export?{query}")).await;
        let problem = answer.is_problem(422, "invalid-query");
        assert!(
            problem["detail"].as_str().unwrap().contains(name),
            "{query}: {problem}"
        );
        assert_eq!(answer.header("content-disposition"), "");
    }
}

#[tokio::test]
async fn several_thousand_events_come_complete_and_in_order() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    vera.subscribe("kiteflyer").await;
    let mut database = database::open(&world.server).await;
    for login in ["mira_plays", "kiteflyer", "deepseadana", "mira_plays"] {
        database.fill(Sim::id(login), 1_500).await;
    }
    raid("mira_plays", OWL, 5).accepted(&world.server).await;
    for filed in [false, true] {
        if filed {
            super::filed::all_filed(&mut database).await;
        }
        let all = events(&export(&vera, "format=ndjson").await);
        let numbers = ids(&all);
        assert_eq!(numbers.len(), 4_501);
        assert!(numbers.is_sorted_by(|a, b| a < b));
        let mut newest = vera.events("limit=500").await;
        newest.reverse();
        assert_eq!(all[4_001..], newest, "as lists tell them");
        let csv = export(&vera, "format=csv").await;
        assert_eq!(csv.text.lines().count(), 4_502);
        assert!(csv.text.ends_with("\r\n"));
        let raids = export(&vera, "format=ndjson&q=raid&after=1400&actor=late_owl").await;
        assert_eq!(events(&raids).len(), 1);
    }
}

#[tokio::test]
async fn filters_narrow_an_export_and_what_is_private_is_in_its_broadcasters_alone() {
    let world = World::start().await;
    let (vera, mira) = (
        world.server.log_in("viewer_vera").await,
        world.server.log_in("mira_plays").await,
    );
    vera.subscribe("mira_plays").await;
    for message in [
        raid("mira_plays", OWL, 10),
        raid("mira_plays", CATS, 200),
        update("mira_plays", "Endgames"),
        follow("mira_plays", OWL),
        raid("kiteflyer", OWL, 3000),
    ] {
        message.accepted(&world.server).await;
    }
    let [first, second, third] = ids(&events(&export(&vera, "format=ndjson").await))[..] else {
        panic!("two raids and a title")
    };
    for (query, expected) in [
        ("kind=raid".to_owned(), vec![first, second]),
        ("type=channel.update".to_owned(), vec![third]),
        ("actor=neko_kissa".to_owned(), vec![second]),
        ("min_amount=11".to_owned(), vec![second]),
        ("q=endg".to_owned(), vec![third]),
        ("kind=follow".to_owned(), vec![]),
        ("q=late+followed".to_owned(), vec![]),
        ("broadcaster_id=nobody".to_owned(), vec![]),
        ("until=2020-01-01T00:00:00Z".to_owned(), vec![]),
        (format!("before={second}"), vec![first]),
        (format!("after={second}"), vec![third]),
        ("before=0".to_owned(), vec![]),
        ("limit=2".to_owned(), vec![first, second]),
    ] {
        let exported = export(&vera, &format!("format=ndjson&{query}")).await;
        assert_eq!(ids(&events(&exported)), expected, "{query}");
    }
    assert_eq!(events(&export(&mira, "format=ndjson").await).len(), 4);
    assert!(
        export(&mira, "format=csv")
            .await
            .text
            .contains("channel.follow")
    );
    assert!(
        !export(&vera, "format=csv")
            .await
            .text
            .contains("channel.follow")
    );
}

#[tokio::test]
async fn a_csv_is_quoted_harmless_and_named() {
    let world = World::start().await;
    let mira = world.server.log_in("mira_plays").await;
    let titles = [
        "=1+1",
        "+49 30",
        "-5 degrees",
        "@everyone",
        "\tindented",
        "\rreturned",
        "say \"hi\",\nyou",
        "猫; 🎉",
    ];
    for title in titles {
        update("mira_plays", title).accepted(&world.server).await;
    }
    let answer = export(&mira, "format=csv").await;
    assert_eq!(
        answer.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    let disposition = answer.header("content-disposition");
    assert!(
        disposition.starts_with("attachment; filename=\"streamer-events-2"),
        "{disposition}"
    );
    assert!(disposition.ends_with("Z.csv\""), "{disposition}");
    for cell in [
        "\"'=1+1\"",
        "\"'+49 30\"",
        "\"'-5 degrees\"",
        "'@everyone",
        "say \"\"hi\"\",\nyou\"",
        "\"猫; 🎉\"",
    ] {
        assert!(answer.text.contains(cell), "{cell} in {}", answer.text);
    }
    for line in answer.text.split("\r\n") {
        for cell in line.split(',') {
            let begin = cell.trim_start_matches('"').chars().next().unwrap_or('x');
            assert!(!"=+-@\t\r".contains(begin), "{cell:?}");
        }
    }
    let named = export(&mira, "format=ndjson")
        .await
        .header("content-disposition")
        .to_owned();
    assert!(named.ends_with(".ndjson\""), "{named}");
}

#[tokio::test]
async fn a_complete_csv_has_a_trailer_with_its_count() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let token = vera.api_token().await;
    let mut database = database::open(&world.server).await;
    database.fill(Sim::id("viewer_vera"), 450).await;
    let path = "/api/v1/events/export?format=csv";
    let text = read(ask(&world.server, path, &token, "1.1").await).await;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let head = head.to_lowercase();
    assert_eq!(
        head.matches("transfer-encoding: chunked").count(),
        1,
        "{head}"
    );
    assert!(
        head.contains("trailer: x-export-count") && !head.contains("content-length"),
        "{head}"
    );
    assert!(
        body.ends_with("\r\n0\r\nx-export-count: 450\r\n\r\n"),
        "{body}"
    );
    // A client that has no chunks gets the bare file.
    let text = read(ask(&world.server, path, &token, "1.0").await).await;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(!head.to_lowercase().contains("chunked"), "{head}");
    assert_eq!(body.lines().count(), 451);
    // The connection can be used again.
    for _ in 0..3 {
        assert_eq!(export(&vera, "format=csv").await.text, body);
    }
}

/// Whoever reads slowly has not all of it when the server stops.
#[tokio::test]
async fn an_export_that_is_not_complete_has_no_end() {
    let mut world = World::start().await;
    let token = world.server.log_in("viewer_vera").await.api_token().await;
    let mut database = database::open(&world.server).await;
    database.fill(Sim::id("viewer_vera"), 30_000).await;
    let mut open = Vec::new();
    for (format, end) in [("csv", "x-export-count"), ("ndjson", "{\"end\"")] {
        let path = format!("/api/v1/events/export?format={format}");
        let stream = ask(&world.server, &path, &token, "1.1").await;
        stream.readable().await.unwrap();
        open.push((stream, end));
    }
    world.server.restart().await;
    for (stream, end) in open {
        let text = read(stream).await;
        assert!(text.starts_with("HTTP/1.1 200"), "{text:.100}");
        let tail = &text.as_bytes()[text.len().saturating_sub(200)..];
        let tail = String::from_utf8_lossy(tail);
        assert!(
            !tail.contains(end) && !tail.ends_with("\n0\r\n\r\n"),
            "{tail}"
        );
    }
}
