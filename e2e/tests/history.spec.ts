// The History page: the address is the filter, the chart zooms, the list is long and goes both
// ways, and all of it can be taken along.

import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import {
  type Exported,
  chart,
  dateField,
  daysAgo,
  inAddress,
  lines,
  openHistory,
  past,
  row,
  rows,
  scrubber,
  search,
} from '../lib/history.ts';
import { giftBomb, shuffled, tell } from '../lib/twitch.ts';
import {
  KITE,
  MIRA,
  badge,
  control,
  feed,
  logInByScript,
  markDocument,
  openLivestream,
  raid,
  stored,
  subscribeByScript,
  untilReceiving,
} from '../lib/viewer.ts';
import { expect, json, test } from '../lib/world.ts';

test.beforeEach(async ({ page }) => {
  await logInByScript(page);
  await subscribeByScript(page, MIRA, KITE);
  await untilReceiving(page, MIRA);
  await untilReceiving(page, KITE);
});

function chip(page: Page, name: string | RegExp) {
  return page.getByRole('group', { name: 'Show only' }).getByRole('button', { name });
}

test('the filters are the address: reload, back and forward keep them', async ({ page, world }) => {
  const [old] = await past(page, world, MIRA, [daysAgo(3)]);
  const [ofMira] = await stored(page, await raid(page, world, MIRA));
  const [ofKite] = await stored(page, await raid(page, world, KITE));
  await page.goto('/');
  const sameDocument = await markDocument(page);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'History' }).click();
  for (const id of [old, ofMira, ofKite]) await expect(row(page, id)).toHaveCount(1);
  await expect(row(page, ofKite).getByText(KITE.name, { exact: true }).last()).toBeVisible();

  await chip(page, /^raid/i).click();
  await expect(row(page, old)).toHaveCount(0);
  await expect(row(page, ofKite)).toHaveCount(1);
  expect(inAddress(page, 'kind')).toBe('raid');

  await page.getByRole('button', { name: 'All streamers' }).click();
  await page.getByRole('checkbox', { name: MIRA.name }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: MIRA.name, exact: true })).toBeFocused();
  await expect(row(page, ofKite)).toHaveCount(0);
  await expect(row(page, ofMira)).toHaveCount(1);
  await expect(page.getByText('1 event · 2 filters')).toBeVisible();
  await sameDocument();

  await page.reload();
  await expect(row(page, ofMira)).toHaveCount(1);
  await expect(row(page, ofKite)).toHaveCount(0);
  await expect(chip(page, /^raid/i)).toHaveAttribute('aria-pressed', 'true');

  await page.goBack();
  await expect(row(page, ofKite)).toHaveCount(1);
  await page.goBack();
  await expect(row(page, old)).toHaveCount(1);
  await page.goForward();
  await expect(row(page, old)).toHaveCount(0);

  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(row(page, old)).toHaveCount(1);
  expect(new URL(page.url()).search).toBe('');
});

