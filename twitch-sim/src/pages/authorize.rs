//! The consent page: which app asks for what, and who one wants to be.

use std::fmt::Write as _;

use super::html::{Page, escape};
use crate::world::Person;

const STYLE: &str = "\
body{display:grid;justify-items:center;padding:clamp(12px,4vw,48px) 12px}\
main{width:100%;max-width:620px;background:var(--surface);border:1px solid var(--line);\
border-radius:14px;padding:clamp(18px,4vw,32px);display:grid;gap:22px}\
.mark{display:inline-block;border:1px solid #6b5320;color:#f3b74c;border-radius:99px;\
padding:2px 10px;font-size:13px;margin-bottom:12px}\
h1{font-size:clamp(19px,4vw,23px);line-height:1.3;overflow-wrap:anywhere}\
h2{font-size:14px;color:var(--muted);font-weight:600;margin-bottom:8px}\
.asks{display:grid;gap:8px}.asks li{padding-left:26px;position:relative}\
.asks li::before{content:\"✓\";position:absolute;left:4px;color:var(--accent)}\
code{color:var(--muted);font-size:13px;overflow-wrap:anywhere}\
.people{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,230px),1fr));gap:8px}\
.people a{display:flex;gap:12px;align-items:center;min-height:48px;padding:6px 10px;\
border:1px solid var(--line);border-radius:10px;background:var(--raised);text-decoration:none}\
.people a:hover{border-color:var(--accent)}\
.people img{border-radius:50%;flex:none;background:var(--line)}\
.people span{min-width:0}.people b,.people i{display:block;overflow:hidden;\
text-overflow:ellipsis;white-space:nowrap}.people b{font-weight:600}\
.people i{font-style:normal;font-size:13px;color:var(--muted)}\
.cancel{justify-self:start;display:inline-flex;align-items:center;min-height:44px;padding:0 18px;\
border:1px solid var(--control);border-radius:10px;text-decoration:none}\
.cancel:hover{background:var(--raised)}\
.note{color:var(--muted);font-size:13.5px}";

/// The page `GET /oauth2/authorize` shows. Every person is a link that repeats
/// the query with `login=<name>`, Cancel one with `deny=1`; the caller must not
/// pass on a query that has either already.
pub fn authorize_page(
    people: &[Person],
    query_string: &str,
    client_name: &str,
    scopes: &[String],
) -> String {
    let link = |key: &str, value: &str| {
        let and = if query_string.is_empty() { "" } else { "&" };
        escape(&format!("?{query_string}{and}{key}={value}"))
    };
    let group = |belongs: &dyn Fn(&Person) -> bool| {
        people
            .iter()
            .filter(|person| belongs(person))
            .map(|person| card(person, &link("login", &person.login)))
            .collect::<String>()
    };
    let is_viewer = |person: &Person| person.login.starts_with("viewer_");
    let is_broadcaster = |person: &Person| !person.broadcaster_type.is_empty();
    let viewers = group(&is_viewer);
    let broadcasters = group(&|person| !is_viewer(person) && is_broadcaster(person));
    let others = group(&|person| !is_viewer(person) && !is_broadcaster(person));
    let app = escape(client_name);

    let mut body = format!(
        "<main><header><span class=\"mark\">Simulated Twitch</span>\
         <h1>{app} wants to access your account</h1></header>\
         <section aria-labelledby=\"asks\"><h2 id=\"asks\">{}</h2>{}</section>\
         <p class=\"note\">No password is needed: nobody here is real. Whoever you choose is \
         signed in to {app} with what is listed above.</p>\
         <a class=\"cancel\" href=\"{}\">Cancel</a>",
        if scopes.is_empty() {
            "It will see"
        } else {
            "It asks to"
        },
        asks(scopes),
        link("deny", "1")
    );
    let groups = [
        ("viewers", "Authorize as a viewer", viewers),
        ("broadcasters", "or as a broadcaster", broadcasters),
        ("others", "or as somebody else", others),
    ];
    for (id, title, people) in groups {
        if !people.is_empty() {
            // Writing to a string cannot fail.
            write!(
                body,
                "<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{title}</h2>\
                 <ul class=\"people\">{people}</ul></section>"
            )
            .unwrap_or_default();
        }
    }
    body.push_str("</main>");

    let title = format!("Authorize {client_name}");
    let page = Page {
        title: &title,
        style: STYLE,
        body: &body,
        script: "",
    };
    let nonce = uuid::Uuid::new_v4().simple().to_string();
    let policy = format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         img-src 'self' data:; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'\">"
    );
    page.render(&nonce)
        .replacen("<meta name=", &format!("{policy}<meta name="), 1)
}

