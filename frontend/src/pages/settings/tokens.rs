//! API tokens: list, make, delete. A secret is shown once, right after it is made.

use web_sys::HtmlInputElement;
use wire::{ApiToken, CreatedToken};
use yew::prelude::*;

use super::Section;
use crate::action::use_action;
use crate::components::confirm_dialog::ConfirmDialog;
use crate::components::copy_button::CopyButton;
use crate::components::notice::{Notice, Tone};
use crate::components::states::{LoadFailed, Loading};
use crate::components::time_ago::TimeAgo;
use crate::remote::{Remote, use_remote};

/// The longest name the server takes.
const LONGEST_NAME: &str = "100";

/// The viewer's tokens.
#[component]
pub(super) fn Tokens() -> Html {
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
    html! {
        <Section title="API tokens" id="tokens">
            <p class="muted">
                { "For scripts of yours: a token reads and changes what you can, and works after you log out." }
            </p>
            <NewToken {on_made} />
            if let Some(token) = &*made {
                <Secret token={token.clone()} />
            }
            { match tokens.get() {
                Remote::Loading => html! {
                    <Loading what="your tokens"><span class="bone bone-row" /></Loading>
                },
                Remote::Failed(error) => html! {
                    <LoadFailed what="Your tokens" error={error.clone()} on_retry={tokens.on_retry()} />
                },
                Remote::Ready(held) if held.is_empty() => html! {
                    <p class="muted small">{ "No tokens yet." }</p>
                },
                Remote::Ready(held) => html! { <TokenList tokens={(**held).clone()} on_delete={ask} /> },
            } }
            if let Some(token) = (*deleting).clone() {
                <ConfirmDialog
                    title={format!("Delete the token “{}”?", token.name)}
                    confirm="Delete token"
                    busy={delete.is_busy()}
                    error={delete.error().cloned()}
                    on_confirm={delete.on_run().reform(move |()| token.id.clone())}
                    on_close={dismiss}
                >
                    <p>{ "Whatever uses it stops working at once. This cannot be undone." }</p>
                </ConfirmDialog>
            }
        </Section>
    }
}

#[derive(Properties, PartialEq)]
struct TokenListProps {
    tokens: Vec<ApiToken>,
    on_delete: Callback<ApiToken>,
}

#[component]
fn TokenList(props: &TokenListProps) -> Html {
    let on_delete = |token: &ApiToken| {
        let token = token.clone();
        props.on_delete.reform(move |_: MouseEvent| token.clone())
    };
    html! {
        <ul class="tokens">
            for token in &props.tokens {
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

#[derive(Properties, PartialEq)]
struct NewTokenProps {
    on_made: Callback<CreatedToken>,
}

#[component]
fn NewToken(props: &NewTokenProps) -> Html {
    let name = use_state(String::new);
    let create = {
        let name = name.clone();
        let on_made = props.on_made.clone();
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
                <Notice tone={Tone::Error}>
                    { format!("No token was made. {}", error.message()) }
                </Notice>
            }
        </form>
    }
}

#[derive(Properties, PartialEq)]
struct SecretProps {
    token: CreatedToken,
}

#[component]
fn Secret(props: &SecretProps) -> Html {
    html! {
        <div class="secret" role="status">
            <p>
                <b>{ format!("The secret of “{}”.", props.token.name) }</b>
                { " Copy it now: it is not shown again." }
            </p>
            <div class="secret-line">
                <code>{ &props.token.token }</code>
                <CopyButton text={props.token.token.clone()} label="Copy secret" />
            </div>
        </div>
    }
}
