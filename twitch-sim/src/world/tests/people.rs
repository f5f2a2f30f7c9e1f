use std::collections::BTreeSet;

use super::*;

#[test]
fn names_and_ids_are_like_twitchs() {
    let world = World::new(1, noon(), true);
    assert!((38..=60).contains(&world.people().len()));
    let mut ids = BTreeSet::new();
    let mut logins = BTreeSet::new();
    for person in world.people.iter() {
        assert!(person.id.bytes().all(|byte| byte.is_ascii_digit()));
        assert!(person.login.len() <= 25);
        assert!(
            person
                .login
                .bytes()
                .all(|byte| { byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' })
        );
        assert!(ids.insert(&person.id) && logins.insert(&person.login));
        let ascii = person.display_name.is_ascii();
        assert!(!ascii || person.display_name.to_lowercase() == person.login);
    }
    for (login, name) in [
        ("viewer_vera", "Viewer_Vera"),
        ("deepseadana", "DeepSeaDana"),
        ("mira_plays", "Mira_Plays"),
    ] {
        assert_eq!(world.person_by_login(login).unwrap().display_name, name);
    }
    assert_eq!(world.person_by_login("LATE_owl").unwrap().id, "555000111");
}

#[test]
fn viewers_follow_enough_for_several_pages() {
    let world = World::new(1, noon(), true);
    for login in ["viewer_vera", "viewer_omar"] {
        let person = world.person_by_login(login).unwrap();
        let follows = world.follows(&person.id);
        assert!(follows.len() >= 25);
        let ids: BTreeSet<_> = follows.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids.len(), follows.len());
        assert!(!ids.contains(person.id.as_str()));
        assert!(ids.contains("700100200"));
        assert!(follows.is_sorted_by(|a, b| a.1 >= b.1));
        assert!(
            follows
                .iter()
                .all(|(_, since)| { *since < noon() && since.subsec_nanosecond() == 0 })
        );
    }
}

#[test]
fn search_goes_by_prefix_and_the_live_ones_come_first() {
    let world = World::new(1, noon(), true);
    let logins = |query: &str, live_only: bool| -> Vec<String> {
        world
            .search(query, live_only)
            .into_iter()
            .map(|person| person.login.clone())
            .collect()
    };
    assert_eq!(logins("MIRA", false), ["mira_plays"]);
    assert!(logins("late", true).is_empty());
    assert_eq!(logins("late", false), ["late_owl"]);
    assert!(logins("p", false).len() >= 4);
    assert_eq!(logins("p", false)[0], "pixel_baker");
    assert_eq!(logins("猫", false), ["neko_kissa"]);
    assert!(logins("", false).is_empty());
    assert!(logins("plays", false).is_empty());
}

#[test]
fn viewers_of_the_demo_act_for_themselves_only() {
    let mut world = World::new(5, noon(), false);
    for (_, happening) in live(&mut world, 900) {
        for role in ["user", "chatter_user"] {
            let login = &happening.event[format!("{role}_login")];
            assert!(
                !login
                    .as_str()
                    .is_some_and(|login| login.starts_with("viewer_"))
            );
        }
    }
}

#[test]
fn chat_speaks_the_language_of_its_channel() {
    let mut world = World::new(1, noon(), true);
    let layla = world.person_by_login("layla_draws").unwrap().id.clone();
    let host = world.index_of(&layla).unwrap();
    let arabic = (0..100)
        .filter(|_| {
            let who = world.anybody(host);
            let line = world.fresh_line(who, host);
            line.chars()
                .any(|letter| ('\u{600}'..'\u{700}').contains(&letter))
        })
        .count();
    assert!((40..95).contains(&arabic), "{arabic}");
}
