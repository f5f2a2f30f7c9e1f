// P8, the browser's side: how long after Twitch has sent an event does a page show it? One clock, that of this
// program, from the request with the event to the call that the page makes when the row is there.
//
// Started by `bench browser`, which gives { url, viewer, streamer, secret, events, warmUp } as JSON; prints the times
// in milliseconds as JSON.

import { createHmac, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';

// Playwright is installed for the browser tests.
const { chromium } = createRequire(new URL('../e2e/package.json', import.meta.url))('@playwright/test');

const SEEN_DEADLINE_MS = 10_000;
// Between two events: what the page still does after one must not be counted for the next.
const PAUSE_MS = [30, 90];
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/google-chrome-stable', '/usr/bin/google-chrome'];

const { url, viewer, streamer, secret, events, warmUp } = JSON.parse(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** A resub as chat tells it, with a word in it by which the page's row is known. */
function notification(word) {
  const { id, login, name } = streamer;
  return JSON.stringify({
    subscription: {
      id: '8c7aa77d-b3b4-4ac6-b6b7-968618f254d3',
      status: 'enabled',
      type: 'channel.chat.notification',
      version: '1',
      condition: { broadcaster_user_id: id, user_id: '640172935' },
      transport: { method: 'webhook', callback: `${url}/webhooks/twitch` },
      created_at: '2026-11-01T17:00:00.123456789Z',
      cost: 0,
    },
    event: {
      broadcaster_user_id: id,
      broadcaster_user_login: login,
      broadcaster_user_name: name,
      chatter_user_id: '555000111',
      chatter_user_login: 'late_owl',
      chatter_user_name: 'Late_Owl',
      chatter_is_anonymous: false,
      message_id: word,
      message: { text: word, fragments: [] },
      notice_type: 'resub',
      resub: { cumulative_months: 7, duration_months: 1, sub_tier: '1000', is_prime: false, is_gift: false },
    },
  });
}

/** Sends it, signed; resolves when it is acknowledged. */
function post(body) {
  const id = randomUUID();
  const timestamp = new Date().toISOString();
  const signature = createHmac('sha256', secret).update(id).update(timestamp).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'twitch-eventsub-message-id': id,
    'twitch-eventsub-message-timestamp': timestamp,
    'twitch-eventsub-message-type': 'notification',
    'twitch-eventsub-message-signature': `sha256=${signature}`,
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/webhooks/twitch`, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      if (answer.statusCode === 204) resolve();
      else reject(new Error(`an event was answered ${answer.statusCode}`));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** In the page: calls `rowSeen` with the text of every row that is added. */
function watchRows() {
  const tell = (node) => {
    if (!(node instanceof Element)) return;
    const rows = node.matches('article.ev') ? [node] : node.querySelectorAll('article.ev');
    for (const row of rows) window.rowSeen(row.querySelector('q')?.textContent ?? '');
  };
  new MutationObserver((changes) => {
    for (const change of changes) change.addedNodes.forEach(tell);
  }).observe(document.body, { childList: true, subtree: true });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** From the sending of an event until the page shows it. */
async function timeOf(word, waiting) {
  const body = notification(word);
  let timer;
  const seen = new Promise((resolve, reject) => {
    waiting.set(word, resolve);
    timer = setTimeout(() => reject(new Error(`${word} never appeared`)), SEEN_DEADLINE_MS);
  });
  const begin = performance.now();
  const [end] = await Promise.all([seen, post(body)]);
  clearTimeout(timer);
  return end - begin;
}

const executablePath = process.env.CHROME_PATH || BROWSERS.find((path) => existsSync(path));
const browser = await chromium.launch({
  executablePath,
  chromiumSandbox: false,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
try {
  const page = await browser.newPage({ baseURL: url });
  const start = await page.request.get('/auth/login', { maxRedirects: 0 });
  const answer = await page.request.get(`${start.headers().location}&login=${viewer}`);
  if (!answer.ok()) throw new Error(`login: ${answer.status()}`);

  /** @type {Map<string, (time: number) => void>} */
  const waiting = new Map();
  await page.exposeFunction('rowSeen', (/** @type {string} */ word) => waiting.get(word)?.(performance.now()));
  await page.goto(`/livestream/${streamer.login}`);
  // Empty, it has no height and counts as hidden.
  await page.locator('[role="log"]').first().waitFor({ state: 'attached' });
  await page.evaluate(watchRows);

  const times = [];
  for (let number = 0; number < warmUp + events; number += 1) {
    const time = await timeOf(`word-${number}`, waiting);
    if (number >= warmUp) times.push(time);
    await pause(PAUSE_MS[0] + Math.random() * (PAUSE_MS[1] - PAUSE_MS[0]));
  }
  console.log(JSON.stringify({ times_ms: times, browser: browser.version() }));
} finally {
  await browser.close();
  agent.destroy();
}
