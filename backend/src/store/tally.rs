//! Sums of events by streamer, quarter of an hour, kind and visibility, so that statistics need not look at every event.
//! Zones have their clocks set by full quarters, so the hours and days of all of them are made of these.
//!
//! A row has a streamer's sums of one UTC day, of six bytes each: two say what is counted (quarter, visibility, kind), four
//! how many there are; both big-endian, in the order of what is counted.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use wire::{Kind, Visibility};

pub(super) const QUARTER_MS: i64 = 900_000;
pub(super) const HOUR_MS: i64 = 4 * QUARTER_MS;
pub(super) const DAY_MS: i64 = 24 * HOUR_MS;

/// A row is found by the eight days it is one of, its streamer, and its day.
const DAYS: i64 = 8;

/// Bytes of a sum.
const SUM: usize = 6;

/// Kinds and visibilities that there is room for.
const KINDS: u16 = 32;
const VISIBILITIES: u16 = 2;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    /// Of the UTC day, 0 to 95.
    pub(super) quarter: u8,
    pub(super) visibility: Visibility,
    pub(super) kind: Kind,
}

/// By how much sums are to change: by row, then by cell.
#[derive(Debug, Default)]
pub(super) struct Changes(BTreeMap<(i64, String, i64), BTreeMap<u16, i64>>);

impl Changes {
    /// One event more, or with `by` -1 one less.
    pub(super) fn note(
        &mut self,
        broadcaster_id: &str,
        (kind, visibility): (Kind, Visibility),
        occurred_at: i64,
        by: i64,
    ) {
        let day = occurred_at.div_euclid(DAY_MS);
        let quarter = occurred_at.rem_euclid(DAY_MS) / QUARTER_MS;
        let cell = Cell {
            quarter: quarter as u8,
            visibility,
            kind,
        };
        let sums = self
            .0
            .entry((eight_days(day), broadcaster_id.to_owned(), day))
            .or_default();
        *sums.entry(cell.number()).or_default() += by;
    }

    /// Changes the sums. Belongs into a transaction.
    pub(super) fn apply(&self, connection: &Connection) -> rusqlite::Result<()> {
        let mut held = connection.prepare_cached(
            "SELECT counts FROM tally WHERE eight_days = ?1 AND broadcaster_id = ?2 AND day = ?3",
        )?;
        let mut keep = connection.prepare_cached(
            "INSERT INTO tally (eight_days, broadcaster_id, day, counts) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (eight_days, broadcaster_id, day) DO UPDATE SET counts = excluded.counts",
        )?;
        let mut drop = connection.prepare_cached(
            "DELETE FROM tally WHERE eight_days = ?1 AND broadcaster_id = ?2 AND day = ?3",
        )?;
        for ((eight_days, broadcaster_id, day), changes) in &self.0 {
            let counts: Option<Vec<u8>> = held
                .query_row(params![eight_days, broadcaster_id, day], |row| row.get(0))
                .optional()?;
            let mut sums: BTreeMap<u16, i64> = numbers(&counts.unwrap_or_default()).collect();
            for (cell, by) in changes {
                *sums.entry(*cell).or_default() += by;
            }
            sums.retain(|_, sum| *sum > 0);
            if sums.is_empty() {
                drop.execute(params![eight_days, broadcaster_id, day])?;
            } else {
                keep.execute(params![eight_days, broadcaster_id, day, bytes(&sums)])?;
            }
        }
        Ok(())
    }
}

/// Of which eight days since 1970 this day is one.
pub(super) fn eight_days(day: i64) -> i64 {
    day.div_euclid(DAYS)
}

/// The sums of a row.
pub(super) fn sums(counts: &[u8]) -> impl Iterator<Item = (Cell, u64)> {
    numbers(counts).filter_map(|(cell, sum)| Some((Cell::numbered(cell)?, sum.unsigned_abs())))
}

fn numbers(counts: &[u8]) -> impl Iterator<Item = (u16, i64)> {
    let (sums, _rest) = counts.as_chunks::<SUM>();
    sums.iter().map(|[c0, c1, s0, s1, s2, s3]| {
        let cell = u16::from_be_bytes([*c0, *c1]);
        (cell, i64::from(u32::from_be_bytes([*s0, *s1, *s2, *s3])))
    })
}

