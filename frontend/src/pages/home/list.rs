//! The list of subscriptions as the front page holds it. Pure.

use wire::{Event, Kind, Subscription, TopicStatus};

/// The list in two parts: who is live, who is not. Those just removed are left out.
pub(super) fn arrange<'a>(
    subscriptions: &'a [Subscription],
    hidden: &[String],
) -> (Vec<&'a Subscription>, Vec<&'a Subscription>) {
    subscriptions
        .iter()
        .filter(|entry| !hidden.contains(&entry.broadcaster.id))
        .partition(|entry| entry.live.is_some())
}

/// The list with an entry: in place of the one it renews, else first.
pub(super) fn with(subscriptions: &[Subscription], entry: Subscription) -> Vec<Subscription> {
    let mut next = subscriptions.to_vec();
    match next
        .iter_mut()
        .find(|held| held.broadcaster.id == entry.broadcaster.id)
    {
        Some(held) => *held = entry,
        None => next.insert(0, entry),
    }
    next
}

/// The list without a broadcaster.
pub(super) fn without(subscriptions: &[Subscription], broadcaster_id: &str) -> Vec<Subscription> {
    subscriptions
        .iter()
        .filter(|entry| entry.broadcaster.id != broadcaster_id)
        .cloned()
        .collect()
}

/// The list after an event: it is its broadcaster's last one.
pub(super) fn with_event(subscriptions: &[Subscription], event: &Event) -> Vec<Subscription> {
    let mut next = subscriptions.to_vec();
    if let Some(held) = next
        .iter_mut()
        .find(|held| held.broadcaster.id == event.broadcaster.id)
    {
        held.last_event = Some(event.clone());
    }
    next
}

/// After this event the live state, title or category may be another.
pub(super) fn changes_the_stream(event: &Event) -> bool {
    event.kind == Kind::Stream
}

/// Twitch has still to confirm something: worth looking again soon.
pub(super) fn is_settling(subscriptions: &[Subscription]) -> bool {
    subscriptions
        .iter()
        .flat_map(|entry| &entry.topics)
        .any(|topic| topic.status == TopicStatus::Pending)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry(id: &str, live: bool) -> Subscription {
        let live = live.then(|| {
            json!({"title": "t", "category": "c", "viewers": 1,
                   "started_at": "2026-11-01T18:00:00Z", "thumbnail_url": ""})
        });
        serde_json::from_value(json!({
            "broadcaster": {"id": id, "login": id, "display_name": id, "profile_image_url": ""},
            "live": live, "topics": [], "unread": 0, "read_cursor": "0", "last_event": null,
            "created_at": "2026-11-01T18:00:00Z"
        }))
        .expect("a subscription as the server sends it")
    }

    fn event(broadcaster_id: &str) -> Event {
        let text = json!({
            "id": "7", "message_id": "m", "type": "channel.raid", "version": "1", "kind": "raid",
            "broadcaster": {"id": broadcaster_id, "login": "b", "display_name": "B"},
            "actor": null, "summary": "Raided", "amount": null, "text": null,
            "occurred_at": "2026-11-01T18:00:05.123Z", "received_at": "2026-11-01T18:00:05.321Z",
            "visibility": "public", "payload": {}
        })
        .to_string();
        serde_json::from_str(&text).expect("an event as the server sends it")
    }

    fn ids(entries: &[&Subscription]) -> Vec<String> {
        entries.iter().map(|e| e.broadcaster.id.clone()).collect()
    }

    #[test]
    fn live_ones_come_first_and_removed_ones_are_hidden() {
        let list = [entry("a", false), entry("b", true), entry("c", true)];
        let (live, offline) = arrange(&list, &["c".into()]);
        assert_eq!(ids(&live), ["b"]);
        assert_eq!(ids(&offline), ["a"]);
    }

    #[test]
    fn a_new_entry_comes_first_and_a_known_one_stays_in_its_place() {
        let list = [entry("a", false), entry("b", false)];
        let grown = with(&list, entry("c", false));
        assert_eq!(ids(&grown.iter().collect::<Vec<_>>()), ["c", "a", "b"]);
        let same = with(&list, entry("b", true));
        assert_eq!(ids(&same.iter().collect::<Vec<_>>()), ["a", "b"]);
        assert!(same[1].live.is_some());
    }

    #[test]
    fn an_event_becomes_the_last_one_of_its_broadcaster_alone() {
        let list = [entry("a", false), entry("b", false)];
        let next = with_event(&list, &event("b"));
        assert!(next[0].last_event.is_none());
        assert!(next[1].last_event.is_some());
    }
}
