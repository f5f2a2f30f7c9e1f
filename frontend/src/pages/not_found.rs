//! No such page.

use yew::prelude::*;

use crate::components::link::PageLink;
use crate::components::title::Title;
use crate::route::Route;

/// Says so, and leads back.
pub fn not_found() -> Html {
    html! {
        <div class="hero">
            <Title text="Page not found" />
            <h1>{ "There is no page at this address." }</h1>
            <p>{ "It may have been mistyped, or the page may have moved." }</p>
            <PageLink class="btn primary big" to={Route::Home}>{ "To the start page" }</PageLink>
        </div>
    }
}