test('person, minimum amount, time and type filter, too', async ({ page, world }) => {
  const [old] = await past(page, world, MIRA, [daysAgo(3)]);
  const [raided] = await stored(page, await raid(page, world, MIRA));
  const { events } = await json<{ events: { id: string; amount: { value: number } }[] }>(
    page.request,
    '/api/v1/events?kind=raid',
  );
  const viewers = events[0].amount.value;

  await openHistory(page);
  await page.getByRole('textbox', { name: 'Person' }).fill('teapot_TIM');
  await page.keyboard.press('Enter');
  await expect(row(page, old)).toHaveCount(0);
  await expect(row(page, raided)).toHaveCount(1);

  await page.getByRole('textbox', { name: 'Minimum amount' }).fill(String(viewers + 1));
  await page.keyboard.press('Tab');
  await expect(page.getByRole('heading', { name: 'Nothing matches.' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Minimum amount' }).fill(String(viewers));
  await page.keyboard.press('Enter');
  await expect(row(page, raided)).toHaveCount(1);

  await openHistory(page, '?type=stream.online');
  await expect(row(page, old)).toHaveCount(1);
  await expect(row(page, raided)).toHaveCount(0);
  await page.getByRole('button', { name: 'All time' }).click();
  await page.getByRole('button', { name: 'Last 24 hours' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing matches.' })).toBeVisible();
  await page.getByLabel('From', { exact: true }).fill(`${dateField(daysAgo(4))}T00:00`);
  await page.getByLabel('Until', { exact: true }).fill(`${dateField(daysAgo(2))}T00:00`);
  await page.keyboard.press('Enter');
  await expect(row(page, old)).toHaveCount(1);
  expect(new Date(inAddress(page, 'since') ?? '').getTime()).toBeLessThan(daysAgo(3).getTime());

  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Without type stream.online' }).click();
  await expect(row(page, old)).toHaveCount(1);
  expect(inAddress(page, 'type')).toBeNull();
});

test('a search finds words, and one that finds nothing offers to clear the filters', async ({ page, world }) => {
  const [old] = await past(page, world, MIRA, [daysAgo(3)]);
  const [raided] = await stored(page, await raid(page, world, MIRA));
  await openHistory(page);
  await search(page).fill('teapot rai');
  await page.keyboard.press('Enter');
  await expect(row(page, old)).toHaveCount(0);
  await expect(row(page, raided)).toHaveCount(1);
  expect(inAddress(page, 'q')).toBe('teapot rai');

  await search(page).fill('"no such words"');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Nothing matches.' })).toBeVisible();
  await expect(page.getByText('0 events · 1 filter')).toBeVisible();
  await lines(page).getByRole('button', { name: 'Clear filters' }).click();
  await expect(row(page, old)).toHaveCount(1);
  await expect(search(page)).toHaveValue('');
});

test('what is typed stays while the page is drawn again', async ({ page, world }) => {
  await stored(page, await raid(page, world, MIRA));
  await openHistory(page);
  await search(page).pressSequentially('half a wo');
  await stored(page, await raid(page, world, MIRA));
  await expect(page.getByRole('button', { name: /1 new/ })).toBeVisible();
  await expect(search(page)).toHaveValue('half a wo');
});

for (const { query, field, reason } of [
  { query: '?since=yesterday', field: 'yesterday', reason: /expected a time as RFC 3339/ },
  { query: '?min_amount=lots', field: 'Minimum amount', reason: /expected a whole number/ },
  { query: '?kind=raids', field: 'kind', reason: /is no kind/ },
  { query: '?actor=', field: 'Person', reason: /expected 1 to 500 characters/ },
]) {
  test(`an address with ${query} says what is wrong with it, and where`, async ({ page, world, guard }) => {
    guard.expectErrors(/status of 422/);
    const [raided] = await stored(page, await raid(page, world, MIRA));
    await openHistory(page, query);
    await expect(page.getByRole('alert').getByText(reason)).toBeVisible();
    await expect(page.getByRole('heading', { name: 'This cannot be looked for.' })).toBeVisible();
    if (field === 'Minimum amount') {
      const input = page.getByRole('textbox', { name: field });
      await expect(input).toHaveAttribute('aria-invalid', 'true');
      await expect(input).toHaveAccessibleDescription(reason);
      await expect(input).toHaveValue('lots');
      await input.fill('1');
      await page.keyboard.press('Enter');
    } else {
      await page.getByRole('button', { name: 'Clear filters' }).last().click();
    }
    await expect(row(page, raided)).toHaveCount(1);
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
}

for (const query of ['?colour=red', '?limit=5', '?date=someday']) {
  test(`an address with ${query} is not read as if that were not there`, async ({ page, world }) => {
    const [raided] = await stored(page, await raid(page, world, MIRA));
    await openHistory(page, query);
    const wrong = query === '?date=someday' ? /expected a day/ : /there is no such filter/;
    await expect(page.getByText(wrong)).toBeVisible();
    const way = query === '?date=someday' ? 'To the newest' : 'Clear filters';
    await page.getByRole('button', { name: way }).last().click();
    await expect(row(page, raided)).toHaveCount(1);
    await expect(page.getByText(wrong)).toHaveCount(0);
  });
}

test('the chart zooms by pointer, and out again', async ({ page, world }) => {
  const ids = await past(page, world, MIRA, [daysAgo(80), daysAgo(40), daysAgo(1)]);
  await openHistory(page);
  await expect(chart(page).getByRole('heading')).toHaveText('Events per day');
  const box = await scrubber(page).boundingBox();
  if (!box) throw new Error('no chart');
  // The middle one of three, by dragging over the middle half.
  await page.mouse.move(box.x + box.width * 0.25, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + 50, { steps: 5 });
  await page.mouse.up();
  await expect(rows(page)).toHaveCount(1);
  await expect(row(page, ids[1])).toHaveCount(1);
  expect(inAddress(page, 'since')).not.toBeNull();
  expect(inAddress(page, 'until')).not.toBeNull();

  await chart(page).getByRole('button', { name: 'Zoom out' }).click();
  await expect(rows(page)).toHaveCount(3);
  await page.goBack();
  await expect(rows(page)).toHaveCount(1);

  // One bar, by pressing it.
  await page.goto('/history');
  await expect(rows(page)).toHaveCount(3);
  await scrubber(page).click({ position: { x: 3, y: 60 } });
  await expect(rows(page)).toHaveCount(1);
  await expect(row(page, ids[0])).toHaveCount(1);
});

test('the chart is read and zoomed by keys, and is a table, too', async ({ page, world }) => {
  const ids = await past(page, world, MIRA, [daysAgo(80), daysAgo(40)]);
  const [raided] = await stored(page, await raid(page, world, MIRA));
  await openHistory(page);
  const description = await chart(page).getByRole('img').locator('desc').textContent();
  expect(description).toMatch(/^3 events from .*Stream 2, Raids 1/);

  await scrubber(page).focus();
  await page.keyboard.press('Home');
  await expect(scrubber(page)).toHaveAttribute('aria-valuetext', /1 event\. Stream 1$/);
  await page.keyboard.press('End');
  await expect(scrubber(page)).toHaveAttribute('aria-valuetext', /1 event\. Raids 1$/);
  await page.keyboard.press('Enter');
  await expect(row(page, raided)).toHaveCount(1);
  await expect(rows(page)).toHaveCount(1);
  expect(inAddress(page, 'until'), 'today goes on').toBeNull();

  await page.goBack();
  await expect(rows(page)).toHaveCount(3);
  await scrubber(page).focus();
  await page.keyboard.press('Home');
  for (let step = 0; step < 60; step += 1) await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Enter');
  await expect(rows(page)).toHaveCount(2);
  for (const id of ids) await expect(row(page, id)).toHaveCount(1);

  await chart(page).getByRole('button', { name: 'Table' }).click();
  const table = chart(page).getByRole('table');
  await expect(table.getByRole('row')).toHaveCount(3);
  await expect(table.getByRole('columnheader')).toHaveText(['Time', 'All', 'Stream']);
});

async function saved(download: Download): Promise<string> {
  return readFile(await download.path(), 'utf8');
}

test('what the filters match is exported, complete', async ({ page, world }) => {
  await past(page, world, MIRA, [daysAgo(3)]);
  const ids = await stored(page, await raid(page, world, MIRA, 3));
  await openHistory(page, '?kind=raid');
  await page.getByRole('button', { name: 'Export' }).click();

  const asNdjson = page.waitForEvent('download');
  await page.getByRole('link', { name: /NDJSON/ }).click();
  const ndjson = await asNdjson;
  expect(ndjson.suggestedFilename()).toMatch(/\.ndjson$/);
  const told = (await saved(ndjson)).trimEnd().split('\n').map((line) => JSON.parse(line) as Exported);
  expect(told.pop()).toEqual({ end: { count: 3 } });
  const found = told.map((line) => ('id' in line ? line.id : ''));
  expect(found.sort()).toEqual([...ids].sort());

  const asCsv = page.waitForEvent('download');
  await page.getByRole('link', { name: /CSV/ }).click();
  const csv = await asCsv;
  expect(csv.suggestedFilename()).toMatch(/\.csv$/);
  const table = (await saved(csv)).trimEnd().split('\r\n');
  expect(table).toHaveLength(4);
});

test('the list is opened at a day, and goes on from there both ways', async ({ page, world }) => {
  const [oldest, middle] = await past(page, world, MIRA, [daysAgo(9), daysAgo(5)]);
  const raids = await stored(page, await raid(page, world, MIRA, 150));
  const [newest] = raids.sort((a, b) => Number(b) - Number(a));
  await openHistory(page, `?broadcaster_id=700100200`);
  await expect(row(page, newest)).toHaveCount(1);
  await expect(row(page, middle)).toHaveCount(0);

  await page.getByLabel('Jump to a day').fill(dateField(daysAgo(4)));
  await expect(row(page, middle)).toBeInViewport();
  await expect(row(page, oldest)).toBeVisible();
  expect(inAddress(page, 'date')).toBe(dateField(daysAgo(4)));
  expect(inAddress(page, 'broadcaster_id'), 'the other filters stay').toBe('700100200');

  // What is newer comes above, and does not move what is read.
  const first = raids.at(-1) ?? '';
  await row(page, first).scrollIntoViewIfNeeded();
  await expect(row(page, first)).toBeInViewport();
  await expect(async () => {
    await page.mouse.wheel(0, -2_000);
    await expect(row(page, newest)).toHaveCount(1, { timeout: 200 });
  }).toPass();

  await page.reload();
  await expect(row(page, middle)).toBeInViewport();
  await page.getByRole('button', { name: 'To the newest' }).click();
  await expect(row(page, newest)).toHaveCount(1);
  expect(inAddress(page, 'date')).toBeNull();

  await page.getByLabel('Jump to a day').fill(dateField(daysAgo(30)));
  await expect(row(page, oldest), 'before everything: the beginning').toBeVisible();
});

test('what arrives is told above the list, and shown on request', async ({ page, world }) => {
  const [first] = await stored(page, await raid(page, world, MIRA));
  await openHistory(page, '?kind=raid');
  await expect(badge(page, 'Connected')).toBeVisible();
  const ids = await stored(page, await raid(page, world, KITE, 2));
  const waiting = page.getByRole('button', { name: '2 new' });
  await expect(waiting).toBeVisible();
  for (const id of ids) await expect(row(page, id)).toHaveCount(0);
  await waiting.click();
  for (const id of ids) await expect(row(page, id)).toBeInViewport();
  await expect(waiting).toHaveCount(0);
  await expect(row(page, first)).toHaveCount(1);
  await expect(page.getByText('3 events · 1 filter')).toBeVisible();
});

test('a gift bomb is one row, also while the rest of it arrives', async ({ page, world }) => {
  const parts = shuffled(giftBomb('1211', 50), 7);
  await tell(page, world, MIRA, parts.slice(0, 20));
  await openHistory(page, '?kind=gift');
  await expect(rows(page)).toHaveCount(1);
  await expect(badge(page, 'Connected')).toBeVisible();
  await tell(page, world, MIRA, parts.slice(20));
  await expect(rows(page).getByText('50 recipients')).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByRole('button', { name: /new$/ }), 'it is no news').toHaveCount(0);

  await page.reload();
  await expect(rows(page).getByText('50 recipients')).toBeVisible();
  await rows(page).getByRole('button', { name: /^Details/ }).click();
  await expect(rows(page).getByRole('listitem')).toHaveCount(50);
});

test('a time in which nothing could arrive is a band between the events', async ({ page, world }) => {
  const [before] = await stored(page, await raid(page, world, MIRA));
  await page.request.post(`${world.sim}/sim/faults`, { data: { fault: 'drop_sockets', seconds: 1 } });
  await openHistory(page);
  const band = lines(page).locator('[data-gap]');
  await expect(band.first()).toBeVisible();
  // While it lasts its place is where it began, which may be a little before what arrived last.
  const lasting = async () => {
    const { gaps } = await json<{ gaps: { to: string | null }[] }>(page.request, '/api/v1/gaps');
    return gaps.filter(({ to }) => to === null).length;
  };
  await expect.poll(lasting, { timeout: 30_000 }).toBe(0);
  await page.reload();
  await expect(band.first()).toContainText('from Twitch');
  const order = await lines(page)
    .locator('[data-gap], [data-event-id]')
    .evaluateAll((found) => found.map((line) => line.getAttribute('data-event-id')));
  expect(order.indexOf(before)).toBeGreaterThan(order.indexOf(null));
});

test('an event opens to its details', async ({ page, world }) => {
  const [id] = await stored(page, await raid(page, world, MIRA));
  await openHistory(page);
  await row(page, id).getByRole('button', { name: /^Details/ }).click();
  await expect(row(page, id).getByText(/from_broadcaster_user_login/)).toBeVisible();
});

test('from the livestream page to the history in the same document', async ({ page, world }) => {
  const [id] = await stored(page, await raid(page, world, MIRA));
  await openLivestream(page, MIRA);
  const sameDocument = await markDocument(page);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'History' }).click();
  await expect(row(page, id)).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.goBack();
  await expect(feed(page)).toBeAttached();
  await sameDocument();
});

test('pages of the list that fail are asked for again', async ({ page, world, guard }) => {
  await stored(page, await raid(page, world, MIRA, 250));
  guard.expectErrors(/ERR_FAILED/);
  await page.route(/before=/, (route) => route.abort());
  await openHistory(page);
  await rows(page).last().scrollIntoViewIfNeeded();
  await expect(page.getByText('Older events could not be loaded.')).toBeVisible();
  await page.unroute(/before=/);
  await lines(page).getByRole('button', { name: 'Retry' }).click();
  await expect(async () => {
    await page.mouse.wheel(0, 4_000);
    await expect(page.getByText('The beginning of what is held here.')).toBeInViewport({ timeout: 200 });
  }).toPass();
});

test('signed out, the address is kept for after the login', async ({ page }) => {
  await page.request.post('/auth/logout');
  await page.goto('/history?kind=raid');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Log in to look through what happened/);
  const login = control(page, 'Login using Twitch').first();
  expect(await login.getAttribute('href')).toContain(encodeURIComponent('/history?kind=raid'));
});
