// What a person does on the page, in the words the page uses, and the same by script where a
// test is about something else.

import type { Locator, Page } from '@playwright/test';
import { type World, expect, json } from './world.ts';

export interface Streamer {
  login: string;
  name: string;
}

// Three of the simulator's people, always live.
export const MIRA: Streamer = { login: 'mira_plays', name: 'Mira_Plays' };
export const KITE: Streamer = { login: 'kiteflyer', name: 'kiteflyer' };
export const DANA: Streamer = { login: 'deepseadana', name: 'DeepSeaDana' };

interface Subscription {
  broadcaster: { id: string; login: string };
  topics: { type: string; direction: string | null; status: string }[];
  unread: number;
}

interface EventList {
  events: { id: string; message_id: string | null; summary: string }[];
}

/** Something to press, whether it leads to a page or does something here. */
export function control(within: Page | Locator, name: string | RegExp): Locator {
  return within.getByRole('button', { name, exact: true }).or(within.getByRole('link', { name, exact: true }));
}

export function loginButton(page: Page): Locator {
  return control(page, 'Login using Twitch').first();
}

/** From the login button over the simulator's page of people back to where it began. */
export async function logIn(page: Page, person = 'viewer_vera'): Promise<void> {
  await loginButton(page).click();
  await page.locator(`a[href*="login=${person}"]`).first().click();
  await expect(accountButton(page)).toBeVisible();
}

/** Logs the browser in without showing a page. */
export async function logInByScript(page: Page, person = 'viewer_vera'): Promise<void> {
  const start = await page.request.get('/auth/login', { maxRedirects: 0 });
  const location = start.headers()['location'];
  const answer = await page.request.get(`${location}&login=${person}`);
  expect(answer.ok(), `login as ${person}: ${answer.status()}`).toBe(true);
}

export function accountButton(page: Page): Locator {
  return page.getByRole('button', { name: /^Account/ });
}

export async function logOut(page: Page): Promise<void> {
  await accountButton(page).click();
  await page.getByRole('menuitem', { name: 'Logout' }).or(control(page, 'Logout')).first().click();
  await expect(loginButton(page)).toBeVisible();
}

export async function openSettings(page: Page): Promise<void> {
  await accountButton(page).click();
  await page.getByRole('menuitem', { name: 'Settings' }).or(control(page, 'Settings')).first().click();
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
}

/** The box in which a streamer is searched. */
export function searchBox(page: Page): Locator {
  return page.getByRole('combobox', { name: /subscribe/i });
}

/** What the search suggests. */
export function suggestion(page: Page, streamer: Streamer): Locator {
  return page.getByRole('option', { name: new RegExp(streamer.name) });
}

/** Finds a streamer by search and subscribes. */
export async function subscribe(page: Page, streamer: Streamer): Promise<void> {
  await searchBox(page).fill(streamer.login);
  await expect(suggestion(page, streamer)).toBeVisible();
  await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
  await expect(card(page, streamer)).toBeVisible();
}

export function card(page: Page, streamer: Streamer): Locator {
  return page.getByRole('article').filter({ has: page.getByRole('heading', { name: streamer.name }) });
}

export async function subscribeByScript(page: Page, ...streamers: Streamer[]): Promise<void> {
  for (const { login } of streamers) {
    const answer = await page.request.post('/api/v1/subscriptions', { data: { login } });
    expect(answer.status(), `subscribing to ${login}`).toBe(201);
  }
}

async function subscription(page: Page, streamer: Streamer): Promise<Subscription | undefined> {
  const { subscriptions } = await json<{ subscriptions: Subscription[] }>(page.request, '/api/v1/subscriptions');
  return subscriptions.find(({ broadcaster }) => broadcaster.login === streamer.login);
}

/** How many events of a streamer the server counts as unread. */
export async function unread(page: Page, streamer: Streamer): Promise<number | undefined> {
  return (await subscription(page, streamer))?.unread;
}

export async function markAllRead(page: Page): Promise<void> {
  const answer = await page.request.post('/api/v1/read-all');
  expect(answer.status()).toBe(204);
}

/** Waits until Twitch has confirmed raids of this streamer, so that one sent now arrives. */
export async function untilReceiving(page: Page, streamer: Streamer): Promise<void> {
  await expect
    .poll(
      async () => {
        const mine = await subscription(page, streamer);
        return mine?.topics.find(({ type, direction }) => type === 'channel.raid' && direction === 'in')?.status;
      },
      { message: `raids of ${streamer.login} are received`, timeout: 20_000 },
    )
    .toBe('enabled');
}

// Somebody nobody here is subscribed to: a raid is also an event of the one who raids.
const RAIDER = {
  from_broadcaster_user_id: '810020030',
  from_broadcaster_user_login: 'teapot_tim',
  from_broadcaster_user_name: 'Teapot_Tim',
};

/** Makes raids happen at the simulator; returns the ids of what Twitch sends of them, which may be nothing. */
async function tryRaid(page: Page, world: World, streamer: Streamer, count: number): Promise<string[]> {
  const answer = await page.request.post(`${world.sim}/sim/events`, {
    data: { type: 'channel.raid', broadcaster: streamer.login, event: RAIDER, count },
  });
  expect(answer.ok(), `POST /sim/events: ${answer.status()}`).toBe(true);
  const { message_ids } = (await answer.json()) as { message_ids: string[] };
  return message_ids;
}

