//! The order of event ids: growing decimal strings, of which nothing else is
//! assumed (they may outgrow any integer type of ours).

use std::cmp::Ordering;

/// Compares two ids by age, older first.
pub fn compare(left: &str, right: &str) -> Ordering {
    let (left, right) = (left.trim_start_matches('0'), right.trim_start_matches('0'));
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// The string has the form of an id.
pub fn is_cursor(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_ordered_as_numbers() {
        assert_eq!(compare("9", "10"), Ordering::Less);
        assert_eq!(compare("184467", "184467"), Ordering::Equal);
        assert_eq!(compare("200", "199"), Ordering::Greater);
        assert_eq!(compare("0", "1"), Ordering::Less);
        assert_eq!(compare("007", "7"), Ordering::Equal);
    }

    #[test]
    fn a_time_is_no_cursor() {
        assert!(is_cursor("42"));
        assert!(!is_cursor("2026-11-01T18:00:05Z"));
        assert!(!is_cursor(""));
    }
}
