// Every page in every state a person can meet it in. The accessibility check and the
// screenshots walk the same list.

import type { Page } from '@playwright/test';
import { type Guard } from './guard.ts';
import {
  KITE,
  MIRA,
  accountButton,
  card,
  control,
  eventRow,
  feed,
  logInByScript,
  loginButton,
  openLivestream,
  playerFrame,
  raid,
  searchBox,
  stored,
  subscribeByScript,
  suggestion,
  untilReceiving,
} from './viewer.ts';
import { type World, expect } from './world.ts';

interface Scene {
  page: Page;
  world: World;
  guard: Guard;
}

interface State {
  name: string;
  show(scene: Scene): Promise<void>;
}

const SUBSCRIPTIONS = '**/api/v1/subscriptions';
const EVENTS = /\/api\/v1\/events(\?|$)/;

/** Calls to this address are never answered. */
async function hold(page: Page, url: string | RegExp): Promise<void> {
  await page.route(url, () => new Promise(() => {}));
}

/** Calls to this address are answered as when the database is away. */
async function fail(page: Page, guard: Guard, url: string | RegExp): Promise<void> {
  guard.expectErrors(/status of 503/);
  await page.route(url, (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      headers: { 'retry-after': '30' },
      json: {
        type: 'about:blank',
        title: 'Service Unavailable',
        status: 503,
        detail: 'The events cannot be read at the moment.',
        code: 'store-unavailable',
        request_id: 'e2e',
      },
    }),
  );
}

async function signedIn(page: Page): Promise<void> {
  await logInByScript(page);
}

/** Signed in, with two streamers and some events. */
async function busy({ page, world }: Scene): Promise<void> {
  await signedIn(page);
  await subscribeByScript(page, MIRA, KITE);
  await untilReceiving(page, MIRA);
  await stored(page, await raid(page, world, MIRA, 12));
}

async function retryIsOffered(page: Page): Promise<void> {
  await expect(control(page, /retry|try again/i).first()).toBeVisible();
}

