//! One live stream kept open: connect, read, notice silence, wait, try again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_net::http::{Request, Response};
use gloo_timers::callback::Interval;
use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestCache, RequestCredentials};

use super::backoff::delay_ms;
use super::resume::{Effect, ResumePoint};
use super::sse::{Message, Parser};
use super::{LiveItem, Phase};
use crate::api::{API_BASE, Api};

/// The server sends a heartbeat at least every 15 s; after this long without a
/// byte the connection is dead, whatever the network says.
const SILENCE_MS: f64 = 40_000.0;
/// When the reader comes back to the page, a missed heartbeat is enough.
const SILENCE_ON_WAKE_MS: f64 = 17_000.0;
/// How often silence is looked for.
const WATCH_MS: u32 = 5_000;

/// What the connection tells its owner.
pub(super) enum Notice {
    Phase(Phase),
    /// What was listed before may not join up with what follows.
    Fresh,
    Item(LiveItem),
}

/// How one attempt ended.
enum End {
    /// The session is gone.
    Unauthorized,
    /// Broken, refused or never opened; the server may ask for a pause.
    Lost { pause_ms: u32 },
}

/// What the timers and listeners outside the loop share with it.
#[derive(Default)]
struct Shared {
    /// Ends the attempt that is under way.
    abort: RefCell<Option<AbortController>>,
    /// Ends the wait that is under way.
    resolve: RefCell<Option<js_sys::Function>>,
    last_byte_ms: Cell<f64>,
}

impl Shared {
    fn abort_if_silent_for(&self, limit_ms: f64) {
        if js_sys::Date::now() - self.last_byte_ms.get() < limit_ms {
            return;
        }
        if let Some(controller) = self.abort.borrow().as_ref() {
            controller.abort();
        }
    }
}

/// Cuts waits short; cheap to clone.
#[derive(Clone)]
pub(super) struct Waker(Rc<Shared>);

impl Waker {
    /// Tries at once if a retry is being waited for, and gives up a connection
    /// that has missed a heartbeat.
    pub(super) fn wake(&self) {
        self.0.abort_if_silent_for(SILENCE_ON_WAKE_MS);
        let resolve = self.0.resolve.take();
        if let Some(resolve) = resolve {
            // A promise's resolver neither throws nor returns anything.
            resolve.call0(&JsValue::UNDEFINED).ok();
        }
    }
}

/// Ends the request when its attempt ends, also when the future is dropped.
struct Open(Rc<Shared>);

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(controller) = self.0.abort.take() {
            controller.abort();
        }
    }
}

/// The connection and what it remembers between attempts.
pub(super) struct Connection<F> {
    shared: Rc<Shared>,
    point: ResumePoint,
    failures: u32,
    tell: F,
}

impl<F: Fn(Notice)> Connection<F> {
    pub(super) fn new(tell: F) -> Self {
        Self {
            shared: Rc::default(),
            point: ResumePoint::default(),
            failures: 0,
            tell,
        }
    }

    pub(super) fn waker(&self) -> Waker {
        Waker(Rc::clone(&self.shared))
    }

    /// Runs until the session ends or the future is dropped.
    pub(super) async fn run(mut self, api: Api) {
        let shared = Rc::clone(&self.shared);
        let _watch = Interval::new(WATCH_MS, move || shared.abort_if_silent_for(SILENCE_MS));
        loop {
            if self.failures == 0 {
                (self.tell)(Notice::Phase(Phase::Opening));
            }
            match self.attempt().await {
                End::Unauthorized if api.me().await.is_err() => {
                    // The call told the session; its provider drops this future.
                    (self.tell)(Notice::Phase(Phase::Ended));
                    return;
                }
                End::Unauthorized => self.wait(0).await,
                End::Lost { pause_ms } => self.wait(pause_ms).await,
            }
        }
    }

