//! The list of followed channels with a box each.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use wire::Streamer;
use yew::prelude::*;

use super::is_open_to_choice;
use crate::components::avatar::{AvatarSize, avatar};
use crate::components::icon::{Glyph, icon};
use crate::hooks::use_state;

/// Properties of [`Choose`].
#[derive(Properties, PartialEq)]
pub(super) struct ChooseProps {
    pub(super) streamers: Rc<Vec<Streamer>>,
    pub(super) on_chosen: Callback<Vec<Streamer>>,
}

/// Filter, choose, start.
#[component]
pub(super) fn Choose(props: &ChooseProps) -> Html {
    let filter = use_state(String::new);
    let chosen = use_state(Vec::<String>::new);
    // Those there is something to decide about come first.
    let (open, done): (Vec<&Streamer>, Vec<&Streamer>) = props
        .streamers
        .iter()
        .filter(|streamer| is_meant(streamer, &filter))
        .partition(|streamer| is_open_to_choice(streamer));
    let open_ids: Vec<String> = open.iter().map(|streamer| streamer.id.clone()).collect();
    let shown: Vec<&Streamer> = open.into_iter().chain(done).collect();
    let all_chosen = !open_ids.is_empty() && open_ids.iter().all(|id| chosen.contains(id));

    let oninput = {
        let filter = filter.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                filter.set(field.value());
            }
        })
    };
    let toggle_all = {
        let chosen = chosen.clone();
        let open_ids = open_ids.clone();
        Callback::from(move |_: Event| chosen.set(with_all(&chosen, &open_ids, !all_chosen)))
    };
    let on_toggle = {
        let chosen = chosen.clone();
        Callback::from(move |id: String| {
            let add = !chosen.contains(&id);
            chosen.set(with_all(&chosen, &[id], add));
        })
    };
    let start = {
        let (streamers, chosen) = (Rc::clone(&props.streamers), chosen.clone());
        props.on_chosen.reform(move |_: MouseEvent| {
            streamers
                .iter()
                .filter(|streamer| chosen.contains(&streamer.id))
                .cloned()
                .collect()
        })
    };
    html! {
        <>
            <div class="field">
                { icon(Glyph::Search) }
                <input
                    type="text"
                    aria-label="Filter the channels"
                    placeholder="Filter…"
                    autocomplete="off"
                    spellcheck="false"
                    value={(*filter).clone()}
                    {oninput}
                />
            </div>
            <label class="check-all">
                <input
                    type="checkbox"
                    checked={all_chosen}
                    disabled={open_ids.is_empty()}
                    onchange={toggle_all}
                />
                { "Select all" }
                <span class="muted small num">
                    { format!("{} of {} channels", shown.len(), props.streamers.len()) }
                </span>
            </label>
            <ul class="follow-list">
                { for shown.iter().map(|streamer| {
                    render_follow(streamer, chosen.contains(&streamer.id), &on_toggle)
                }) }
            </ul>
            <div class="import-start">
                <button
                    type="button"
                    class="btn primary tall"
                    disabled={chosen.is_empty()}
                    onclick={start}
                >
                    { match chosen.len() {
                        0 => "Subscribe to the selected".to_owned(),
                        count => format!("Subscribe to {count}"),
                    } }
                </button>
            </div>
        </>
    }
}

fn render_follow(streamer: &Streamer, is_chosen: bool, on_toggle: &Callback<String>) -> Html {
    let onchange = {
        let id = streamer.id.clone();
        on_toggle.reform(move |_: Event| id.clone())
    };
    html! {
        <li key={streamer.id.clone()}>
            <label class="follow">
                <input
                    type="checkbox"
                    checked={is_chosen || streamer.subscribed}
                    disabled={streamer.subscribed}
                    {onchange}
                />
                { avatar(&streamer.display_name, &streamer.profile_image_url, AvatarSize::Small) }
                <span class="cut">{ &streamer.display_name }</span>
                if streamer.live {
                    <span class="live-dot small">{ "Live" }</span>
                }
                <span class="grow" />
                if streamer.subscribed {
                    <span class="muted small">{ "Subscribed" }</span>
                }
            </label>
        </li>
    }
}

fn is_meant(streamer: &Streamer, filter: &str) -> bool {
    // Names are of ASCII letters or of scripts without cases.
    let filter = filter.trim().to_ascii_lowercase();
    streamer.login.contains(&filter) || streamer.display_name.to_ascii_lowercase().contains(&filter)
}

/// The chosen ids with these added, or without them.
fn with_all(chosen: &[String], ids: &[String], add: bool) -> Vec<String> {
    let mut next: Vec<String> = chosen
        .iter()
        .filter(|id| !ids.contains(id))
        .cloned()
        .collect();
    if add {
        next.extend_from_slice(ids);
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choosing_twice_counts_once() {
        let chosen = with_all(&["a".into()], &["a".into(), "b".into()], true);
        assert_eq!(chosen, ["a", "b"]);
        assert_eq!(with_all(&chosen, &["a".into()], false), ["b"]);
    }

    #[test]
    fn the_filter_reads_both_names_in_any_case() {
        let streamer = Streamer {
            id: "1".into(),
            login: "mira_plays".into(),
            display_name: "ミラ".into(),
            profile_image_url: String::new(),
            live: false,
            subscribed: false,
        };
        assert!(is_meant(&streamer, " MIRA"));
        assert!(is_meant(&streamer, "ミ"));
        assert!(is_meant(&streamer, ""));
        assert!(!is_meant(&streamer, "kite"));
    }
}
