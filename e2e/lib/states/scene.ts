// What the states of all pages need to come about.

import type { Locator, Page } from '@playwright/test';
import type { Guard } from '../guard.ts';
import { KITE, MIRA, control, logInByScript, raid, stored, subscribeByScript, untilReceiving } from '../viewer.ts';
import { type World, expect } from '../world.ts';

export interface Scene {
  page: Page;
  world: World;
  guard: Guard;
}

export interface State {
  name: string;
  show(scene: Scene): Promise<void>;
  /** What it is about, where the first screen may not show it. */
  subject?(page: Page): Locator;
}

/** Calls to this address are never answered. */
export async function hold(page: Page, url: string | RegExp): Promise<void> {
  await page.route(url, () => new Promise(() => {}));
}

/** Calls to this address are answered as when the database is away. */
export async function fail(page: Page, guard: Guard, url: string | RegExp): Promise<void> {
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

/** Signed in, with two streamers and some events. */
export async function busy({ page, world }: Scene): Promise<void> {
  await logInByScript(page);
  await subscribeByScript(page, MIRA, KITE);
  await untilReceiving(page, MIRA);
  await stored(page, await raid(page, world, MIRA, 12));
}

export async function retryIsOffered(page: Page): Promise<void> {
  await expect(control(page, /retry|try again/i).first()).toBeVisible();
}