    async fn wait(&mut self, pause_ms: u32) {
        // The first break is usually a restart or a changed network: it counts
        // as catching up until an attempt has failed.
        let phase = if self.failures == 0 {
            Phase::Opening
        } else {
            Phase::Lost
        };
        (self.tell)(Notice::Phase(phase));
        let delay = delay_ms(self.failures, js_sys::Math::random(), pause_ms);
        self.failures = self.failures.saturating_add(1);
        sleep(&self.shared, delay).await;
    }

    async fn attempt(&mut self) -> End {
        let lost = End::Lost { pause_ms: 0 };
        let Ok(controller) = AbortController::new() else {
            return lost;
        };
        let signal = controller.signal();
        self.shared.last_byte_ms.set(js_sys::Date::now());
        self.shared.abort.replace(Some(controller));
        let _open = Open(Rc::clone(&self.shared));

        let request = Request::get(&address(self.point.begin()))
            .credentials(RequestCredentials::Include)
            .cache(RequestCache::NoStore)
            .header("Accept", "text/event-stream")
            .abort_signal(Some(&signal));
        let Ok(response) = request.send().await else {
            return lost;
        };
        match response.status() {
            200 => self.read(&response).await,
            401 => return End::Unauthorized,
            _ => {
                return End::Lost {
                    pause_ms: retry_after_ms(&response),
                };
            }
        }
        lost
    }

    /// Hands on what arrives until the stream ends.
    async fn read(&mut self, response: &Response) {
        let Some(reader) = response.body().and_then(|body| {
            body.get_reader()
                .dyn_into::<ReadableStreamDefaultReader>()
                .ok()
        }) else {
            return;
        };
        let mut parser = Parser::default();
        while let Some(chunk) = next_chunk(&reader).await {
            self.shared.last_byte_ms.set(js_sys::Date::now());
            let Ok(blocks) = parser.push(&chunk) else {
                return;
            };
            for block in blocks {
                match self.point.take(&block) {
                    Effect::Drop => continue,
                    Effect::Pass => {}
                    Effect::Fresh => (self.tell)(Notice::Fresh),
                }
                let item = match block.message {
                    Message::Event(event) => LiveItem::Event(event),
                    Message::Status(status) => LiveItem::Status(status),
                    Message::Gap(gap) => LiveItem::Gap(gap),
                    Message::Read(mark) => LiveItem::Read(mark),
                    Message::Heartbeat => continue,
                };
                if matches!(item, LiveItem::Status(_)) {
                    self.failures = 0;
                    (self.tell)(Notice::Phase(Phase::Open));
                }
                (self.tell)(Notice::Item(item));
            }
        }
    }
}

fn address(after: Option<&str>) -> String {
    let base = format!("{API_BASE}/api/v1/events/live");
    match after {
        Some(cursor) => format!("{base}?after={cursor}"),
        None => base,
    }
}

fn retry_after_ms(response: &Response) -> u32 {
    response
        .headers()
        .get("Retry-After")
        .and_then(|seconds| seconds.parse::<u32>().ok())
        .map_or(0, |seconds| seconds.min(300) * 1000)
}

/// The next bytes; none at the end, and none when the stream broke or was aborted.
async fn next_chunk(reader: &ReadableStreamDefaultReader) -> Option<Vec<u8>> {
    let result = JsFuture::from(reader.read()).await.ok()?;
    let value = Reflect::get(&result, &"value".into()).ok()?;
    value
        .dyn_into::<Uint8Array>()
        .ok()
        .map(|bytes| bytes.to_vec())
}

/// Waits, or less when [`Waker::wake`] is called.
async fn sleep(shared: &Shared, ms: u32) {
    let promise = Promise::new(&mut |resolve, _| {
        let Some(window) = web_sys::window() else {
            return;
        };
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        // Without a timer the wake-ups remain; there is no page without either.
        window
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms)
            .ok();
        shared.resolve.replace(Some(resolve));
    });
    // The promise is only ever resolved.
    JsFuture::from(promise).await.ok();
    shared.resolve.take();
}
