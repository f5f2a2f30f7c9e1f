//! The account and this browser: what is granted, kept, shown.

mod account;
mod appearance;
mod collecting;
mod leaving;
mod tokens;

use yew::prelude::*;

use crate::browser::use_title;
use account::Account;
use appearance::Appearance;
use collecting::Collecting;
use leaving::Leaving;
use tokens::Tokens;

/// One section a subject.
#[component]
pub fn Settings() -> Html {
    use_title("Settings");
    html! {
        <div class="page narrow settings">
            <h1>{ "Settings" }</h1>
            <Account />
            <Collecting />
            <Appearance />
            <Tokens />
            <Leaving />
        </div>
    }
}

/// Properties of [`Section`].
#[derive(Properties, PartialEq)]
struct SectionProps {
    title: AttrValue,
    /// For the heading, so that the section is called by it.
    id: AttrValue,
    children: Html,
}

#[component]
fn Section(props: &SectionProps) -> Html {
    html! {
        <section class="settings-section" aria-labelledby={props.id.clone()}>
            <h2 id={props.id.clone()}>{ props.title.clone() }</h2>
            { props.children.clone() }
        </section>
    }
}
