//! How long ago, with the exact local time on hover.

use yew::prelude::*;

use crate::clock::use_now;
use crate::format::{ago, ago_in_words, exact_local, parse_time};

/// Properties of [`TimeAgo`].
#[derive(Properties, PartialEq)]
pub struct TimeAgoProps {
    /// RFC 3339.
    pub at: AttrValue,
    /// In words for a sentence, instead of short for a column.
    #[prop_or_default]
    pub in_words: bool,
}

/// `3 min`, kept up to date.
#[component]
pub fn TimeAgo(props: &TimeAgoProps) -> Html {
    let now = use_now();
    // Writing a time out in the reader's manner is slow, and a feed has hundreds.
    let moment = use_memo(props.at.clone(), |at| {
        let then = parse_time(at);
        (then, AttrValue::from(exact_local(then)))
    });
    let (then, exact) = &*moment;
    let then = *then;
    let words = ago_in_words(then, now);
    html! {
        <time class="num" datetime={props.at.clone()} title={exact.clone()}>
            if props.in_words {
                { words }
            } else {
                <span aria-hidden="true">{ ago(then, now) }</span>
                <span class="only-read">{ words }</span>
            }
        </time>
    }
}