fn card(person: &Person, href: &str) -> String {
    let what = match person.broadcaster_type.as_str() {
        "" => "Viewer",
        "affiliate" => "Affiliate",
        _ => "Partner",
    };
    format!(
        "<li><a href=\"{href}\"><img src=\"/images/avatars/{}.svg\" alt=\"\" width=\"36\" \
         height=\"36\" loading=\"lazy\"><span><b><bdi>{}</bdi></b><i>{what} · {}</i></span></a></li>",
        escape(&person.login),
        escape(&person.display_name),
        escape(&person.login),
    )
}

fn asks(scopes: &[String]) -> String {
    if scopes.is_empty() {
        return "<ul class=\"asks\"><li>Your name and your picture</li></ul>".to_owned();
    }
    let items: String = scopes
        .iter()
        .map(|scope| {
            format!(
                "<li>{} <code>{}</code></li>",
                in_words(scope),
                escape(scope)
            )
        })
        .collect();
    format!("<ul class=\"asks\">{items}</ul>")
}

/// What a scope allows, as the person who grants it would say it.
fn in_words(scope: &str) -> &'static str {
    match scope {
        "user:read:chat" => "Read chat as you",
        "user:read:follows" => "See whom you follow",
        "user:read:email" => "See your email address",
        "user:bot" => "Appear in chat as a bot under your name",
        "channel:bot" => "Let its bot into your channel's chat",
        "channel:read:subscriptions" => "See who subscribes to your channel",
        "bits:read" => "See bits cheered in your channel",
        "channel:read:redemptions" => "See channel point redemptions in your channel",
        "channel:read:polls" => "See polls in your channel",
        "channel:read:predictions" => "See predictions in your channel",
        "channel:read:hype_train" => "See hype trains in your channel",
        "channel:read:goals" => "See goals of your channel",
        "channel:read:ads" => "See when ads run in your channel",
        "channel:read:charity" => "See charity campaigns of your channel",
        "channel:read:vips" => "See the VIPs of your channel",
        "channel:moderate" => "See and act on what moderators do in your channel",
        "moderation:read" => "See moderators and bans of your channel",
        "moderator:read:followers" => "See followers of channels you moderate",
        "moderator:read:shoutouts" => "See shoutouts in channels you moderate",
        "moderator:read:shield_mode" => "See shield mode in channels you moderate",
        "moderator:read:unban_requests" => "See unban requests in channels you moderate",
        "moderator:read:warnings" => "See warnings in channels you moderate",
        "moderator:read:banned_users" => "See bans in channels you moderate",
        "moderator:read:blocked_terms" => "See blocked terms in channels you moderate",
        "moderator:read:chat_messages" => "See deleted messages in channels you moderate",
        "moderator:read:chat_settings" => "See chat settings in channels you moderate",
        "moderator:read:moderators" => "See the moderators of channels you moderate",
        "moderator:read:vips" => "See the VIPs of channels you moderate",
        "moderator:read:suspicious_users" => "See suspicious people in channels you moderate",
        "moderator:read:automod_settings" => "See AutoMod's settings in channels you moderate",
        "moderator:manage:automod" => "Decide on messages AutoMod holds",
        "user:read:whispers" => "Read your whispers",
        _ => "Something else:",
    }
}
