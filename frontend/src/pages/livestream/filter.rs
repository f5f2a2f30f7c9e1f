//! The kinds shown, as the address says them: `?kind=sub&kind=gift`.

use wire::Kind;
use yew::prelude::*;

use crate::kinds::Kinds;
use crate::router::use_router;

/// The kinds the address names, and how to change them. None means all.
#[hook]
pub(super) fn use_kinds() -> (Kinds, Callback<Kinds>) {
    let router = use_router();
    let kinds = parse(router.query());
    let change = Callback::from(move |kinds: Kinds| {
        // Not a step to go back to.
        router.replace(&format!("{}{}", router.path(), query(kinds)));
    });
    (kinds, change)
}

/// Names of kinds need no escaping.
fn query(kinds: Kinds) -> String {
    let mut query = String::new();
    for kind in kinds.iter() {
        query.push_str(if query.is_empty() { "?kind=" } else { "&kind=" });
        query.push_str(kind.as_str());
    }
    query
}

/// Kinds this build does not know are left out.
fn parse(query: &str) -> Kinds {
    query
        .trim_start_matches('?')
        .split('&')
        .filter_map(|pair| pair.strip_prefix("kind="))
        .filter_map(Kind::from_name)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_from_the_address() {
        let kinds = parse("?kind=sub&notice=welcome&kind=hype_train&kind=nonsense");
        assert_eq!(kinds, Kinds::from_iter([Kind::Sub, Kind::HypeTrain]));
        assert!(parse("").is_empty());
        assert_eq!(query(kinds), "?kind=sub&kind=hype_train");
        assert_eq!(query(Kinds::NONE), "");
    }
}
