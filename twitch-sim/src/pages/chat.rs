//! A chat that stands in for Twitch's: lines that keep appearing.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::art::{Hand, hue};
use super::embed::{Query, is_login, misconfigured, no_channel};
use super::html::{Page, escape};
use crate::world::CHAT_LINES;

/// How many lines are there from the start.
const FIRST_LINES: usize = 14;

const NAMES: &[&str] = &[
    "Pip",
    "Juno",
    "marble_fox",
    "Teapot_Tim",
    "Bo",
    "Driftwood_Dee",
    "BassoonBaboon",
    "null_pointer_nell",
    "KaffeeKlaus",
    "そらまめ",
    "Yusuf_K",
    "Pebble_Pete",
    "Zuzka99",
    "The_Real_Gnome",
    "ada_likes_trains",
    "Brisket_Brigade",
    "Lilypad_Leo",
    "captcha_failed",
];

const STYLE: &str = "\
:root{--names:72%}\
.light{color-scheme:light;--bg:#fff;--surface:#f6f6f9;--line:#e3e3ec;--text:#17171f;--muted:#585868;\
--accent:#6d3df2;--names:26%}\
html,body{height:100%;overflow:hidden}\
.chat{display:flex;flex-direction:column;height:100vh;background:var(--bg);color:var(--text);font-size:14px}\
h1{font-size:13px;font-weight:600;text-align:center;padding:10px;border-bottom:1px solid var(--line);flex:none}\
.log{flex:1;min-height:0;overflow-y:auto;padding:8px 14px;overscroll-behavior:contain;scrollbar-width:thin}\
.log p{padding:3px 0;overflow-wrap:anywhere;line-height:1.45}\
.log b{font-weight:650;color:hsl(var(--n) 70% var(--names))}\
.new{animation:in .15s ease-out}@keyframes in{from{opacity:0;transform:translateY(6px)}}\
footer{flex:none;border-top:1px solid var(--line);color:var(--muted);font-size:12.5px;padding:10px 14px;text-align:center}\
@media (prefers-reduced-motion:reduce){.new{animation:none}}";

/// Adds a line every few seconds while the page is seen and the reader is at
/// the end; keeps the list short.
const SCRIPT: &str = "\
const log=document.querySelector('.log'),pool=JSON.parse(document.getElementById('pool').textContent);\
const pick=list=>list[Math.floor(Math.random()*list.length)];\
const end=()=>log.scrollHeight-log.scrollTop-log.clientHeight<60;\
log.scrollTop=log.scrollHeight;\
const say=()=>{if(!document.hidden){const stay=end(),p=document.createElement('p'),\
b=document.createElement('b'),t=document.createElement('span'),[name,tone]=pick(pool.names);\
b.textContent=name;b.dir='auto';b.className='n'+tone;t.dir='auto';t.textContent=pick(pool.lines);\
p.className='new';p.append(b,': ',t);log.append(p);\
while(log.children.length>120)log.firstChild.remove();if(stay)log.scrollTop=log.scrollHeight;}\
setTimeout(say,700+Math.random()*3200)};setTimeout(say,900);";

pub(crate) async fn page(login: web::Path<String>, request: HttpRequest) -> HttpResponse {
    let query = Query::parse(request.query_string());
    let Some(ancestors) = query.ancestors() else {
        return misconfigured();
    };
    let login = login.to_lowercase();
    if !is_login(&login) {
        return no_channel(&ancestors);
    }

    let mut hand = Hand::of(&login);
    let mut pick = |list: &[&'static str]| list[hand.index(list.len())];
    let plain: Vec<&str> = CHAT_LINES
        .iter()
        .copied()
        .filter(|line| !line.is_empty())
        .collect();
    let first: String = (0..FIRST_LINES)
        .map(|_| {
            let name = pick(NAMES);
            format!(
                "<p><b dir=\"auto\" class=\"n{}\">{}</b>: <span dir=\"auto\">{}</span></p>",
                tone(name),
                escape(name),
                escape(pick(&plain)),
            )
        })
        .collect();
    let tones: String = (0..12)
        .map(|tone| format!(".n{tone}{{--n:{}}}", tone * 30))
        .collect();
    let names: Vec<_> = NAMES.iter().map(|name| json!([name, tone(name)])).collect();
    // "<" would end the element that holds the JSON.
    let pool = json!({"names": names, "lines": plain})
        .to_string()
        .replace('<', "\\u003c");
    let body = format!(
        "<main class=\"chat{}\"><h1>{} · chat</h1>\
         <div class=\"log\" role=\"log\" aria-live=\"off\" aria-label=\"Chat\" tabindex=\"0\">{first}</div>\
         <footer>Simulated chat</footer></main>\
         <script type=\"application/json\" id=\"pool\">{pool}</script>",
        if query.dark { "" } else { " light" },
        escape(&login),
    );
    let title = format!("{login} · simulated chat");
    Page {
        title: &title,
        style: &format!("{STYLE}{tones}"),
        body: &body,
        script: SCRIPT,
    }
    .respond(StatusCode::OK, Some(&ancestors))
}

/// One of twelve colours for a name.
fn tone(name: &str) -> u64 {
    hue(name) / 30
}
