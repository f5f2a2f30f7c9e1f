// The livestream page: frames, feed, switching.

import { expect, test } from '../lib/world.ts';
import {
  KITE,
  MIRA,
  badge,
  chatFrame,
  eventRow,
  feed,
  logInByScript,
  markDocument,
  openLivestream,
  playerFrame,
  raid,
  raidShows,
  shownEvents,
  stored,
  subscribeByScript,
  switchTo,
  untilReceiving,
} from '../lib/viewer.ts';

test.beforeEach(async ({ page }) => {
  await logInByScript(page);
  await subscribeByScript(page, MIRA, KITE);
  await untilReceiving(page, MIRA);
  await untilReceiving(page, KITE);
});

test('player and chat are shown with the right parent', async ({ page }) => {
  await openLivestream(page, MIRA);
  const frames = [
    { frame: playerFrame(page), path: '/player/' },
    { frame: chatFrame(page), path: '/embed/mira_plays/chat' },
  ];
  for (const { frame, path } of frames) {
    await expect(frame).toBeVisible();
    const source = new URL((await frame.getAttribute('src')) ?? '');
    expect(source.pathname).toBe(path);
    expect(source.searchParams.getAll('parent')).toContain('localhost');
    await expect(frame.contentFrame().locator('body')).toContainText(/mira_plays/i);
  }
});

test('the player keeps the size Twitch asks for', async ({ page }) => {
  const player = playerFrame(page);
  await openLivestream(page, MIRA);
  const wide = await player.boundingBox();
  expect(wide?.width).toBeGreaterThanOrEqual(400);
  expect(wide?.height).toBeGreaterThanOrEqual(300);

  await page.setViewportSize({ width: 480, height: 900 });
  await expect.poll(async () => (await player.boundingBox())?.height).toBeGreaterThanOrEqual(300);
});

test('new events appear without reload, newest first, once', async ({ page, world }) => {
  await openLivestream(page, MIRA);
  const sameDocument = await markDocument(page);
  await raidShows(page, world, MIRA);
  await raidShows(page, world, MIRA, 3);

  const shown = await shownEvents(page);
  expect(shown).toEqual([...new Set(shown)].sort((a, b) => b - a));
  await sameDocument();
});

test('the first events are there at once', async ({ page, world }) => {
  const ids = await stored(page, await raid(page, world, MIRA, 12));
  await openLivestream(page, MIRA);
  const newest = ids.map(Number).sort((a, b) => b - a).slice(0, 10);
  for (const id of newest) await expect(eventRow(page, String(id))).toHaveCount(1);
});

test('switching the streamer keeps the document and the connection', async ({ page, world }) => {
  await openLivestream(page, MIRA);
  await raidShows(page, world, MIRA);
  const sameDocument = await markDocument(page);

  await switchTo(page, KITE);
  await expect(playerFrame(page)).toHaveAttribute('src', /channel=kiteflyer/);
  await raidShows(page, world, KITE);

  const [ofMira] = await stored(page, await raid(page, world, MIRA));
  await raidShows(page, world, KITE);
  await expect(eventRow(page, ofMira), 'another streamer is not in this feed').toHaveCount(0);
  await expect(badge(page, 'Connected')).toBeVisible();

  await page.goBack();
  await expect(page).toHaveURL(/\/livestream\/mira_plays$/);
  await expect(eventRow(page, ofMira)).toHaveCount(1);
  await sameDocument();
});

test('an event opens to its details and its raw payload', async ({ page, world }) => {
  await openLivestream(page, MIRA);
  const [id] = await stored(page, await raid(page, world, MIRA));
  const row = eventRow(page, id);
  await row.getByRole('button').first().click();
  await expect(row.getByText(/from_broadcaster_user_login/)).toBeAttached();
});

test('a reader who has scrolled away is told of new events, and is not moved', async ({ page, world }) => {
  const ids = await stored(page, await raid(page, world, MIRA, 40));
  await openLivestream(page, MIRA);
  const rows = feed(page).locator('[data-event-id]');
  await expect(rows.nth(9)).toBeAttached();
  await rows.last().scrollIntoViewIfNeeded();
  // Scrolling loads older rows below: the row to be held on to is one that stays the same.
  const held = eventRow(page, String(Math.min(...ids.map(Number))));
  await held.scrollIntoViewIfNeeded();
  const before = await held.boundingBox();

  await raid(page, world, MIRA, 3);
  const waiting = page.getByRole('button', { name: /3 new/ });
  await expect(waiting).toBeVisible();
  const after = await held.boundingBox();
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2);

  await waiting.click();
  await expect(waiting).toHaveCount(0);
  await expect(rows.first()).toBeInViewport();
});

test('a filter by kind shows those alone', async ({ page, world }) => {
  await openLivestream(page, MIRA);
  const [id] = await stored(page, await raid(page, world, MIRA));
  const only = page.getByRole('group', { name: 'Show only' });
  await only.getByRole('button', { name: /^cheer/i }).click();
  await expect(eventRow(page, id)).toHaveCount(0);
  await only.getByRole('button', { name: /^raid/i }).click();
  await expect(eventRow(page, id)).toHaveCount(1);
});

test('on a phone the frames and the feed are tabs', async ({ page, world }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openLivestream(page, MIRA);
  await expect(playerFrame(page), 'no autoplay on a narrow page').toHaveCount(0);
  await page.getByRole('button', { name: `Play ${MIRA.name}` }).click();
  await expect(playerFrame(page)).toBeVisible();

  const [id] = await stored(page, await raid(page, world, MIRA));
  await expect(eventRow(page, id)).toBeVisible();
  await page.getByRole('tab', { name: 'Chat' }).click();
  await expect(chatFrame(page)).toBeVisible();
  await expect(eventRow(page, id)).toBeHidden();
});

test('a player that is kept from loading leaves a way to Twitch, and the events', async ({ page, world }) => {
  await page.route(`${world.sim}/player/**`, () => new Promise(() => {}));
  await openLivestream(page, MIRA);
  await expect(page.getByText(/did not load/i)).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('link', { name: /watch on twitch/i }).first()).toHaveAttribute('href', /mira_plays/);
  await raidShows(page, world, MIRA);
});
