//! Message ids that look random, as Twitch's do, and still tell the number of their message.
//!
//! So that a reader of the stream or of the database knows which message it holds without parsing JSON.

/// Characters of an id.
pub(crate) const LENGTH: usize = 36;

const BITS: u32 = 48;
const MASK: u64 = (1 << BITS) - 1;
const FIRST: u64 = 0x9E37_79B9_7F4B;
const SECOND: u64 = 0xC2B2_AE3D_27D5;

/// The id of a message: a version 4 UUID whose first twelve digits are the scrambled number.
pub(crate) fn of(seed: u64, number: u64) -> String {
    let head = scramble(number & MASK);
    let tail = mix(seed ^ number.rotate_left(32));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        head >> 16,
        head & 0xFFFF,
        tail & 0xFFF,
        0x8000 | (tail >> 12) & 0x3FFF,
        mix(tail) & MASK,
    )
}

/// The number in an id that [`of`] made; whatever an id of others seems to say.
pub(crate) fn number(id: &[u8]) -> Option<u64> {
    let (left, right) = (id.get(..8)?, id.get(9..13)?);
    let mut head = 0;
    for digit in left.iter().chain(right) {
        head = head << 4 | u64::from(char::from(*digit).to_digit(16)?);
    }
    Some(unscramble(head))
}

/// A number that has nothing to do with its neighbours'.
pub(crate) fn mix(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

fn scramble(number: u64) -> u64 {
    let x = fold(number).wrapping_mul(FIRST) & MASK;
    let x = fold(x).wrapping_mul(SECOND) & MASK;
    fold(x)
}

fn unscramble(head: u64) -> u64 {
    let x = fold(head).wrapping_mul(inverse(SECOND)) & MASK;
    let x = fold(x).wrapping_mul(inverse(FIRST)) & MASK;
    fold(x)
}

/// Undoes itself, as it moves by half the width.
fn fold(x: u64) -> u64 {
    x ^ (x >> (BITS / 2))
}

/// What an odd factor must be multiplied with to give 1, modulo 2⁶⁴.
const fn inverse(odd: u64) -> u64 {
    // Each step doubles the number of right bits; three are right to begin with.
    let mut x = odd;
    let mut step = 0;
    while step < 5 {
        x = x.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(x)));
        step += 1;
    }
    x
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_id_tells_its_number() {
        for n in (0..100_000).chain([MASK - 1, MASK]) {
            let id = of(7, n);
            assert_eq!(id.len(), LENGTH);
            assert_eq!(number(id.as_bytes()), Some(n), "{id}");
        }
    }

    #[test]
    fn ids_differ_and_are_uuids() {
        let ids: HashSet<String> = (0..10_000).map(|n| of(1, n)).collect();
        assert_eq!(ids.len(), 10_000);
        for id in &ids {
            let bytes = id.as_bytes();
            assert_eq!((bytes[8], bytes[13], bytes[14]), (b'-', b'-', b'4'));
            assert!(b"89ab".contains(&bytes[19]), "{id}");
        }
        assert_ne!(of(1, 5), of(2, 5), "runs differ");
    }

    #[test]
    fn what_is_no_id_tells_nothing() {
        for text in ["", "12", "xxxxxxxx-xxxx"] {
            assert_eq!(number(text.as_bytes()), None);
        }
    }
}
