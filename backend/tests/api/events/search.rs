//! What is found with `q`: words in any order, case and writing, and nothing that could be an error.

use reqwest::Url;

use super::{CATS, OWL, follow, ids, raid, update};
use crate::support::{Browser, Message, Server, World};

/// A query with a search, escaped.
pub(super) fn searching(q: &str, rest: &str) -> String {
    let mut url = Url::parse("http://localhost/").unwrap();
    url.query_pairs_mut().append_pair("q", q);
    format!("{}&limit=500&{rest}", url.query().unwrap())
}

/// The texts, or else the summaries, of what is found, oldest first.
async fn found(browser: &Browser, q: &str) -> Vec<String> {
    let mut events = browser.events(&searching(q, "")).await;
    events.reverse();
    let told = |event: &serde_json::Value| {
        let text = event["text"].as_str().or(event["summary"].as_str());
        text.unwrap().to_owned()
    };
    events.iter().map(told).collect()
}

const TITLES: [&str; 8] = [
    "Endgames und Frühstück ☕",
    "\"Quoted\" AND *starred* -minus",
    "𝓜𝓲𝓻𝓪 𝗣𝗹𝗮𝘆𝘀 Ｃｈｅｓｓ",
    "שָׁלוֹם לכולם",
    "مَرْحَبًا بكم",
    "猫喫茶へようこそ",
    "Straße nach Łódź 🎉🎉",
    "NULL ' OR '1'='1",
];

async fn world() -> (World, Browser) {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    for title in TITLES {
        update("mira_plays", title).accepted(&world.server).await;
    }
    raid("mira_plays", OWL, 318).accepted(&world.server).await;
    raid("mira_plays", CATS, 7).accepted(&world.server).await;
    (world, vera)
}

#[tokio::test]
async fn whatever_is_looked_for_is_no_error() {
    let (_world, vera) = world().await;
    let long = "wort ".repeat(1_000);
    let many: String = (0..400).map(|n| format!("{n} ")).collect();
    for q in [
        "",
        " ",
        "*",
        "-",
        "\"",
        "\"\"",
        "'",
        "(",
        ")",
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "NEAR(a b, 2)",
        "a AND",
        "-a",
        "a*b",
        "words:a",
        "{words}:a",
        "^a",
        "a^",
        "a + b",
        "\\",
        "%",
        "_",
        "\0",
        "a\0b",
        ";--",
        "\u{202e}abc",
        "🎉",
        "👩‍👩‍👧",
        "🇩🇪",
        "e\u{301}",
        "\u{301}",
        "\u{fffd}",
        "§",
        "\u{feff}",
        "שלום",
        "مرحبا",
        "ﷺ",
        &long,
        &many,
    ] {
        println!("{q:?}");
        vera.get(&format!("/api/v1/events?{}", searching(q, "")))
            .await
            .ok();
        let rest = searching(q, "").replace("&limit=500", "");
        vera.get(&format!("/api/v1/stats?{rest}")).await.ok();
        let export = vera
            .get(&format!("/api/v1/events/export?format=ndjson&{rest}"))
            .await;
        assert_eq!(export.status, 200, "{}", export.text);
        vera.live(&rest).await;
    }
    vera.get("/api/v1/events?q=%ff%fe").await.ok();
    let twice = vera.get("/api/v1/events?q=a&q=b").await;
    twice.is_problem(422, "invalid-query");
}

#[tokio::test]
async fn all_words_must_be_there_and_the_last_may_be_the_beginning_of_one() {
    let (_world, vera) = world().await;
    for (q, titles) in [
        ("endgames", vec![0]),
        ("ENDG", vec![0]),
        ("fruhst", vec![0]),
        ("FRÜHSTÜCK endgames", vec![0]),
        ("und fruh", vec![0]),
        ("un fruhstuck", vec![]),
        ("endgames quoted", vec![]),
        ("☕", vec![0]),
        ("quoted -minus", vec![1]),
        ("and", vec![1]),
        ("\"starred quoted\"", vec![1]),
        ("mira plays chess", vec![2]),
        ("שלום", vec![3]),
        ("לכולם שלום", vec![3]),
        ("مرحبا", vec![4]),
        ("猫", vec![5]),
        ("strasse lodz", vec![6]),
        ("🎉", vec![6]),
        ("🎈", vec![]),
        ("null or 1", vec![7]),
        ("ames", vec![]),
    ] {
        let mut expected: Vec<&str> = titles.into_iter().map(|at| TITLES[at]).collect();
        let mut found = found(&vera, q).await;
        // The raider is called after cats, too.
        found.retain(|text| TITLES.contains(&text.as_str()));
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{q:?}");
    }
}

#[tokio::test]
async fn actors_and_summaries_are_searched_with_all_other_filters() {
    let (_world, vera) = world().await;
    for (query, count) in [
        (searching("late owl", ""), 1),
        (searching("LATE_OWL", ""), 1),
        (searching("neko", ""), 1),
        (searching("猫喫茶", ""), 2),
        (searching("raided viewers", ""), 2),
        (searching("raided 318", ""), 1),
        (searching("raided", "min_amount=100"), 1),
        (searching("raided", "actor=neko_kissa"), 1),
        (searching("raided", "kind=stream"), 0),
        (searching("raided", "type=channel.raid"), 2),
        (searching("raided", "until=2020-01-01T00:00:00Z"), 0),
        (searching("raided", "since=2020-01-01T00:00:00Z"), 2),
        (searching("raided", "broadcaster_id=nobody"), 0),
        (searching("", "kind=raid"), 2),
    ] {
        assert_eq!(vera.events(&query).await.len(), count, "{query}");
    }
    let all = ids(&vera.events(&searching("raided", "")).await);
    let newer = vera
        .events(&searching("raided", &format!("after={}", all[1])))
        .await;
    let older = vera
        .events(&searching("raided", &format!("before={}", all[0])))
        .await;
    assert_eq!((ids(&newer), ids(&older)), (vec![all[0]], vec![all[1]]));
    let page = vera.get("/api/v1/events?q=raided&limit=1").await.ok();
    assert_eq!(page["next_before"], page["events"][0]["id"]);
}

#[tokio::test]
async fn what_is_private_is_found_by_its_broadcaster_alone() {
    let (world, vera) = world().await;
    let mira = world.server.log_in("mira_plays").await;
    follow("mira_plays", OWL).accepted(&world.server).await;
    for q in ["late", "late_owl", "follow", "late followed"] {
        let query = searching(q, "kind=follow");
        assert!(vera.events(&query).await.is_empty(), "{q}");
        assert_eq!(mira.events(&query).await.len(), 1, "{q}");
    }
}

async fn post_all(server: &Server, messages: [Message; 4]) {
    for message in messages {
        message.accepted(server).await;
    }
}

#[tokio::test]
async fn live_streams_search_too() {
    let (world, vera) = world().await;
    let mut owl = vera.live("q=owl+raid").await;
    let mut resumed = vera.live("q=owl+raid&after=0").await;
    assert_eq!(resumed.next_event().await["amount"]["value"], 318);
    let messages = [
        update("mira_plays", "The owl sleeps"),
        follow("mira_plays", OWL),
        raid("mira_plays", CATS, 1),
        raid("mira_plays", OWL, 2),
    ];
    post_all(&world.server, messages).await;
    for stream in [&mut owl, &mut resumed] {
        assert_eq!(stream.next_event().await["amount"]["value"], 2);
    }
}
