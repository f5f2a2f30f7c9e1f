//! What is searched for and which suggestion is marked. Pure.

/// A key that moves the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    Down,
    Up,
}

/// Where the mark goes. Beyond either end it goes back to the field itself.
pub(super) fn step(marked: Option<usize>, count: usize, direction: Move) -> Option<usize> {
    match (direction, marked) {
        (Move::Down, None) => (count > 0).then_some(0),
        (Move::Down, Some(index)) => (index + 1 < count).then_some(index + 1),
        (Move::Up, None) => count.checked_sub(1),
        (Move::Up, Some(index)) => index.checked_sub(1),
    }
}

/// What to search for: a name out of what was typed or pasted; nothing while
/// it is too short to mean somebody.
pub(super) fn search_words(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let name = match typed.split_once("twitch.tv/") {
        Some((_, path)) => path.split(['/', '?', '#']).next().unwrap_or_default(),
        None => typed,
    };
    let name = name.strip_prefix('@').unwrap_or(name).trim();
    (name.chars().count() >= 2).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_goes_round_by_way_of_the_field() {
        assert_eq!(step(None, 3, Move::Down), Some(0));
        assert_eq!(step(Some(2), 3, Move::Down), None);
        assert_eq!(step(None, 3, Move::Up), Some(2));
        assert_eq!(step(Some(0), 3, Move::Up), None);
        assert_eq!(step(None, 0, Move::Down), None);
        assert_eq!(step(None, 0, Move::Up), None);
    }

    #[test]
    fn a_pasted_address_searches_for_its_channel() {
        let of = |typed| search_words(typed);
        assert_eq!(of("  @Mira_Plays "), Some("Mira_Plays".into()));
        assert_eq!(
            of("https://www.twitch.tv/mira_plays/videos?x=1"),
            Some("mira_plays".into())
        );
        assert_eq!(of("m"), None);
        assert_eq!(of("https://www.twitch.tv/"), None);
    }
}
