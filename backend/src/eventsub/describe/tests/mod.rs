//! Every type and notice, told as a person would: a table of payloads with what is
//! expected of each, Twitch's own samples, and odd input of all sorts.

mod case;
mod chat;
mod community;
mod elsewhere;
mod moderation;
mod money;
mod mutations;
mod notices;
mod odd;
mod points;
mod samples;
mod shared_notices;
mod stream;
mod votes;

use self::case::Case;
use super::notices::NOTICES;
use super::types::{Reader, TYPES};
use super::{Reading, describe};
use wire::Visibility;

/// What anyone may see, copied by hand from Twitch's documentation of who must agree.
const PUBLIC: &[&str] = &[
    "stream.online",
    "stream.offline",
    "channel.update",
    "channel.raid",
    "channel.shared_chat.begin",
    "channel.shared_chat.update",
    "channel.shared_chat.end",
    "channel.chat.message",
    "channel.chat.notification",
    "channel.chat.message_delete",
    "channel.chat.clear_user_messages",
    "channel.chat.clear",
    "channel.chat_settings.update",
];

fn all_cases() -> Vec<Case> {
    [
        stream::cases(),
        community::cases(),
        money::cases(),
        points::cases(),
        votes::cases(),
        moderation::cases(),
        chat::cases(),
        notices::cases(),
        shared_notices::cases(),
        elsewhere::cases(),
    ]
    .concat()
}

#[test]
fn every_case_is_told_as_expected() {
    let mut wrong = Vec::new();
    for case in all_cases() {
        let expected = Reading::Event(case.expected());
        let told = describe(&case.subject());
        if told != expected {
            let event_type = case.event_type;
            wrong.push(format!(
                "{event_type}\n  told     {told:?}\n  expected {expected:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_type_and_notice_has_two_cases() {
    let cases = all_cases();
    for row in TYPES {
        let count = cases.iter().filter(|c| c.event_type == row.event_type);
        let wanted = if matches!(row.reader, Reader::Never(_)) {
            0
        } else {
            2
        };
        assert!(count.count() >= wanted, "{}", row.event_type);
    }
    let notice = |case: &Case, name: &str| case.event["notice_type"] == name;
    for (name, _, _) in NOTICES {
        let count = cases.iter().filter(|case| notice(case, name)).count();
        assert!(count >= 2, "{name}");
    }
}

#[test]
fn the_table_names_each_type_once_and_shows_to_everyone_only_what_is_public() {
    for (index, row) in TYPES.iter().enumerate() {
        let again = TYPES.iter().skip(index + 1);
        assert!(
            !again
                .into_iter()
                .any(|other| other.event_type == row.event_type)
        );
        let public = PUBLIC.contains(&row.event_type);
        assert_eq!(
            row.visibility == Visibility::Public,
            public,
            "{}",
            row.event_type
        );
    }
    for public in PUBLIC {
        assert!(
            TYPES.iter().any(|row| row.event_type == *public),
            "{public}"
        );
    }
}
