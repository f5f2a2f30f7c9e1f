//! Which tellings are taken for one happening, and which are rather not.

use serde_json::value::RawValue;
use wire::{GroupKind, Kind, UserRef};

use super::*;
use Visibility::{Broadcaster, Public};

const NOTICE: &str = "channel.chat.notification";
const GIFT: &str = "channel.subscription.gift";

/// Records like the recorder does, in memory.
#[derive(Default)]
struct Told {
    twins: Twins,
    newest: i64,
}

impl Told {
    /// Records a telling; answers its cursor and that of what it is linked to.
    fn tell(&mut self, event_type: &str, second: i64, keys: &[&str]) -> (i64, Option<i64>) {
        self.record(event(event_type, second, keys))
    }

    fn record(&mut self, mut event: NewEvent) -> (i64, Option<i64>) {
        self.newest += 1;
        self.twins.link(&mut event);
        self.twins
            .know(&Telling::of(self.newest, &event), &event.twins);
        (self.newest, event.same_as.map(|twin| twin.id))
    }
}

fn event(event_type: &str, second: i64, keys: &[&str]) -> NewEvent {
    let twin = |key: &&str| Twin {
        key: (*key).to_owned(),
        detail: None,
        within_ms: 15_000,
    };
    NewEvent {
        message_id: None,
        event_type: event_type.to_owned(),
        version: "1".to_owned(),
        kind: Kind::Gift,
        broadcaster: UserRef {
            id: "1".to_owned(),
            login: "mira".to_owned(),
            display_name: "Mira".to_owned(),
        },
        actor: None,
        summary: String::new(),
        amount: None,
        text: None,
        occurred_at: second * 1000,
        received_at: 0,
        visibility: if event_type == NOTICE {
            Public
        } else {
            Broadcaster
        },
        natural_key: None,
        group: None,
        twins: keys.iter().map(twin).collect(),
        same_as: None,
        payload: RawValue::from_string("{}".to_owned()).unwrap(),
    }
}

fn detailed(event_type: &str, detail: &str) -> NewEvent {
    let mut event = event(event_type, 0, &["a"]);
    event.twins[0].detail = Some(detail.to_owned());
    event
}

#[test]
fn two_tellings_are_linked_whichever_comes_first() {
    for order in [[NOTICE, GIFT], [GIFT, NOTICE]] {
        let mut told = Told::default();
        assert_eq!(told.tell(order[0], 0, &["a"]), (1, None));
        assert_eq!(told.tell(order[1], 14, &["a"]), (2, Some(1)));
    }
}

#[test]
fn other_keys_and_other_times_are_other_happenings() {
    let mut told = Told::default();
    told.tell(NOTICE, 100, &["a"]);
    assert_eq!(told.tell(GIFT, 100, &["b"]).1, None);
    assert_eq!(told.tell(GIFT, 116, &["a"]).1, None);
    assert_eq!(told.tell("channel.raid", 84, &["a"]).1, None);
}

#[test]
fn who_tells_twice_tells_of_two_happenings() {
    let mut told = Told::default();
    told.tell(GIFT, 0, &["a"]);
    assert_eq!(told.tell(NOTICE, 0, &["a"]).1, Some(1));
    assert_eq!(told.tell(GIFT, 5, &["a"]).1, None);
    assert_eq!(told.tell(NOTICE, 5, &["a"]).1, Some(3));
}

#[test]
fn of_two_that_may_be_meant_none_is_taken() {
    let mut told = Told::default();
    told.tell(GIFT, 0, &["a"]);
    told.tell(GIFT, 5, &["a"]);
    assert_eq!(told.tell(NOTICE, 1, &["a"]).1, None);
    assert_eq!(told.tell(NOTICE, 6, &["a"]).1, None);
}

#[test]
fn a_detail_tells_two_apart_where_both_have_one() {
    let mut told = Told::default();
    told.record(detailed(GIFT, "10"));
    told.record(detailed(GIFT, "15"));
    assert_eq!(told.record(detailed(NOTICE, "15")).1, Some(2));
    assert_eq!(told.record(event(NOTICE, 0, &["a"])).1, Some(1));
}

#[test]
fn a_third_telling_goes_with_what_all_may_see() {
    let mut told = Told::default();
    told.tell("channel.cheer", 0, &["a"]);
    told.tell(NOTICE, 0, &["a"]);
    assert_eq!(told.tell("channel.bits.use", 0, &["a"]).1, Some(2));
}

#[test]
fn the_first_key_that_is_known_decides() {
    let mut told = Told::default();
    told.tell(GIFT, 0, &["gift"]);
    told.tell("channel.subscribe", 0, &["got"]);
    assert_eq!(told.tell(NOTICE, 0, &["gift", "got"]).1, Some(1));
    // The second key holds as well: all three are one happening.
    assert_eq!(told.tell("channel.other", 0, &["got"]).1, Some(3));
}

#[test]
fn a_private_telling_becomes_a_part_of_what_its_notice_is_a_part_of() {
    let group = Some(Box::new(Group {
        id: "1211".to_owned(),
        kind: GroupKind::GiftBomb,
        total: None,
        broadcaster_id: "1".to_owned(),
        step: 0,
        recipient: None,
    }));
    let mut twins = Twins::default();
    let mut notice = event(NOTICE, 0, &["a"]);
    notice.group.clone_from(&group);
    twins.know(&Telling::of(1, &notice), &notice.twins);
    let mut private = event("channel.subscribe", 0, &["a"]);
    twins.link(&mut private);
    assert_eq!(private.group, group);
}

#[test]
fn what_was_not_recorded_after_all_is_forgotten() {
    let mut told = Told::default();
    told.tell(GIFT, 0, &["a"]);
    told.tell(GIFT, 0, &["b", "c"]);
    told.twins.forget_from(2);
    assert_eq!(told.tell(NOTICE, 0, &["b"]).1, None);
    assert_eq!(told.tell("channel.other", 0, &["c"]).1, None);
    assert_eq!(told.tell(NOTICE, 0, &["a"]).1, Some(1));
}

#[test]
fn memory_is_bounded_and_the_oldest_go_first() {
    let mut told = Told::default();
    for number in 0..=KNOWN {
        told.tell(GIFT, 0, &[&number.to_string()]);
    }
    assert_eq!(told.twins.order.len(), KNOWN);
    assert_eq!(told.twins.happenings.len(), KNOWN);
    assert_eq!(told.tell(NOTICE, 0, &["0"]).1, None);
    assert_eq!(told.tell(NOTICE, 0, &["9"]).1, Some(10));
}

#[test]
fn of_very_many_that_are_alike_none_is_taken_and_few_are_looked_at() {
    let mut told = Told::default();
    for _ in 0..1_000 {
        told.tell(GIFT, 0, &["a"]);
    }
    assert!(
        told.twins
            .happenings
            .values()
            .all(|alike| alike.known.len() <= ALIKE)
    );
    assert_eq!(told.tell(NOTICE, 0, &["a"]).1, None);
}