/** Makes raids happen that Twitch sends; returns their message ids. */
export async function raid(page: Page, world: World, streamer: Streamer, count = 1): Promise<string[]> {
  const ids = await tryRaid(page, world, streamer, count);
  expect(ids).toHaveLength(count);
  return ids;
}

/**
 * Waits until a raid sent now arrives, by sending some: after a restart the server knows
 * what Twitch confirmed before it has a socket again.
 */
export async function untilArriving(page: Page, world: World, streamer: Streamer): Promise<void> {
  const sent: string[] = [];
  await expect
    .poll(
      async () => {
        sent.push(...(await tryRaid(page, world, streamer, 1)));
        const { events } = await json<EventList>(page.request, '/api/v1/events?limit=500');
        return events.some(({ message_id }) => message_id !== null && sent.includes(message_id));
      },
      { message: `raids of ${streamer.login} arrive`, intervals: [200, 500, 1_000], timeout: 30_000 },
    )
    .toBe(true);
}

/** Something happens in a channel; returns the ids of the messages Twitch sends of it, which may be none. */
export async function happens(page: Page, world: World, type: string, streamer: Streamer): Promise<string[]> {
  const answer = await page.request.post(`${world.sim}/sim/events`, { data: { type, broadcaster: streamer.login } });
  expect(answer.ok(), `POST /sim/events: ${answer.status()}`).toBe(true);
  return ((await answer.json()) as { message_ids: string[] }).message_ids;
}

/** The types of a streamer's events that Twitch has enabled for this server. */
export async function enabledAtTwitch(page: Page, world: World, broadcasterId: string): Promise<string[]> {
  const { subscriptions } = await json<{
    subscriptions: { type: string; status: string; condition: Record<string, string> }[];
  }>(page.request, `${world.sim}/sim/subscriptions`);
  return subscriptions
    .filter(({ status, condition }) => status === 'enabled' && condition['broadcaster_user_id'] === broadcasterId)
    .map(({ type }) => type)
    .sort();
}

/** The steps of "Connect my channel" on the settings page. */
export function ownChannel(page: Page): Locator {
  return page.getByRole('region', { name: 'Connect my channel' });
}

/** One of them. */
export function channelStep(page: Page, title: string): Locator {
  return ownChannel(page)
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: title, exact: true }) });
}

/** Takes a step of "Connect my channel" without showing a page. */
export async function connectByScript(page: Page, steps: string, person = MIRA.login): Promise<void> {
  const start = await page.request.get(`/auth/login?connect=${steps}`, { maxRedirects: 0 });
  const answer = await page.request.get(`${start.headers()['location']}&login=${person}`);
  expect(answer.url(), `connecting ${steps}`).toContain('notice=connected');
}

/** Our ids of the events that came with these messages, once all are stored. */
export async function stored(page: Page, messages: string[]): Promise<string[]> {
  const ids: string[] = [];
  await expect
    .poll(async () => {
      const { events } = await json<EventList>(page.request, '/api/v1/events?limit=500');
      const found = events.filter(({ message_id }) => message_id && messages.includes(message_id));
      ids.splice(0, ids.length, ...found.map(({ id }) => id));
      return ids.length;
    })
    .toBe(messages.length);
  return ids;
}

export function feed(page: Page): Locator {
  return page.getByRole('log', { name: 'Events' });
}

export function eventRow(page: Page, id: string): Locator {
  return feed(page).locator(`[data-event-id="${id}"]`);
}

/** Raids happen, and each shows in the open feed exactly once. */
export async function raidShows(page: Page, world: World, streamer: Streamer, count = 1): Promise<void> {
  const ids = await stored(page, await raid(page, world, streamer, count));
  for (const id of ids) await expect(eventRow(page, id)).toHaveCount(1);
}

/** The badge of the live connection. */
export function badge(page: Page, state: 'Connected' | 'Catching up' | 'Disconnected'): Locator {
  return page.getByText(state, { exact: true }).first();
}

/** Opens the livestream page and waits until it is live. */
export async function openLivestream(page: Page, streamer?: Streamer): Promise<void> {
  await page.goto(streamer ? `/livestream/${streamer.login}` : '/livestream');
  // Attached, not visible: a feed without events has no height.
  await expect(feed(page)).toBeAttached();
  await expect(badge(page, 'Connected')).toBeVisible();
}

/** Goes to another of the viewer's streamers. */
export async function switchTo(page: Page, streamer: Streamer): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Your streamers' })
    .getByRole('link', { name: new RegExp(streamer.name) })
    .click();
  await expect(page).toHaveURL(new RegExp(`/livestream/${streamer.login}$`));
}

export function playerFrame(page: Page): Locator {
  return page.locator('iframe').and(page.getByTitle(/player/i));
}

export function chatFrame(page: Page): Locator {
  return page.locator('iframe').and(page.getByTitle(/chat/i));
}

/** Numbers of the events shown, from the top. */
export async function shownEvents(page: Page): Promise<number[]> {
  return feed(page)
    .locator('[data-event-id]')
    .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-event-id'))));
}

/** Marks this document, to see later that it was never loaded anew. */
export async function markDocument(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => {
    document.documentElement.dataset.seen = 'yes';
  });
  return async () => expect(page.locator('html')).toHaveAttribute('data-seen', 'yes');
}
