//! A player that stands in for Twitch's: moving pictures made of CSS alone.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::art::{hue, initials};
use super::embed::{Query, is_login, misconfigured, no_channel};
use super::html::{Page, escape};

const STYLE: &str = "\
html,body{height:100%;overflow:hidden;background:#000}\
.player{position:relative;width:100vw;height:100vh;overflow:hidden;container-type:size;\
background:linear-gradient(160deg,hsl(var(--h) 45% 16%),hsl(calc(var(--h) + 50) 50% 9%))}\
.scene{position:absolute;inset:0}\
.sun{position:absolute;width:34cqmin;aspect-ratio:1;left:58%;top:16%;border-radius:50%;\
background:radial-gradient(circle at 35% 30%,hsl(calc(var(--h) + 60) 95% 86%),hsl(calc(var(--h) + 30) 80% 58%));\
animation:rise 22s ease-in-out infinite alternate}\
.wave{position:absolute;left:-60%;width:220%;height:70%;border-radius:46%;\
animation:sway 17s ease-in-out infinite alternate}\
.w1{top:58%;background:hsl(var(--h) 48% 30%)}\
.w2{top:69%;background:hsl(calc(var(--h) + 16) 48% 22%);animation-duration:12s;animation-direction:alternate-reverse}\
.w3{top:81%;background:hsl(calc(var(--h) + 32) 46% 14%);animation-duration:9s}\
.glint{position:absolute;inset:-40%;background:conic-gradient(from 40deg at 60% 40%,#fff0,#ffffff14,#fff0 22%,#ffffff0d 40%,#fff0 60%);\
animation:spin 60s linear infinite}\
@keyframes rise{to{transform:translate(-46cqw,6cqh) scale(.86)}}\
@keyframes sway{from{transform:translateX(-7%) rotate(-1.6deg)}to{transform:translateX(9%) rotate(1.8deg)}}\
@keyframes spin{to{transform:rotate(1turn)}}\
@keyframes beat{50%{opacity:.35}}@keyframes hop{from{height:20%}to{height:100%}}\
.top{position:absolute;inset:0 0 auto;padding:14px 16px 40px;display:flex;gap:12px;align-items:center;\
background:linear-gradient(#000b,#0000)}\
.face{width:42px;height:42px;flex:none;border-radius:50%;display:grid;place-items:center;font-weight:650;\
background:hsl(var(--h) 62% 36%);color:#fff;border:2px solid #ffffff59}\
h1{font-size:clamp(15px,4.2cqw,21px);line-height:1.2;color:#fff;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;min-width:0}\
.live{display:inline-flex;align-items:center;gap:6px;background:var(--live);color:#fff;font-weight:700;\
font-size:12.5px;letter-spacing:.04em;border-radius:5px;padding:2px 8px;flex:none}\
.live::before{content:\"\";width:7px;height:7px;border-radius:50%;background:#fff;animation:beat 2s infinite}\
.bottom{position:absolute;inset:auto 0 0;padding:44px 16px 12px;display:flex;gap:12px;align-items:center;\
background:linear-gradient(#0000,#000c);color:#fff;font-size:13.5px}\
.bottom p{min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}\
.grow{flex:1}\
#play{position:absolute;opacity:0;width:44px;height:44px;left:10px;bottom:6px;margin:0;cursor:pointer;z-index:2}\
.toggle{width:44px;height:44px;flex:none;margin:-6px;display:grid;place-items:center;border-radius:8px}\
.toggle svg{width:20px;fill:#fff}.toggle .go{display:none}\
#play:focus-visible~.bottom .toggle{outline:2px solid var(--accent);outline-offset:-2px}\
#play:not(:checked)~.bottom .go{display:block}#play:not(:checked)~.bottom .halt{display:none}\
#play:not(:checked)~.scene *,#play:not(:checked)~.bottom .bars i{animation-play-state:paused}\
#play:not(:checked)~.scene{filter:saturate(.5) brightness(.6)}\
.bars{display:flex;gap:3px;height:16px;align-items:end}\
.bars i{width:3px;height:40%;background:#fff;border-radius:2px;animation:hop .9s ease-in-out infinite alternate}\
.bars i:nth-child(2){animation-duration:.6s}.bars i:nth-child(3){animation-duration:1.1s}\
.bars i:nth-child(4){animation-duration:.75s}\
.muted .bars{opacity:.35}.muted .bars i{animation:none;height:12%}\
@container (max-width:330px){.hint{display:none}}\
@media (prefers-reduced-motion:reduce){*,*::before{animation:none!important}}";

pub(crate) async fn page(request: HttpRequest) -> HttpResponse {
    let query = Query::parse(request.query_string());
    let Some(ancestors) = query.ancestors() else {
        return misconfigured();
    };
    let Some(channel) = query.channel.as_deref().filter(|login| is_login(login)) else {
        return no_channel(&ancestors);
    };
    let style = format!("{STYLE}:root{{--h:{}}}", hue(channel));
    let name = escape(channel);
    let body = format!(
        "<main class=\"player{}\">\
         <input id=\"play\" type=\"checkbox\" aria-label=\"Play\"{}>\
         <div class=\"scene\" aria-hidden=\"true\"><div class=\"glint\"></div><div class=\"sun\"></div>\
         <div class=\"wave w1\"></div><div class=\"wave w2\"></div><div class=\"wave w3\"></div></div>\
         <div class=\"top\"><span class=\"face\" aria-hidden=\"true\">{}</span><h1>{name}</h1>\
         <span class=\"live\">LIVE</span></div>\
         <div class=\"bottom\"><span class=\"toggle\" aria-hidden=\"true\">\
         <svg class=\"halt\" viewBox=\"0 0 20 20\"><path d=\"M4 3h4v14H4zM12 3h4v14h-4z\"/></svg>\
         <svg class=\"go\" viewBox=\"0 0 20 20\"><path d=\"M5 3v14l12-7z\"/></svg></span>\
         <span class=\"bars\" aria-hidden=\"true\"><i></i><i></i><i></i><i></i></span>\
         <p>{}</p><span class=\"grow\"></span><p class=\"hint\">Simulated video</p></div></main>",
        if query.muted { " muted" } else { "" },
        if query.autoplay { " checked" } else { "" },
        escape(&initials(channel)),
        if query.muted { "Muted" } else { "Sound on" },
    );
    let title = format!("{channel} · simulated player");
    Page {
        title: &title,
        style: &style,
        body: &body,
        script: "",
    }
    .respond(StatusCode::OK, Some(&ancestors))
}
