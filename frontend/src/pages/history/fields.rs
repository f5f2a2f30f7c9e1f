//! Fields of the filter: they show what the address says, and what is wrong with it.

use gloo_timers::callback::Timeout;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::icon::{Glyph, icon};
use crate::hooks::{use_effect_with, use_state_eq};

/// Fields for times change with each digit that is typed; this long after the
/// last one the time is meant.
const MEANT_MS: u32 = 700;

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Text,
    Number,
    Search,
    Date,
    Moment,
}

impl Takes {
    const fn input_type(self) -> &'static str {
        match self {
            // What is no number is the server's to refuse, and has to be seen.
            Self::Text | Self::Number => "text",
            Self::Search => "search",
            Self::Date => "date",
            Self::Moment => "datetime-local",
        }
    }

    const fn is_time(self) -> bool {
        matches!(self, Self::Date | Self::Moment)
    }
}

/// Properties of [`FilterField`].
#[derive(Properties, PartialEq)]
pub(super) struct FilterFieldProps {
    pub name: &'static str,
    pub label: &'static str,
    /// Otherwise it is for a screen reader alone.
    #[prop_or_default]
    pub is_label_shown: bool,
    pub takes: Takes,
    pub value: AttrValue,
    /// Why the value is not taken.
    #[prop_or_default]
    pub refused: Option<AttrValue>,
    #[prop_or_default]
    pub glyph: Option<Glyph>,
    pub on_change: Callback<String>,
}

/// Tells what stands in it when that is finished: by Enter, or by going elsewhere.
#[component]
pub(super) fn FilterField(props: &FilterFieldProps) -> Html {
    // What is typed and not told yet. The page is drawn again meanwhile.
    let draft = use_state_eq(|| None::<String>);
    let takes = props.takes;
    {
        let draft = draft.clone();
        use_effect_with(props.value.clone(), move |_| draft.set(None));
    }
    let commit = {
        let (draft, on_change) = (draft.clone(), props.on_change.clone());
        move || {
            if let Some(typed) = (*draft).clone() {
                draft.set(None);
                on_change.emit(typed);
            }
        }
    };
    {
        let (commit, meant) = (commit.clone(), (*draft).clone());
        use_effect_with(meant, move |draft| {
            let timer =
                (takes.is_time() && draft.is_some()).then(|| Timeout::new(MEANT_MS, commit));
            move || drop(timer)
        });
    }
    let oninput = {
        let (draft, on_change) = (draft.clone(), props.on_change.clone());
        Callback::from(move |event: InputEvent| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            // The cross in a search field means what it says.
            if takes == Takes::Search && input.value().is_empty() {
                draft.set(None);
                on_change.emit(String::new());
            } else {
                draft.set(Some(input.value()));
            }
        })
    };
    let onblur = {
        let commit = commit.clone();
        Callback::from(move |_: FocusEvent| commit())
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            commit();
        }
    });
    let value = draft
        .as_ref()
        .map_or_else(|| props.value.clone(), |typed| typed.clone().into());
    let refusal_id = format!("refused-{}", props.name);
    html! {
        <div class={classes!("filter", format!("filter-{}", props.name))}>
            <label>
                <span class={if props.is_label_shown { "filter-label" } else { "only-read" }}>
                    { props.label }
                </span>
                <span class={classes!("field", props.refused.as_ref().map(|_| "is-refused"))}>
                    if let Some(glyph) = props.glyph {
                        { icon(glyph) }
                    }
                    <input
                        type={takes.input_type()}
                        name={props.name}
                        placeholder={(!props.is_label_shown).then_some(props.label)}
                        autocomplete="off"
                        spellcheck="false"
                        inputmode={(takes == Takes::Number).then_some("numeric")}
                        step={(takes == Takes::Moment).then_some("1")}
                        aria-invalid={props.refused.as_ref().map(|_| "true")}
                        aria-describedby={props.refused.as_ref().map(|_| refusal_id.clone())}
                        {value}
                        {oninput}
                        {onblur}
                        {onkeydown}
                    />
                </span>
            </label>
            { refused(&refusal_id, props.refused.as_deref()) }
        </div>
    }
}

/// What is wrong, at the field it is wrong with.
pub(super) fn refused(id: &str, reason: Option<&str>) -> Html {
    html! {
        if let Some(reason) = reason {
            <p class="filter-refused small" role="alert" id={id.to_owned()}>
                { format!("Not taken: {reason}.") }
            </p>
        }
    }
}
