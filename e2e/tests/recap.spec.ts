// A stream in figures, and what an outage swallowed.

import type { APIRequestContext, Locator, Page } from '@playwright/test';
import { type World, expect, json, test } from '../lib/world.ts';
import {
  MIRA,
  badge,
  eventRow,
  feed,
  logInByScript,
  openLivestream,
  raid,
  stored,
  subscribeByScript,
  untilArriving,
  untilReceiving,
} from '../lib/viewer.ts';

const MIRA_ID = '700100200';

test.beforeEach(async ({ page }) => {
  await logInByScript(page);
  await subscribeByScript(page, MIRA);
  await untilReceiving(page, MIRA);
});

function recap(within: Page | Locator): Locator {
  return within.getByRole('region', { name: 'The stream in figures' });
}

/** A figure, by its name. */
function figure(within: Locator, name: string): Locator {
  return within.locator('.stats > div').filter({ hasText: name }).locator('dd');
}

async function happens(page: Page, world: World, type: string, event: object = {}): Promise<string[]> {
  const data = { type, broadcaster: MIRA.login, event };
  const answer = await page.request.post(`${world.sim}/sim/events`, { data });
  expect(answer.ok(), `${type}: ${answer.status()}`).toBe(true);
  return ((await answer.json()) as { message_ids: string[] }).message_ids;
}

interface Listed {
  id: string;
  type: string;
  recovered: boolean;
}

async function events(request: APIRequestContext, type: string): Promise<Listed[]> {
  const path = `/api/v1/events?broadcaster_id=${MIRA_ID}&type=${type}&limit=500`;
  return (await json<{ events: Listed[] }>(request, path)).events;
}

test('the running stream is summed up, and again when it has ended', async ({ page, world }) => {
  await openLivestream(page, MIRA);
  const card = recap(page.locator('.stage-left'));
  await expect(card).toContainText('This stream so far');
  await expect(figure(card, 'Raids in')).toHaveText(/^0 /);
  await stored(page, await raid(page, world, MIRA, 3));

  await stored(page, await happens(page, world, 'stream.offline'));
  await expect(card).toContainText(/Streamed for/);
  await expect(figure(card, 'Raids in')).toHaveText(/^3 .*viewers$/);
  await expect(figure(card, 'Peak seen')).toHaveText(/^[\d,]+ viewers$/);
  await expect(card.getByText(/^ended/)).toBeVisible();

  // Later, from the row of its end.
  const [end] = await events(page.request, 'stream.offline');
  await stored(page, await happens(page, world, 'stream.online', { id: '99' }));
  await expect(card).toContainText('This stream so far');
  const row = eventRow(page, end.id);
  await row.locator('.ev-toggle').click();
  await expect(recap(row)).toContainText(/Streamed for/);
  await expect(figure(recap(row), 'Raids in')).toHaveText(/^3 /);
});

test('a recap that cannot be loaded is offered again', async ({ page, guard }) => {
  guard.expectErrors(/status of 503/);
  const path = `**/api/v1/streams/${MIRA_ID}/recap*`;
  await page.route(path, (route) => route.fulfill({ status: 503, body: '' }));
  await openLivestream(page, MIRA);
  const card = recap(page.locator('.stage-left'));
  await expect(card).toContainText('could not be loaded');
  await page.unroute(path);
  await card.getByRole('button', { name: 'Retry' }).click();
  await expect(card).toContainText('This stream so far');
});

test('what an outage swallowed is put in and marked', async ({ page, world }) => {
  await openLivestream(page, MIRA);
  const drop = { fault: 'drop_sockets', seconds: 3600 };
  await page.request.post(`${world.sim}/sim/faults`, { data: drop });
  await expect(badge(page, 'Connected')).toBeHidden();
  expect(await happens(page, world, 'stream.offline')).toEqual([]);
  expect(await happens(page, world, 'stream.online', { id: '99' })).toEqual([]);
  await page.request.delete(`${world.sim}/sim/faults`);
  await untilArriving(page, world, MIRA);

  for (const [type, words] of [
    ['stream.offline', /Stream ended while nothing could be received/],
    ['stream.online', /went live/],
  ] as const) {
    await expect.poll(async () => (await events(page.request, type)).length).toBe(1);
    const [event] = await events(page.request, type);
    expect(event.recovered).toBe(true);
    const row = eventRow(page, event.id);
    await expect(row).toContainText(words);
    await expect(row.getByText('Recovered', { exact: true })).toBeVisible();
    await row.locator('.ev-toggle').click();
    await expect(row.getByText(/Recovered after an outage/)).toBeVisible();
  }
  await expect(feed(page).getByText(/nothing could arrive/).first()).toBeVisible();
});
