// What is unread: counts, the line in the feed, marking as read, on two devices of one viewer.

import type { Locator, Page } from '@playwright/test';
import { type World, expect, json, test } from '../lib/world.ts';
import {
  KITE,
  MIRA,
  badge,
  card,
  eventRow,
  feed,
  logInByScript,
  markAllRead,
  openLivestream,
  raid,
  raidShows,
  stored,
  subscribeByScript,
  unread,
  untilArriving,
  untilReceiving,
} from '../lib/viewer.ts';

test.beforeEach(async ({ page }) => {
  await logInByScript(page);
  await subscribeByScript(page, MIRA, KITE);
  await untilReceiving(page, MIRA);
  await untilReceiving(page, KITE);
});

/** The browser's tab says so many, or says nothing. */
async function tabSays(page: Page, count: number): Promise<void> {
  await expect(page).toHaveTitle(count === 0 ? /^[^(]/ : new RegExp(`^\\(${count}\\) .*Streamer Events$`));
  const icon = page.locator('link[rel="icon"]');
  await expect(icon).toHaveAttribute('href', count === 0 ? /favicon(?!-unread)/ : /favicon-unread/);
}

function line(page: Page): Locator {
  return feed(page).getByRole('separator', { name: /unread from here/i });
}

/** How many rows stand above this element of the feed. */
async function rowsAbove(page: Page, mark: Locator): Promise<number> {
  const place = await mark.boundingBox();
  const tops = await feed(page)
    .locator('[data-event-id]')
    .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().top));
  return tops.filter((top) => top < (place?.y ?? 0)).length;
}

/** Opens the feed with some rows that are read and so many that are not. */
async function openWithUnread(page: Page, world: World, count: number): Promise<string[]> {
  await stored(page, await raid(page, world, MIRA, 2));
  await markAllRead(page);
  const ids = await stored(page, await raid(page, world, MIRA, count));
  await openLivestream(page, MIRA);
  return ids.sort((a, b) => Number(b) - Number(a));
}

/** Waits until all can arrive again: over one of its sockets something may before. */
async function untilNoGapLasts(page: Page): Promise<void> {
  await expect
    .poll(async () => {
      const { gaps } = await json<{ gaps: { to: string | null }[] }>(page.request, '/api/v1/gaps');
      return gaps.filter(({ to }) => to === null).length;
    })
    .toBe(0);
}

test('cards, title and icon say how much is unread until all is marked read', async ({ page, world }) => {
  await page.goto('/');
  await expect(badge(page, 'Connected')).toBeVisible();
  await tabSays(page, 0);
  await raid(page, world, MIRA, 3);
  await expect(card(page, MIRA).getByText('3 unread')).toBeVisible();
  await tabSays(page, 3);
  await raid(page, world, KITE);
  await expect(card(page, KITE).getByText('1 unread')).toBeVisible();
  await tabSays(page, 4);

  await page.reload();
  await expect(card(page, MIRA).getByText('3 unread')).toBeVisible();
  await tabSays(page, 4);

  const markAll = page.getByRole('button', { name: 'Mark all read' });
  await markAll.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/\d unread/)).toHaveCount(0);
  await expect(markAll, 'the focus stays').toBeFocused();
  await tabSays(page, 0);
  expect(await unread(page, MIRA)).toBe(0);
});

test('a thousand and more are 999+', async ({ page }) => {
  await page.route('**/api/v1/subscriptions', async (route) => {
    const answer = await route.fetch();
    const list = (await answer.json()) as { subscriptions: { unread: number }[] };
    for (const entry of list.subscriptions) entry.unread = 1_000;
    await route.fulfill({ response: answer, json: list });
  });
  await page.goto('/');
  await expect(card(page, MIRA).getByText('999+ unread')).toBeVisible();
  await expect(page).toHaveTitle(/^\(999\+\) /);
});

test('two devices of one viewer show the same', async ({ page, browser, world, guard }) => {
  const other = await browser.newContext({ baseURL: world.url });
  await guard.watch(other);
  const phone = await other.newPage();
  await logInByScript(phone);
  for (const device of [page, phone]) {
    await device.goto('/');
    await expect(badge(device, 'Connected')).toBeVisible();
  }
  await raid(page, world, MIRA, 2);
  for (const device of [page, phone]) {
    await expect(card(device, MIRA).getByText('2 unread')).toBeVisible();
    await tabSays(device, 2);
  }

  // What is read on the one is read on the other.
  await openLivestream(phone, MIRA);
  await tabSays(phone, 0);
  await tabSays(page, 0);
  await expect(card(page, MIRA).getByText(/unread/)).toHaveCount(0);

  // So is what is marked unread.
  const older = feed(phone).locator('[data-event-id]').nth(1);
  await older.getByRole('button').first().focus();
  await phone.keyboard.press('m');
  await tabSays(phone, 1);
  await tabSays(page, 1);
  await expect(card(page, MIRA).getByText('1 unread')).toBeVisible();
  await other.close();
});