export const STATES: State[] = [
  {
    name: 'signed-out',
    async show({ page }) {
      await page.goto('/');
      await expect(loginButton(page)).toBeVisible();
    },
  },
  {
    name: 'signed-out-livestream',
    async show({ page }) {
      await page.goto('/livestream/mira_plays');
      await expect(loginButton(page)).toBeVisible();
    },
  },
  {
    name: 'choose-a-person',
    async show({ page }) {
      await page.goto('/');
      await loginButton(page).click();
      await expect(page.locator('a[href*="login=viewer_vera"]').first()).toBeVisible();
    },
  },
  {
    name: 'login-refused',
    async show({ page }) {
      const start = await page.request.get('/auth/login', { maxRedirects: 0 });
      const state = new URL(start.headers()['location']).searchParams.get('state');
      await page.goto(`/auth/callback?error=access_denied&state=${state}`);
      await expect(loginButton(page)).toBeVisible();
    },
  },
  {
    name: 'login-failed',
    async show({ page, guard }) {
      guard.expectErrors(/status of 400/);
      await page.goto('/auth/callback?code=x&state=made-up');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    },
  },
  {
    name: 'server-away',
    async show({ page, guard }) {
      guard.expectErrors(/ERR_FAILED/);
      await page.route('**/api/v1/config', (route) => route.abort());
      await page.goto('/');
      await retryIsOffered(page);
    },
  },
  {
    name: 'not-found',
    async show({ page, guard }) {
      guard.expectErrors(/status of 404/);
      await page.goto('/no/such/page');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    },
  },
  {
    name: 'home-loading',
    async show({ page }) {
      await signedIn(page);
      await hold(page, SUBSCRIPTIONS);
      await page.goto('/');
      await expect(page.getByText(/^Loading/).first()).toBeAttached();
      await expect(accountButton(page)).toBeVisible();
    },
  },
  {
    name: 'home-empty',
    async show({ page }) {
      await signedIn(page);
      await page.goto('/');
      await expect(page.getByText(/no streamers yet/i)).toBeVisible();
    },
  },
  {
    name: 'home-error',
    async show({ page, guard }) {
      await signedIn(page);
      await fail(page, guard, SUBSCRIPTIONS);
      await page.goto('/');
      await retryIsOffered(page);
    },
  },
  {
    name: 'home',
    async show(scene) {
      await busy(scene);
      await scene.page.goto('/');
      await expect(card(scene.page, MIRA)).toBeVisible();
    },
  },
  {
    name: 'home-topics',
    async show(scene) {
      await busy(scene);
      await scene.page.goto('/');
      await card(scene.page, MIRA).getByRole('button', { name: /what arrives/i }).click();
      await expect(card(scene.page, MIRA).getByRole('list')).toBeVisible();
    },
  },
  {
    name: 'home-searching',
    async show({ page }) {
      await signedIn(page);
      await page.goto('/');
      await searchBox(page).fill('mira');
      await expect(suggestion(page, MIRA)).toBeVisible();
      await page.keyboard.press('ArrowDown');
    },
  },
  {
    name: 'home-not-found',
    async show({ page, guard }) {
      guard.expectErrors(/status of 404/);
      await signedIn(page);
      await page.goto('/');
      await searchBox(page).fill('nobody_has_this_name');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('alert')).toBeVisible();
    },
  },
  {
    name: 'home-import',
    async show({ page }) {
      await signedIn(page);
      await page.goto('/');
      await control(page, 'Import my follows').first().click();
      await expect(page.getByRole('dialog').getByText(MIRA.name)).toBeVisible();
    },
  },
  {
    name: 'home-removed',
    async show(scene) {
      await busy(scene);
      await scene.page.goto('/');
      await card(scene.page, MIRA).getByRole('button', { name: /^unsubscribe/i }).click();
      // Kept open: a toast stays while the pointer is on it.
      await scene.page.getByRole('button', { name: 'Undo' }).hover();
    },
  },
  {
    name: 'home-offline',
    async show(scene) {
      await busy(scene);
      await scene.page.goto('/');
      await expect(card(scene.page, MIRA)).toBeVisible();
      scene.guard.expectErrors(/ERR_/);
      await scene.world.cut();
      await scene.page.context().setOffline(true);
      await retryIsOffered(scene.page);
    },
  },
  {
    name: 'account-menu',
    async show({ page }) {
      await signedIn(page);
      await page.goto('/');
      await accountButton(page).click();
      await expect(page.getByRole('menuitem', { name: 'Logout' })).toBeVisible();
    },
  },
  {
    name: 'session-ended',
    async show(scene) {
      await busy(scene);
      await openLivestream(scene.page, MIRA);
      scene.guard.expectErrors(/status of 401/);
      const answer = await scene.page.request.post('/auth/logout');
      expect(answer.status()).toBe(204);
      await expect(scene.page.getByText(/session has ended/i)).toBeVisible();
    },
  },
  {
    name: 'livestream-loading',
    async show({ page }) {
      await signedIn(page);
      await subscribeByScript(page, MIRA);
      await hold(page, EVENTS);
      await page.goto('/livestream/mira_plays');
      await expect(playerFrame(page)).toBeVisible();
      await expect(page.getByText(/^Loading/).first()).toBeAttached();
    },
  },
  {
    name: 'livestream-without-streamers',
    async show({ page }) {
      await signedIn(page);
      await page.goto('/livestream');
      await expect(page.locator('main').getByRole('heading').first()).toBeVisible();
    },
  },
  {
    name: 'livestream-unknown-streamer',
    async show({ page, guard }) {
      guard.expectErrors(/status of 404/);
      await signedIn(page);
      await subscribeByScript(page, MIRA);
      await page.goto('/livestream/nobody_has_this_name');
      await expect(page.locator('main').getByRole('heading').first()).toBeVisible();
    },
  },
  {
    name: 'livestream-empty',
    async show({ page }) {
      await signedIn(page);
      await subscribeByScript(page, KITE);
      await openLivestream(page, KITE);
      await expect(page.getByText(/no events yet/i)).toBeVisible();
    },
  },
  {
    name: 'livestream-offline-streamer',
    async show({ page }) {
      const owl = { login: 'late_owl', name: 'Late_Owl' };
      await signedIn(page);
      await subscribeByScript(page, owl);
      await openLivestream(page, owl);
    },
  },
  {
    name: 'livestream',
    async show(scene) {
      await busy(scene);
      await openLivestream(scene.page, MIRA);
      await expect(feed(scene.page).locator('[data-event-id]').nth(9)).toBeAttached();
    },
  },
  {
    name: 'livestream-details',
    async show(scene) {
      const { page, world } = scene;
      await busy(scene);
      await openLivestream(page, MIRA);
      const [id] = await stored(page, await raid(page, world, MIRA));
      await eventRow(page, id).getByRole('button').first().click();
      await expect(eventRow(page, id).getByRole('button').first()).toHaveAttribute('aria-expanded', 'true');
    },
  },
  {
    name: 'livestream-error',
    async show({ page, guard }) {
      await signedIn(page);
      await subscribeByScript(page, MIRA);
      await fail(page, guard, EVENTS);
      await page.goto('/livestream/mira_plays');
      await retryIsOffered(page);
    },
  },
  {
    name: 'livestream-embed-blocked',
    async show(scene) {
      await busy(scene);
      await hold(scene.page, `${scene.world.sim}/player/**`);
      await openLivestream(scene.page, MIRA);
      await expect(scene.page.getByText(/did not load/i).first()).toBeVisible({ timeout: 20_000 });
    },
  },
  {
    name: 'livestream-disconnected',
    async show(scene) {
      await busy(scene);
      await openLivestream(scene.page, MIRA);
      scene.guard.expectErrors(/ERR_/);
      await scene.world.cut();
      await expect(scene.page.getByText('Disconnected', { exact: true }).first()).toBeVisible();
    },
  },
  {
    name: 'settings',
    async show({ page }) {
      await signedIn(page);
      await page.goto('/settings');
      await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
      await expect(page.getByText(/no tokens yet/i)).toBeVisible();
    },
  },
  {
    name: 'settings-loading',
    async show({ page }) {
      await signedIn(page);
      await hold(page, '**/api/v1/tokens');
      await page.goto('/settings');
      await expect(page.getByText(/^Loading/).first()).toBeAttached();
    },
  },
  {
    name: 'settings-error',
    async show({ page, guard }) {
      await signedIn(page);
      await fail(page, guard, '**/api/v1/tokens');
      await page.goto('/settings');
      await retryIsOffered(page);
    },
  },
  {
    name: 'settings-new-token',
    async show({ page }) {
      await signedIn(page);
      await page.goto('/settings');
      await page.getByRole('textbox', { name: /name of the new token/i }).fill('stream deck');
      await page.getByRole('button', { name: 'Create token' }).click();
      await expect(page.getByText(/^sevt_/)).toBeVisible();
    },
  },
  {
    name: 'settings-disconnect',
    async show({ page }) {
      await signedIn(page);
      await page.goto('/settings');
      await page.getByRole('button', { name: 'Disconnect Twitch' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
];

/** How the states are looked at. */
export const LOOKS = (['dark', 'light'] as const).flatMap((theme) =>
  [
    { width: 360, height: 740 },
    { width: 1440, height: 900 },
  ].map((viewport) => ({ theme, viewport, name: `${theme} at ${viewport.width} px` })),
);

/** Turns the open page to one look. */
export async function look(page: Page, { theme, viewport }: (typeof LOOKS)[number]): Promise<void> {
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
}
