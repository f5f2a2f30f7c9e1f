//! Writing HTML: escaping, and the frame that all pages share.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};

/// Text that is safe between tags and within quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// The tokens of all pages: dark, calm, contrast of 4.5 and more.
const TOKENS: &str = "\
:root{color-scheme:dark;--bg:#0d0d11;--surface:#15151b;--raised:#1c1c24;--line:#2a2a35;\
--control:#6d6d82;--text:#ececf2;--muted:#a0a0b0;--accent:#a78bfa;--on-accent:#14101f;--live:#d9203a}\
*{box-sizing:border-box}html,body{margin:0;min-height:100%}\
body{background:var(--bg);color:var(--text);\
font:15px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",sans-serif}\
h1,h2,p,ul{margin:0;padding:0}ul{list-style:none}a{color:inherit}\
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}";

/// One page. `style` and `script` are ours, `body` is HTML already.
#[derive(Debug, Default)]
pub(crate) struct Page<'a> {
    pub(crate) title: &'a str,
    pub(crate) style: &'a str,
    pub(crate) body: &'a str,
    pub(crate) script: &'a str,
}

impl Page<'_> {
    /// The document; inline style and script carry the nonce.
    pub(crate) fn render(&self, nonce: &str) -> String {
        let script = if self.script.is_empty() {
            String::new()
        } else {
            format!("<script nonce=\"{nonce}\">{}</script>", self.script)
        };
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <title>{}</title><link rel=\"icon\" href=\"data:,\">\
             <style nonce=\"{nonce}\">{TOKENS}{}</style></head><body>{}{script}</body></html>\n",
            escape(self.title),
            self.style,
            self.body,
        )
    }

    /// The document as an answer that allows itself nothing but what it holds;
    /// `ancestors` names who may frame it, if that is limited.
    pub(crate) fn respond(&self, status: StatusCode, ancestors: Option<&str>) -> HttpResponse {
        let nonce = uuid::Uuid::new_v4().simple().to_string();
        let ancestors =
            ancestors.map_or_else(String::new, |hosts| format!("; frame-ancestors {hosts}"));
        let policy = format!(
            "default-src 'none'; img-src 'self' data:; style-src 'nonce-{nonce}'; \
             script-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'{ancestors}"
        );
        HttpResponse::build(status)
            .insert_header(ContentType::html())
            .insert_header((header::CONTENT_SECURITY_POLICY, policy))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::REFERRER_POLICY, "no-referrer"))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(self.render(&nonce))
    }
}
