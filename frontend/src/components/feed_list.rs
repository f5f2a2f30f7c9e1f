//! The list of events: rows, what stands in for them, and where the reader is.

use std::rc::Rc;

use yew::prelude::*;

use super::event_row::EventRow;
use super::feed_states::{render_newest, render_older};
use super::marking::{mark_keys, unread_line};
use crate::feed::{Load, Row, gap_words};
use crate::format::{exact_local, parse_time};
use crate::reading::{ReadingProps, scroll_to_top, use_reading};

/// Properties of [`FeedList`].
#[derive(Properties, PartialEq)]
pub struct FeedListProps {
    /// Newest first.
    pub rows: Vec<Row>,
    /// How many events wait for the reader to return to the top.
    pub waiting: usize,
    /// State of the newest page.
    pub newest: Load,
    /// State of the next older page.
    pub older: Load,
    /// There are older rows to load.
    pub has_older: bool,
    /// As many rows are shown as the page holds.
    pub is_full: bool,
    /// What to expect when there is nothing.
    pub empty: AttrValue,
    /// What stands right above the list and stays there while it scrolls.
    pub header: NodeRef,
    /// Before which row the line stands that parts read from unread rows.
    pub line: Option<usize>,
    /// When the running stream began, RFC 3339.
    #[prop_or_default]
    pub stream_start: Option<AttrValue>,
    /// Marks what is read up to a row; none without a subscription.
    pub on_mark: Option<Callback<AttrValue>>,
    pub on_mark_all: Callback<()>,
    pub on_at_top: Callback<bool>,
    pub on_reveal: Callback<()>,
    pub on_older: Callback<()>,
    pub on_retry: Callback<()>,
}

/// The events of a streamer, newest at the top.
#[component]
pub fn FeedList(props: &FeedListProps) -> Html {
    let (scroller, top, log, end) = (
        use_node_ref(),
        use_node_ref(),
        use_node_ref(),
        use_node_ref(),
    );
    use_reading(ReadingProps {
        header: props.header.clone(),
        top: top.clone(),
        end: end.clone(),
        wants_older: props.has_older && props.older == Load::Idle,
        on_at_top: props.on_at_top.clone(),
        on_older: props.on_older.clone(),
    });
    let reveal = {
        let (scroller, top, log) = (scroller.clone(), top.clone(), log.clone());
        props.on_reveal.reform(move |_: MouseEvent| {
            // The button goes away; the focus must not go with it. Focus scrolls
            // by its own idea of what to show, so it comes first.
            if let Some(log) = log.cast::<web_sys::HtmlElement>() {
                drop(log.focus());
            }
            scroll_to_top(&scroller, &top);
        })
    };
    let onkeydown = props
        .on_mark
        .clone()
        .map(|on_mark| mark_keys(on_mark, props.on_mark_all.clone()));
    let is_loading = props.newest == Load::Loading || props.older == Load::Loading;
    html! {
        <div class="feed" ref={scroller}>
            <div class="feed-top" ref={top} />
            <div class="feed-new" aria-live="polite">
                if props.waiting > 0 {
                    <button type="button" class="pill num" onclick={reveal}>
                        { format!("{} new", props.waiting) }
                    </button>
                }
            </div>
            <div
                role="log"
                class="feed-log"
                aria-label="Events"
                // What was loaded is not news; what arrives afterwards is.
                aria-live={if is_loading { "off" } else { "polite" }}
                aria-relevant="additions"
                aria-keyshortcuts={onkeydown.as_ref().map(|_| "M Shift+M")}
                {onkeydown}
                tabindex="0"
                ref={log}
            >
                { for render_rows(props) }
            </div>
            { render_newest(props) }
            <div class="feed-end" ref={end}>{ render_older(props) }</div>
        </div>
    }
}

/// The rows, and the line among them.
fn render_rows(props: &FeedListProps) -> impl Iterator<Item = Html> {
    let (unread, read) = props
        .rows
        .split_at(props.line.unwrap_or_default().min(props.rows.len()));
    let render = |row| render_row(row, props);
    unread
        .iter()
        .map(render)
        .chain(props.line.map(|_| unread_line()))
        .chain(read.iter().map(render))
}

fn render_row(row: &Row, props: &FeedListProps) -> Html {
    match row {
        Row::Event { event, is_new, .. } => html! {
            <EventRow
                key={row.key()}
                event={Rc::clone(event)}
                is_new={*is_new}
                on_mark={props.on_mark.clone()}
                stream_start={props.stream_start.clone()}
            />
        },
        Row::Gap { gap, .. } => html! {
            <div key={row.key()} class="gap" data-gap={gap.reason.clone()}>
                { gap_words(gap, |time| exact_local(parse_time(time))) }
            </div>
        },
    }
}
