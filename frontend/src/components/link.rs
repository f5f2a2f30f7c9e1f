//! Links between pages, which never load a page.

use yew::prelude::*;

use crate::route::Route;
use crate::router::use_router;

/// Properties of [`PageLink`].
#[derive(Properties, PartialEq)]
pub struct PageLinkProps {
    pub to: Route,
    #[prop_or_default]
    pub class: Classes,
    /// It leads to the page that is shown.
    #[prop_or_default]
    pub current: bool,
    #[prop_or_default]
    pub role: Option<AttrValue>,
    #[prop_or_default]
    pub tabindex: Option<AttrValue>,
    #[prop_or_default]
    pub onclick: Callback<()>,
    #[prop_or_default]
    pub anchor: NodeRef,
    pub children: Html,
}

/// A link to a page of this app; a click with a modifier key is the browser's.
#[component]
pub fn PageLink(props: &PageLinkProps) -> Html {
    let router = use_router();
    let onclick = {
        let to = props.to.clone();
        let after = props.onclick.clone();
        Callback::from(move |event: MouseEvent| {
            if event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key() {
                return;
            }
            event.prevent_default();
            router.push(&to);
            after.emit(());
        })
    };
    html! {
        <a
            class={props.class.clone()}
            href={props.to.path()}
            aria-current={props.current.then_some("page")}
            role={props.role.clone()}
            tabindex={props.tabindex.clone()}
            ref={props.anchor.clone()}
            {onclick}
        >
            { props.children.clone() }
        </a>
    }
}
