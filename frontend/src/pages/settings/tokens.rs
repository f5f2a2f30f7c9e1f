//! API tokens: list, make, delete. A secret is shown once, right after it is made.

use web_sys::HtmlInputElement;
use wire::{ApiToken, CreatedToken};
use yew::prelude::*;

use super::section;
use crate::action::use_action;
use crate::components::confirm_dialog::{Confirm, confirm_dialog};
use crate::components::copy_button::CopyButton;
use crate::components::notice::{Tone, notice};
use crate::components::states::{load_failed, loading};
use crate::components::time_ago::TimeAgo;
use crate::hooks::use_state;
use crate::remote::{Remote, use_remote};

/// The longest name the server takes.
const LONGEST_NAME: &str = "100";

/// The viewer's tokens.
#[hook]
pub(super) fn use_tokens() -> Html {
    let tokens = use_remote((), |api, ()| async move { api.tokens().await });
    let made = use_state(|| None::<CreatedToken>);
    let deleting = use_state(|| None::<ApiToken>);

    let on_made = {
        let (tokens, made) = (tokens.clone(), made.clone());
        Callback::from(move |token: CreatedToken| {
            let listed = ApiToken {
                id: token.id.clone(),
                name: token.name.clone(),
                created_at: token.created_at.clone(),
            };
            tokens.change(move |held: &Vec<ApiToken>| {
                std::iter::once(listed)
                    .chain(held.iter().cloned())
                    .collect()
            });
            made.set(Some(token));
        })
    };
    let new_token = use_new_token(on_made);
    let delete = {
        let (tokens, made, deleting) = (tokens.clone(), made.clone(), deleting.clone());
        use_action(
            |api, id: String| async move { api.delete_token(&id).await.map(|()| id) },
            Callback::from(move |id: String| {
                if made.as_ref().is_some_and(|token| token.id == id) {
                    made.set(None);
                }
                tokens.change(move |held: &Vec<ApiToken>| {
                    held.iter()
                        .filter(|token| token.id != id)
                        .cloned()
                        .collect()
                });
                deleting.set(None);
            }),
        )
    };
    let ask = {
        let (deleting, delete) = (deleting.clone(), delete.clone());
        Callback::from(move |token: ApiToken| {
            delete.clear();
            deleting.set(Some(token));
        })
    };
    let dismiss = {
        let deleting = deleting.clone();
        Callback::from(move |()| deleting.set(None))
    };
    let content = html! {
        <>
            <p class="muted">
                { "For scripts of yours: a token reads and changes what you can, and works after you log out." }
            </p>
            { new_token }
            if let Some(token) = &*made {
                { render_secret(token) }
            }
            { match tokens.get() {
                Remote::Loading => loading("your tokens", html! { <span class="bone bone-row" /> }),
                Remote::Failed(error) => load_failed("Your tokens", error, &tokens.on_retry()),
                Remote::Ready(held) if held.is_empty() => html! {
                    <p class="muted small">{ "No tokens yet." }</p>
                },
                Remote::Ready(held) => render_tokens(held, &ask),
            } }
            if let Some(token) = (*deleting).clone() {
                { confirm_dialog(Confirm {
                    title: format!("Delete the token “{}”?", token.name).into(),
                    confirm: "Delete token",
                    is_busy: delete.is_busy(),
                    error: delete.error().cloned(),
                    on_confirm: delete.on_run().reform(move |()| token.id.clone()),
                    on_close: dismiss,
                    text: html! {
                        <p>{ "Whatever uses it stops working at once. This cannot be undone." }</p>
                    },
                }) }
            }
        </>
    };
    section("API tokens", "tokens", content)
}

fn render_tokens(tokens: &[ApiToken], on_delete: &Callback<ApiToken>) -> Html {
    let on_delete = |token: &ApiToken| {
        let token = token.clone();
        on_delete.reform(move |_: MouseEvent| token.clone())
    };
    html! {
        <ul class="tokens">
            for token in tokens {
                <li key={token.id.clone()}>
                    <span class="cut"><b>{ &token.name }</b></span>
                    <span class="muted small">
                        { "made " }
                        <TimeAgo at={token.created_at.clone()} in_words=true />
                    </span>
                    <span class="grow" />
                    <button
                        type="button"
                        class="btn"
                        aria-label={format!("Delete token {}", token.name)}
                        onclick={on_delete(token)}
                    >
                        { "Delete" }
                    </button>
                </li>
            }
        </ul>
    }
}

/// The form that makes one.
#[hook]
fn use_new_token(on_made: Callback<CreatedToken>) -> Html {
    let name = use_state(String::new);
    let create = {
        let name = name.clone();
        use_action(
            |api, name: String| async move { api.create_token(&name).await },
            Callback::from(move |token| {
                name.set(String::new());
                on_made.emit(token);
            }),
        )
    };
    let onsubmit = {
        let (name, create) = (name.clone(), create.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !create.is_busy() {
                create.run(name.trim().to_owned());
            }
        })
    };
    let oninput = {
        let (name, create) = (name.clone(), create.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                name.set(field.value());
                create.clear();
            }
        })
    };
    html! {
        <form class="new-token" {onsubmit}>
            <div class="field">
                <input
                    type="text"
                    aria-label="Name of the new token"
                    placeholder="Name, such as the script it is for"
                    autocomplete="off"
                    required=true
                    maxlength={LONGEST_NAME}
                    value={(*name).clone()}
                    {oninput}
                />
            </div>
            <button type="submit" class="btn tall" disabled={name.trim().is_empty()}>
                { "Create token" }
            </button>
            if let Some(error) = create.error() {
                { notice(Tone::Error, html! { { format!("No token was made. {}", error.message()) } }) }
            }
        </form>
    }
}

fn render_secret(token: &CreatedToken) -> Html {
    html! {
        <div class="secret" role="status">
            <p>
                <b>{ format!("The secret of “{}”.", token.name) }</b>
                { " Copy it now: it is not shown again." }
            </p>
            <div class="secret-line">
                <code>{ &token.token }</code>
                <CopyButton text={token.token.clone()} label="Copy secret" />
            </div>
        </div>
    }
}