fn bytes(sums: &BTreeMap<u16, i64>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(sums.len() * SUM);
    for (cell, sum) in sums {
        bytes.extend(cell.to_be_bytes());
        bytes.extend(u32::try_from(*sum).unwrap_or(u32::MAX).to_be_bytes());
    }
    bytes
}

impl Cell {
    fn number(self) -> u16 {
        let visibility = match self.visibility {
            Visibility::Public => 0,
            Visibility::Broadcaster => 1,
        };
        (u16::from(self.quarter) * VISIBILITIES + visibility) * KINDS + kind_number(self.kind)
    }

    fn numbered(number: u16) -> Option<Self> {
        let kind = KIND_OF[usize::from(number % KINDS)]?;
        let visibility = match number / KINDS % VISIBILITIES {
            0 => Visibility::Public,
            _ => Visibility::Broadcaster,
        };
        Some(Self {
            quarter: (number / KINDS / VISIBILITIES) as u8,
            visibility,
            kind,
        })
    }
}

/// The kinds by their numbers.
const KIND_OF: [Option<Kind>; KINDS as usize] = {
    let mut kinds = [None; KINDS as usize];
    let mut at = 0;
    while at < Kind::ALL.len() {
        kinds[kind_number(Kind::ALL[at]) as usize] = Some(Kind::ALL[at]);
        at += 1;
    }
    kinds
};

/// As it is stored, whatever order kinds are shown in.
const fn kind_number(kind: Kind) -> u16 {
    match kind {
        Kind::Stream => 0,
        Kind::Sub => 1,
        Kind::Gift => 2,
        Kind::Cheer => 3,
        Kind::Raid => 4,
        Kind::Follow => 5,
        Kind::Points => 6,
        Kind::Poll => 7,
        Kind::Prediction => 8,
        Kind::HypeTrain => 9,
        Kind::Goal => 10,
        Kind::Charity => 11,
        Kind::Moderation => 12,
        Kind::Chat => 13,
        Kind::System => 14,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_has_a_number_of_its_own() {
        let mut last = None;
        for quarter in 0..96 {
            for visibility in [Visibility::Public, Visibility::Broadcaster] {
                for kind in Kind::ALL {
                    let cell = Cell {
                        quarter,
                        visibility,
                        kind,
                    };
                    assert!(last < Some(cell.number()), "{cell:?}");
                    assert_eq!(Cell::numbered(cell.number()), Some(cell));
                    last = Some(cell.number());
                }
            }
        }
    }

    #[test]
    fn sums_go_up_and_down_and_rows_without_any_are_dropped() {
        let connection = Connection::open_in_memory().unwrap();
        let table = "CREATE TABLE tally (eight_days, broadcaster_id, day, counts, PRIMARY KEY (eight_days, broadcaster_id, day))";
        connection.execute_batch(table).unwrap();
        let rows = || {
            let mut all = connection
                .prepare("SELECT day, counts FROM tally ORDER BY day")
                .unwrap();
            let row = |row: &rusqlite::Row<'_>| -> rusqlite::Result<(i64, Vec<(Cell, u64)>)> {
                Ok((row.get(0)?, sums(&row.get::<_, Vec<u8>>(1)?).collect()))
            };
            all.query_map([], row)
                .unwrap()
                .collect::<Result<Vec<_>, _>>()
                .unwrap()
        };
        let change = |by, times: &[i64]| {
            let mut changes = Changes::default();
            for time in times {
                changes.note("7", (Kind::Raid, Visibility::Public), *time, by);
            }
            changes.apply(&connection).unwrap();
        };
        let raids = |quarter| Cell {
            quarter,
            visibility: Visibility::Public,
            kind: Kind::Raid,
        };
        change(1, &[0, QUARTER_MS - 1, QUARTER_MS, -1]);
        change(1, &[1]);
        let expected = [
            (-1, vec![(raids(95), 1)]),
            (0, vec![(raids(0), 3), (raids(1), 1)]),
        ];
        assert_eq!(rows(), expected);
        change(-1, &[0, 1, QUARTER_MS, -1]);
        assert_eq!(rows(), [(0, vec![(raids(0), 1)])]);
        change(-1, &[0]);
        assert_eq!(rows(), []);
    }
}
