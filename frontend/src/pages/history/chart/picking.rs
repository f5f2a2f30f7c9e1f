//! Bars that are marked, by pointer or keys, until they are zoomed to. Pure.

/// What a key means on the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// The mark goes there.
    Mark(usize),
    /// The marked span reaches to there.
    Extend(usize),
    /// Zoom to what is marked.
    Zoom,
    /// Nothing is marked any more.
    Leave,
}

/// Reads a key. The mark stands at the newest bar before it was moved.
pub(super) fn read_key(
    key: &str,
    is_shift: bool,
    marked: Option<usize>,
    bars: usize,
) -> Option<Key> {
    let last = bars.checked_sub(1)?;
    let at = marked.unwrap_or(last);
    let far = (bars / 10).max(1);
    let to = match key {
        "ArrowLeft" | "ArrowDown" => at.saturating_sub(1),
        "ArrowRight" | "ArrowUp" => (at + 1).min(last),
        "PageDown" => at.saturating_sub(far),
        "PageUp" => (at + far).min(last),
        "Home" => 0,
        "End" => last,
        "Enter" | " " => return Some(Key::Zoom),
        "Escape" => return Some(Key::Leave),
        _ => return None,
    };
    Some(if is_shift {
        Key::Extend(to)
    } else {
        Key::Mark(to)
    })
}

/// The bars from one to another, whichever comes first.
pub(super) fn between(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

/// The bar at this part of the width.
pub(super) fn bar_at(part: f64, bars: usize) -> Option<usize> {
    let last = bars.checked_sub(1)?;
    // What is no number, or left of all, becomes 0.
    Some(((part * bars as f64) as usize).min(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_move_the_mark_and_stop_at_the_ends() {
        let read = |key, marked| read_key(key, false, marked, 30);
        assert_eq!(read("ArrowLeft", None), Some(Key::Mark(28)));
        assert_eq!(read("ArrowLeft", Some(0)), Some(Key::Mark(0)));
        assert_eq!(read("ArrowRight", Some(29)), Some(Key::Mark(29)));
        assert_eq!(read("PageDown", Some(10)), Some(Key::Mark(7)));
        assert_eq!(read("Home", Some(10)), Some(Key::Mark(0)));
        assert_eq!(read("End", Some(10)), Some(Key::Mark(29)));
        assert_eq!(read("Enter", Some(10)), Some(Key::Zoom));
        assert_eq!(read("Tab", Some(10)), None);
        assert_eq!(read_key("Enter", false, None, 0), None);
    }

    #[test]
    fn shift_extends_the_span() {
        assert_eq!(
            read_key("ArrowLeft", true, Some(3), 30),
            Some(Key::Extend(2))
        );
        assert_eq!(between(7, 2), (2, 7));
    }

    #[test]
    fn a_pointer_is_over_a_bar_wherever_it_is() {
        assert_eq!(bar_at(0.0, 10), Some(0));
        assert_eq!(bar_at(0.55, 10), Some(5));
        assert_eq!(bar_at(1.0, 10), Some(9));
        assert_eq!(bar_at(-0.2, 10), Some(0));
        assert_eq!(bar_at(f64::NAN, 10), Some(0));
        assert_eq!(bar_at(0.5, 0), None);
    }
}
