//! What the world remembers of a channel beyond what Twitch shows of it.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::cast::{Role, Stage};
use super::dice::Dice;
use super::payload::chat::Badge;
use super::payload::goal::Goal;
use super::payload::points::Reward;
use super::shows::{Segment, show};
use super::{Channel, lines};

/// A title is changed about this often before the category is.
const TITLES_PER_SEGMENT: (i64, i64) = (4, 9);

#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) stage: Stage,
    /// Typical number of viewers.
    pub(crate) size: i64,
    /// Counts streams; routines of an older one stop.
    pub(crate) stream_no: u64,
    /// Counts the plans for coming and going; older ones are void.
    pub(crate) turn: u64,
    /// About to end: nobody raids it any more.
    pub(crate) ending: bool,
    /// When the last event that needs nobody's permission happened.
    pub(crate) last_public: Timestamp,
    segment: usize,
    /// The running number of each part of the show.
    counters: Vec<i64>,
    titles_left: i64,
    pub(crate) subs: i64,
    pub(crate) followers: i64,
    pub(crate) goal: Option<Goal>,
    pub(crate) rewards: Vec<Reward>,
    pub(crate) record_level: i64,
    pub(crate) record_total: i64,
    /// Nothing of this kind may begin before.
    pub(crate) poll_free_at: Timestamp,
    pub(crate) prediction_free_at: Timestamp,
    pub(crate) train_free_at: Timestamp,
    pub(crate) campaign_free_at: Timestamp,
    pub(crate) vips: Vec<usize>,
    pub(crate) moderators: Vec<usize>,
    pub(crate) banned: Vec<usize>,
    /// Who followed, subscribed or resubscribed lately: nobody does so twice
    /// within sight.
    pub(crate) followed: VecDeque<usize>,
    pub(crate) subscribed: VecDeque<usize>,
}

impl Room {
    pub(crate) fn new(role: &Role, dice: &mut Dice, now: Timestamp) -> Self {
        let segments = show(role.login);
        Self {
            stage: role.stage,
            size: role.viewers,
            stream_no: 0,
            turn: 0,
            ending: false,
            last_public: now,
            segment: 0,
            counters: segments.iter().map(|segment| segment.first).collect(),
            titles_left: dice.between(TITLES_PER_SEGMENT.0, TITLES_PER_SEGMENT.1),
            subs: role.viewers / 3 + dice.between(2, 40),
            followers: role.viewers * 23 + dice.between(10, 900),
            goal: None,
            rewards: lines::REWARDS
                .iter()
                .map(|(title, cost, prompt)| Reward {
                    id: dice.uuid(),
                    title,
                    cost: *cost,
                    prompt,
                    needs_text: !prompt.is_empty(),
                    is_enabled: true,
                })
                .collect(),
            record_level: 3,
            record_total: role.viewers * 4 + 2000,
            poll_free_at: now,
            prediction_free_at: now,
            train_free_at: now,
            campaign_free_at: now,
            vips: Vec::new(),
            moderators: Vec::new(),
            banned: Vec::new(),
            followed: VecDeque::new(),
            subscribed: VecDeque::new(),
        }
    }

    pub(crate) fn is_big(&self) -> bool {
        self.stage == Stage::Big
    }

    fn current(&self, login: &str) -> &'static Segment {
        let segments = show(login);
        &segments[self.segment % segments.len()]
    }

    /// Writes title, category and labels of where the show is now.
    pub(crate) fn describe(&self, login: &str, channel: &mut Channel, dice: &mut Dice) {
        let segment = self.current(login);
        channel.title = dice
            .text(segment.titles)
            .replace("{n}", &self.counters[self.segment].to_string());
        segment.category_id.clone_into(&mut channel.category_id);
        segment.category.clone_into(&mut channel.category_name);
        channel.content_classification_labels = segment
            .labels
            .iter()
            .map(|label| (*label).to_owned())
            .collect();
    }

    /// Moves the show on: usually the number in the title, now and then the part.
    pub(crate) fn move_on(&mut self, login: &str, channel: &mut Channel, dice: &mut Dice) {
        self.titles_left -= 1;
        let parts = show(login).len();
        if self.titles_left <= 0 && parts > 1 {
            self.titles_left = dice.between(TITLES_PER_SEGMENT.0, TITLES_PER_SEGMENT.1);
            self.segment = (self.segment + 1) % parts;
        }
        let Segment {
            first, last, step, ..
        } = self.current(login);
        let counter = &mut self.counters[self.segment];
        *counter += dice.between(step.0, step.1);
        if *counter > *last {
            *counter = *first;
        }
        self.describe(login, channel, dice);
    }

    /// The badges a person wears here: the same ones at every visit.
    pub(crate) fn badges(&self, person: usize, host: usize) -> Vec<Badge> {
        let mut badges = Vec::new();
        let mut wear = |set_id, id: i64, info: String| {
            badges.push(Badge {
                set_id,
                id: id.to_string(),
                info,
            });
        };
        if person == host {
            wear("broadcaster", 1, String::new());
        } else if self.moderators.contains(&person) {
            wear("moderator", 1, String::new());
        } else if self.vips.contains(&person) {
            wear("vip", 1, String::new());
        }
        if let Some(months) = months_subscribed(person, host) {
            let step = [48, 36, 24, 18, 12, 9, 6, 3, 2]
                .into_iter()
                .find(|step| *step <= months)
                .unwrap_or(0);
            wear("subscriber", step, months.to_string());
        }
        if (person * 5 + host).is_multiple_of(4) {
            wear("bits", 1000, String::new());
        }
        badges
    }
}

/// How long a person has been subscribed to a channel; most are not.
pub(crate) fn months_subscribed(person: usize, host: usize) -> Option<i64> {
    let mixed = person * 31 + host * 17;
    (mixed % 5 < 2)
        .then(|| i64::try_from(mixed % 61 + 1).ok())
        .flatten()
}
