//! The account and this browser: what is granted, kept, shown.

mod account;
mod appearance;
mod collecting;
mod connecting;
mod leaving;
mod tokens;

use yew::prelude::*;

use crate::browser::use_title;
use crate::session::use_session;
use account::render_account;
use appearance::use_appearance;
use collecting::use_collecting;
use connecting::use_connecting;
use leaving::use_leaving;
use tokens::use_tokens;

/// One section a subject.
#[component]
pub fn Settings() -> Html {
    use_title("Settings");
    let session = use_session();
    let collecting = use_collecting();
    let appearance = use_appearance();
    let connecting = use_connecting();
    let tokens = use_tokens();
    let leaving = use_leaving();
    html! {
        <div class="page narrow settings">
            <h1>{ "Settings" }</h1>
            if let Some(me) = session.me() {
                { render_account(me) }
            }
            { collecting }
            { appearance }
            { connecting }
            { tokens }
            { leaving }
        </div>
    }
}

/// A section that is called by its heading, which has the id.
fn section(title: &'static str, id: &'static str, content: Html) -> Html {
    html! {
        <section class="settings-section" aria-labelledby={id}>
            <h2 id={id}>{ title }</h2>
            { content }
        </section>
    }
}