test('the line stays where reading began, and what is in sight becomes read', async ({ page, world }) => {
  await openWithUnread(page, world, 3);
  await expect(line(page)).toBeVisible();
  expect(await rowsAbove(page, line(page))).toBe(3);

  await tabSays(page, 0);
  expect(await unread(page, MIRA)).toBe(0);
  await expect(line(page)).toBeVisible();
  await raidShows(page, world, MIRA);
  expect(await rowsAbove(page, line(page))).toBe(4);

  await tabSays(page, 0);
  await page.reload();
  await expect(feed(page).locator('[data-event-id]').first()).toBeVisible();
  await expect(line(page), 'nothing was unread now').toHaveCount(0);
});

test('events that follow each other are marked together', async ({ page, world }) => {
  const sent: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PUT' && request.url().endsWith('/read')) sent.push(Date.now());
  });
  await openLivestream(page, MIRA);
  for (let round = 0; round < 8; round += 1) await raidShows(page, world, MIRA, 2);
  await tabSays(page, 0);
  await expect.poll(() => unread(page, MIRA)).toBe(0);
  expect(sent.length).toBeGreaterThan(0);
  const pauses = sent.slice(1).map((at, index) => at - sent[index]);
  for (const pause of pauses) expect(pause).toBeGreaterThan(2_000);
});

test('a row is marked by key, by pointer and among its details', async ({ page, world }) => {
  const [, second, third, fourth] = await openWithUnread(page, world, 5);
  await tabSays(page, 0);

  await eventRow(page, fourth).getByRole('button').first().focus();
  await page.keyboard.press('m');
  await tabSays(page, 3);
  expect(await rowsAbove(page, line(page))).toBe(3);

  await eventRow(page, third).hover();
  await eventRow(page, third).getByRole('button', { name: /^Mark read here:/ }).click();
  await tabSays(page, 2);

  await eventRow(page, second).getByRole('button').first().click();
  const inDetails = eventRow(page, second).getByRole('button', { name: 'Mark read here', exact: true });
  await inDetails.focus();
  await page.keyboard.press('Enter');
  await tabSays(page, 1);
  expect(await unread(page, MIRA)).toBe(1);
  await expect.poll(() => rowsAbove(page, line(page))).toBe(1);

  await page.keyboard.press('Shift+M');
  await tabSays(page, 0);
  await expect(line(page)).toHaveCount(0);
});

test('the feed marks all of its streamer, and nothing of others', async ({ page, world }) => {
  await stored(page, await raid(page, world, KITE));
  const ids = await openWithUnread(page, world, 2);
  await stored(page, await raid(page, world, KITE));
  await eventRow(page, ids[1]).getByRole('button').first().focus();
  await page.keyboard.press('m');
  await tabSays(page, 2);
  await page.getByRole('button', { name: 'Mark all read' }).click();
  await tabSays(page, 1);
  expect(await unread(page, MIRA)).toBe(0);
  expect(await unread(page, KITE)).toBe(1);
});

test('a filter leaves unread what it hides', async ({ page, world }) => {
  await openLivestream(page, MIRA);
  const only = page.getByRole('group', { name: 'Show only' });
  await only.getByRole('button', { name: /^cheer/i }).click();
  await stored(page, await raid(page, world, MIRA));
  await tabSays(page, 1);
  await only.getByRole('button', { name: 'All', exact: true }).click();
  await tabSays(page, 0);
});

test('a time nothing could arrive in is a band between the rows, also later', async ({ page, world }) => {
  await openLivestream(page, MIRA);
  const [before] = await stored(page, await raid(page, world, MIRA));
  const band = feed(page).locator('[data-gap="not-received"]').first();
  await page.request.post(`${world.sim}/sim/faults`, { data: { fault: 'drop_sockets', seconds: 1 } });
  await expect(band).toContainText(/nothing could arrive/);
  await untilArriving(page, world, MIRA);
  await untilNoGapLasts(page);
  await expect(badge(page, 'Connected')).toBeVisible();
  await raidShows(page, world, MIRA);

  await page.reload();
  await expect(eventRow(page, before)).toBeVisible();
  await expect(band).toContainText(/nothing could arrive/);
  expect(await rowsAbove(page, band)).toBeGreaterThan(0);
  expect(await rowsAbove(page, band)).toBeLessThanOrEqual(await rowsAbove(page, eventRow(page, before)));
});
