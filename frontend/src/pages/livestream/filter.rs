//! The kinds shown, as the address says them: `?kind=sub&kind=gift`.

use std::collections::BTreeSet;

use wire::Kind;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::app::Route;

/// The kinds the address names, and how to change them. None means all.
#[hook]
pub(super) fn use_kinds() -> (BTreeSet<Kind>, Callback<BTreeSet<Kind>>) {
    let location = use_location();
    let navigator = use_navigator();
    let route = use_route::<Route>();
    let kinds = location.map_or_else(BTreeSet::new, |location| parse(location.query_str()));
    let change = Callback::from(move |kinds: BTreeSet<Kind>| {
        let (Some(navigator), Some(route)) = (&navigator, &route) else {
            return;
        };
        let query: Vec<(&str, &str)> = kinds.iter().map(|kind| ("kind", kind.as_str())).collect();
        // Not a step to go back to. Names of kinds need no escaping, so the
        // query cannot fail to be written.
        drop(navigator.replace_with_query(route, query));
    });
    (kinds, change)
}

/// Kinds this build does not know are left out.
fn parse(query: &str) -> BTreeSet<Kind> {
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
        assert_eq!(
            parse("?kind=sub&notice=welcome&kind=hype_train&kind=nonsense"),
            BTreeSet::from([Kind::Sub, Kind::HypeTrain])
        );
        assert!(parse("").is_empty());
    }
}
