//! Two bundles of one app: the Livestream page's, and the one of all pages.
//!
//! `index.html` loads the one its address needs. When a viewer leaves the
//! Livestream page, the app of the first fetches the second in the same
//! document. Each renders into an element of its own; the newer stays hidden
//! until it knows its viewer, and then takes the place of the older.

use gloo_events::EventListener;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Event;

use crate::app::{App, AppProps};
use crate::browser::document;
use crate::pages::Render;

/// The function of `index.html`: from the name of a bundle to a promise of the
/// function that starts it.
const LOAD: &str = "loadBundle";
/// The bundle of all pages, as `index.html` names it.
const ALL: &str = "all";
/// The class of the elements that apps render into.
const ROOT: &str = "app";
/// Tells the app of an element to end.
const LEAVE: &str = "app-leave";

/// Runs the app with these pages.
pub fn start(pages: Render) {
    let made = document().and_then(|document| {
        let root = document.create_element("div").ok()?;
        root.set_class_name(ROOT);
        root.toggle_attribute_with_force("hidden", !roots().is_empty())
            .ok()?;
        document.body()?.append_child(&root).ok()?;
        Some(root)
    });
    let Some(root) = made else { return };
    let props = AppProps {
        pages: pages.into(),
    };
    let app = yew::Renderer::<App>::with_root_and_props(root.clone(), props).render();
    EventListener::once(&root.clone(), LEAVE, move |_| {
        app.destroy();
        root.remove();
    })
    .forget();
}

/// Shows this app, whose content is there now. Whether it took the place of
/// another, which is gone then.
pub fn settle() -> bool {
    let roots = roots();
    let [older, newer] = &roots[..] else {
        return false;
    };
    if let Ok(leave) = Event::new(LEAVE) {
        drop(older.dispatch_event(&leave));
    }
    drop(newer.remove_attribute("hidden"));
    true
}

/// Fetches the bundle of all pages and starts it. Dropping the future before
/// it is there leaves it alone.
///
/// # Errors
/// When it cannot be had.
pub async fn fetch_all() -> Result<(), JsValue> {
    let window = JsValue::from(web_sys::window());
    let load: Function = Reflect::get(&window, &LOAD.into())?.dyn_into()?;
    let loading: Promise = load.call1(&window, &ALL.into())?.dyn_into()?;
    let start: Function = JsFuture::from(loading).await?.dyn_into()?;
    let starting: Promise = start.call0(&window)?.dyn_into()?;
    JsFuture::from(starting).await?;
    Ok(())
}

/// Where apps render, in the order they were started.
fn roots() -> Vec<web_sys::Element> {
    let found = document().map(|document| document.get_elements_by_class_name(ROOT));
    found
        .map(|found| {
            (0..found.length())
                .filter_map(|at| found.item(at))
                .collect()
        })
        .unwrap_or_default()
}
