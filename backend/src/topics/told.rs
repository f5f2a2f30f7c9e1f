//! Who is told that topics did not arrive for a while: of the public ones everybody who follows the channel, of the
//! others its broadcaster alone.

use std::collections::BTreeSet;

use crate::eventsub::describe;
use crate::ids::UserId;
use crate::live::{Entry, Live};
use crate::store::gaps::{Ended, Span};
use crate::store::topics::TopicKey;

/// Tells of the gaps that have ended, each broadcaster's as one.
pub(super) fn tell(live: &Live, ended: Vec<(TopicKey, Span)>) {
    if ended.is_empty() {
        return;
    }
    let (public, private) = parted(ended);
    for (broadcaster, span) in &public {
        live.append(entry(broadcaster, *span));
    }
    for (broadcaster, span) in &private {
        live.append_for(broadcaster, &entry(broadcaster, *span));
    }
}

/// What everybody is told, and what goes beyond it.
fn parted(ended: Vec<(TopicKey, Span)>) -> (Ended, Ended) {
    let public_types: BTreeSet<&str> = describe::public_types().collect();
    let (mut public, mut private) = (Ended::new(), Ended::new());
    for (key, span) in ended {
        let told = match public_types.contains(key.event_type.as_str()) {
            true => &mut public,
            false => &mut private,
        };
        let widest = told.entry(key.broadcaster_id).or_insert(span);
        widest.began_at = widest.began_at.min(span.began_at);
        widest.ended_at = widest.ended_at.max(span.ended_at);
    }
    private.retain(|broadcaster, span| {
        let is_within =
            |wide: &Span| wide.began_at <= span.began_at && wide.ended_at >= span.ended_at;
        !public.get(broadcaster).is_some_and(is_within)
    });
    (public, private)
}

fn entry(broadcaster: &UserId, span: Span) -> Entry {
    Entry::NotReceived {
        broadcaster_id: broadcaster.clone(),
        began_at: span.began_at,
        ended_at: span.ended_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(event_type: &str, began_at: i64, ended_at: i64) -> (TopicKey, Span) {
        let key = TopicKey {
            broadcaster_id: UserId::new("7"),
            event_type: event_type.to_owned(),
            direction: None,
        };
        (key, Span { began_at, ended_at })
    }

    #[test]
    fn others_learn_nothing_of_a_private_topic_and_the_broadcaster_nothing_twice() {
        let of = |ended: &Ended| {
            ended
                .values()
                .map(|s| (s.began_at, s.ended_at))
                .collect::<Vec<_>>()
        };
        let (public, private) = parted(vec![
            ended("stream.online", 5, 9),
            ended("channel.update", 4, 9),
            ended("channel.follow", 6, 9),
        ]);
        assert_eq!((of(&public), of(&private)), (vec![(4, 9)], vec![]));
        let (public, private) = parted(vec![
            ended("stream.online", 5, 9),
            ended("channel.follow", 1, 9),
            ended("channel.of.tomorrow", 2, 9),
        ]);
        assert_eq!((of(&public), of(&private)), (vec![(5, 9)], vec![(1, 9)]));
    }
}
