// The two bundles of the app: what an address loads, and going on in the same document when
// the pages of the other are wanted.

import type { Page, Request } from '@playwright/test';
import { type World, expect, test } from '../lib/world.ts';
import {
  MIRA,
  badge,
  card,
  feed,
  logInByScript,
  markDocument,
  openLivestream,
  openSettings,
  raidShows,
  subscribeByScript,
  untilReceiving,
} from '../lib/viewer.ts';

const ALL_PAGES = '**/frontend-all-*_bg.wasm';

test.beforeEach(async ({ page }) => {
  await logInByScript(page);
  await subscribeByScript(page, MIRA);
});

/** The files of bundles that are asked for from now on. */
function fetched(page: Page): string[] {
  const paths: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/\.(js|wasm)$/.test(pathname)) paths.push(pathname);
  });
  return paths;
}

/** How many live streams of this page are open now. */
function openStreams(page: Page): () => number {
  const open = new Set<Request>();
  page.on('request', (request) => {
    if (request.url().includes('/api/v1/events/live')) open.add(request);
  });
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
  return () => open.size;
}

function toHome(page: Page) {
  return page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Streamers' });
}

async function onHome(page: Page): Promise<void> {
  await expect(card(page, MIRA)).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
}

async function onLivestream(page: Page, world: World): Promise<void> {
  await expect(feed(page)).toBeAttached();
  await expect(badge(page, 'Connected')).toBeVisible();
  await raidShows(page, world, MIRA);
}

test('from the livestream page to all others in the same document', async ({ page, world }) => {
  await untilReceiving(page, MIRA);
  const streams = openStreams(page);
  const files = fetched(page);
  await openLivestream(page, MIRA);
  expect(files.filter((path) => path.includes('frontend-all'))).toEqual([]);
  const sameDocument = await markDocument(page);
  await raidShows(page, world, MIRA);
  expect(streams()).toBe(1);

  await toHome(page).click();
  await onHome(page);
  await expect(page).toHaveURL(/\/$/);
  await expect(badge(page, 'Connected')).toBeVisible();
  await expect.poll(streams, 'the first app has closed its stream').toBe(1);
  await expect(page.locator('main')).toHaveCount(1);
  await expect(page).toHaveTitle(/Streamer Events$/);

  await openSettings(page);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Livestream' }).click();
  await onLivestream(page, world);
  expect(streams()).toBe(1);

  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  await page.goBack();
  await expect(card(page, MIRA)).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/livestream\/mira_plays$/);
  await onLivestream(page, world);
  expect(streams()).toBe(1);
  expect(files.filter((path) => path.endsWith('.wasm')), 'each bundle once').toHaveLength(2);
  await sameDocument();
});

test('every other address loads the bundle of all pages, and that alone', async ({ page }) => {
  const files = fetched(page);
  for (const address of ['/', '/settings']) {
    files.length = 0;
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(files).toHaveLength(2);
    for (const file of files) expect(file).toContain('/frontend-all-');
  }
  const sameDocument = await markDocument(page);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Livestream' }).click();
  await expect(feed(page)).toBeAttached();
  expect(files).toHaveLength(2);
  await sameDocument();
});

test('pages that cannot be fetched say so, and come on request', async ({ page, guard, world }) => {
  guard.expectErrors(/ERR_FAILED/);
  await untilReceiving(page, MIRA);
  await openLivestream(page, MIRA);
  const sameDocument = await markDocument(page);
  await page.route(ALL_PAGES, (route) => route.abort());
  await toHome(page).click();
  await expect(page.getByText('The page could not be loaded.')).toBeVisible();

  await page.goBack();
  await onLivestream(page, world);
  await page.goForward();
  const retry = page.getByRole('button', { name: 'Retry' });
  await retry.click();
  await expect(retry, 'it failed again').toBeVisible();

  await page.unroute(ALL_PAGES);
  await retry.click();
  await onHome(page);
  await sameDocument();
});

test('a bundle whose script failed once is had the next time', async ({ page, guard }) => {
  guard.expectErrors(/ERR_FAILED/);
  await openLivestream(page, MIRA);
  const script = '**/frontend-all-*.js*';
  await page.route(script, (route) => route.abort());
  await toHome(page).click();
  await expect(page.getByText('The page could not be loaded.')).toBeVisible();
  await page.unroute(script);
  await page.getByRole('button', { name: 'Retry' }).click();
  await onHome(page);
});

test('who goes back while the pages are fetched stays', async ({ page, world }) => {
  await untilReceiving(page, MIRA);
  const streams = openStreams(page);
  await openLivestream(page, MIRA);
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route(ALL_PAGES, async (route) => {
    await held;
    await route.continue();
  });
  await toHome(page).click();
  await expect(page.getByRole('heading', { name: 'Loading…' })).toBeFocused();
  await page.goBack();
  await onLivestream(page, world);
  const loaded = page.waitForResponse(ALL_PAGES);
  goOn();
  await (await loaded).finished();
  await raidShows(page, world, MIRA);
  await expect(page.locator('main')).toHaveCount(1);
  expect(streams()).toBe(1);

  await toHome(page).click();
  await onHome(page);
  await expect.poll(streams).toBe(1);
});

test('a server of another version is asked for its own pages', async ({ page, guard }) => {
  guard.expectErrors(/status of 404/, /Failed to fetch dynamically imported module/);
  await openLivestream(page, MIRA);
  await page.route('**/frontend-all-*', (route) => route.fulfill({ status: 404 }), { times: 2 });
  await toHome(page).click();
  await expect(card(page, MIRA)).toBeVisible();
  await expect(page).toHaveURL(/\/$/);
});
