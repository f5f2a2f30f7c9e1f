//! The tabs of the livestream page on a narrow screen.

use yew::prelude::*;

use crate::browser::focus;

/// What a narrow screen shows below the player.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Events,
    Chat,
    About,
}

impl Tab {
    const ALL: [Self; 3] = [Self::Events, Self::Chat, Self::About];

    const fn label(self) -> &'static str {
        match self {
            Self::Events => "Events",
            Self::Chat => "Chat",
            Self::About => "About",
        }
    }

    const fn tab_id(self) -> &'static str {
        match self {
            Self::Events => "tab-events",
            Self::Chat => "tab-chat",
            Self::About => "tab-about",
        }
    }

    /// Id of the panel it opens.
    pub(super) const fn panel_id(self) -> &'static str {
        match self {
            Self::Events => "panel-events",
            Self::Chat => "panel-chat",
            Self::About => "panel-about",
        }
    }

    /// The tab the key leads to, round at the ends.
    fn after_key(self, key: &str) -> Option<Self> {
        let at = Self::ALL.iter().position(|tab| *tab == self)?;
        let last = Self::ALL.len() - 1;
        let to = match key {
            "ArrowRight" => (at + 1) % Self::ALL.len(),
            "ArrowLeft" => at.checked_sub(1).unwrap_or(last),
            "Home" => 0,
            "End" => last,
            _ => return None,
        };
        Self::ALL.get(to).copied()
    }
}

/// What makes a section a panel of the tabs, when there are tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PanelRole {
    pub role: Option<&'static str>,
    pub labelledby: Option<&'static str>,
    pub is_hidden: bool,
}

/// The attributes of a tab's panel.
pub(super) fn panel_role(tab: Tab, selected: Tab, has_tabs: bool) -> PanelRole {
    PanelRole {
        role: has_tabs.then_some("tabpanel"),
        labelledby: has_tabs.then_some(tab.tab_id()),
        is_hidden: has_tabs && tab != selected,
    }
}

/// One stop for the Tab key; the arrows move between the tabs.
pub(super) fn render_tabs(selected: Tab, on_select: &Callback<Tab>) -> Html {
    let onkeydown = {
        let on_select = on_select.clone();
        Callback::from(move |event: KeyboardEvent| {
            let Some(next) = selected.after_key(&event.key()) else {
                return;
            };
            event.prevent_default();
            on_select.emit(next);
            focus(&format!("#{}", next.tab_id()));
        })
    };
    html! {
        <div class="tabs" role="tablist" aria-label="Stream" {onkeydown}>
            { for Tab::ALL.into_iter().map(|tab| render_tab(tab, tab == selected, on_select)) }
        </div>
    }
}

fn render_tab(tab: Tab, is_selected: bool, on_select: &Callback<Tab>) -> Html {
    let onclick = on_select.reform(move |_: MouseEvent| tab);
    html! {
        <button
            type="button"
            role="tab"
            id={tab.tab_id()}
            aria-selected={is_selected.to_string()}
            aria-controls={tab.panel_id()}
            tabindex={if is_selected { "0" } else { "-1" }}
            {onclick}
        >
            { tab.label() }
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round() {
        assert_eq!(Tab::Events.after_key("ArrowRight"), Some(Tab::Chat));
        assert_eq!(Tab::About.after_key("ArrowRight"), Some(Tab::Events));
        assert_eq!(Tab::Events.after_key("ArrowLeft"), Some(Tab::About));
        assert_eq!(Tab::Chat.after_key("Home"), Some(Tab::Events));
        assert_eq!(Tab::Chat.after_key("End"), Some(Tab::About));
        assert_eq!(Tab::Chat.after_key("a"), None);
    }

    #[test]
    fn without_tabs_nothing_is_hidden() {
        assert!(!panel_role(Tab::Chat, Tab::Events, false).is_hidden);
        assert!(panel_role(Tab::Chat, Tab::Events, true).is_hidden);
    }
}
