//! No such page.

use yew::prelude::*;

use crate::app::Route;
use crate::browser::use_title;
use crate::components::link::PageLink;

/// Says so, and leads back.
#[component]
pub fn NotFound() -> Html {
    use_title("Page not found");
    html! {
        <div class="hero">
            <h1>{ "There is no page at this address." }</h1>
            <p>{ "It may have been mistyped, or the page may have moved." }</p>
            <PageLink class="btn primary big" to={Route::Home}>{ "To the start page" }</PageLink>
        </div>
    }
}
