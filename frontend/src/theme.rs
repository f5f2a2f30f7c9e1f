//! Dark or light: what was chosen, what the system asks for, what is shown.
//!
//! `index.html` applies the same rule before the first paint; the two agree on
//! the storage key and on the `data-theme` attribute.

use gloo_events::EventListener;
use yew::prelude::*;

use crate::hooks::use_effect_with;

const KEY: &str = "theme";
const SYSTEM_IS_LIGHT: &str = "(prefers-color-scheme: light)";

/// What the viewer chose for this browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    System,
    /// Always dark.
    Dark,
    /// Always light.
    Light,
}

impl Theme {
    /// Every choice, in the order shown.
    pub const ALL: [Self; 3] = [Self::System, Self::Dark, Self::Light];

    /// The choice in a word.
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Dark => "Dark",
            Self::Light => "Light",
        }
    }

    /// As kept in the browser's storage.
    pub const fn key(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }

    fn from_key(key: Option<&str>) -> Self {
        match key {
            Some("dark") => Self::Dark,
            Some("light") => Self::Light,
            _ => Self::System,
        }
    }

    /// The choice kept in this browser.
    pub fn stored() -> Self {
        let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        Self::from_key(kept.as_deref())
    }

    /// Keeps the choice and shows it. Where storage is refused it holds until
    /// the page is left.
    pub fn choose(self) {
        if let Some(storage) = storage() {
            drop(storage.set_item(KEY, self.key()));
        }
        self.show();
    }

    fn show(self) {
        let shown = match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::System if system_is_light() => "light",
            Self::System => "dark",
        };
        if let Some(root) = root_element() {
            drop(root.set_attribute("data-theme", shown));
        }
    }
}

/// Follows the system and the other tabs of this browser. For the shell.
#[hook]
pub fn use_theme_upkeep() {
    use_effect_with((), |()| {
        let window = web_sys::window();
        let system = window
            .as_ref()
            .and_then(|window| window.match_media(SYSTEM_IS_LIGHT).ok().flatten())
            .map(|query| EventListener::new(&query, "change", |_| Theme::stored().show()));
        let tabs =
            window.map(|window| EventListener::new(&window, "storage", |_| Theme::stored().show()));
        move || drop((system, tabs))
    });
}

fn system_is_light() -> bool {
    web_sys::window()
        .and_then(|window| window.match_media(SYSTEM_IS_LIGHT).ok().flatten())
        .is_some_and(|query| query.matches())
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn root_element() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_choice_reads_back_and_anything_else_is_the_system() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_key(Some(theme.key())), theme);
        }
        assert_eq!(Theme::from_key(None), Theme::System);
        assert_eq!(Theme::from_key(Some("sepia")), Theme::System);
    }
}
