// The livestream page.

import {
  KITE,
  MIRA,
  badge,
  eventRow,
  feed,
  logInByScript,
  markAllRead,
  openLivestream,
  playerFrame,
  raid,
  stored,
  subscribeByScript,
} from '../viewer.ts';
import { giftBomb, stream, tell } from '../twitch.ts';
import { expect } from '../world.ts';
import { type State, busy, fail, hold, retryIsOffered } from './scene.ts';

const EVENTS = /\/api\/v1\/events(\?|$)/;

export const LIVESTREAM: State[] = [
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
      await logInByScript(page);
      await subscribeByScript(page, MIRA);
      await hold(page, EVENTS);
      await page.goto('/livestream/mira_plays');
      await expect(playerFrame(page)).toBeVisible();
      await expect(page.getByText(/^Loading/).first()).toBeAttached();
    },
  },
  {
    name: 'livestream-gap',
    async show(scene) {
      await busy(scene);
      await openLivestream(scene.page, MIRA);
      await scene.page.request.post(`${scene.world.sim}/sim/faults`, { data: { fault: 'drop_sockets', seconds: 1 } });
      await expect(feed(scene.page).getByText(/nothing could arrive/).first()).toBeVisible();
      await expect(badge(scene.page, 'Connected')).toBeVisible();
    },
  },
  {
    name: 'livestream-without-streamers',
    async show({ page }) {
      await logInByScript(page);
      await page.goto('/livestream');
      await expect(page.locator('main').getByRole('heading').first()).toBeVisible();
    },
  },
  {
    name: 'livestream-unknown-streamer',
    async show({ page, guard }) {
      guard.expectErrors(/status of 404/);
      await logInByScript(page);
      await subscribeByScript(page, MIRA);
      await page.goto('/livestream/nobody_has_this_name');
      await expect(page.locator('main').getByRole('heading').first()).toBeVisible();
    },
  },
  {
    name: 'livestream-empty',
    async show({ page }) {
      await logInByScript(page);
      await subscribeByScript(page, KITE);
      await openLivestream(page, KITE);
      await expect(page.getByText(/no events yet/i)).toBeVisible();
    },
  },
  {
    name: 'livestream-offline-streamer',
    async show({ page }) {
      const owl = { login: 'late_owl', name: 'Late_Owl' };
      await logInByScript(page);
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
    name: 'livestream-unread',
    async show(scene) {
      const { page, world } = scene;
      await busy(scene);
      await markAllRead(page);
      await stored(page, await raid(page, world, MIRA, 3));
      await openLivestream(page, MIRA);
      await expect(feed(page).getByRole('separator')).toBeVisible();
    },
  },
  {
    name: 'livestream-folded',
    async show(scene) {
      const { page, world } = scene;
      await busy(scene);
      await tell(page, world, MIRA, giftBomb('1', 50));
      await stored(page, await raid(page, world, MIRA));
      await tell(page, world, MIRA, [stream('online', '1'), stream('offline', '1')]);
      await openLivestream(page, MIRA);
      const bomb = feed(page).locator('[data-kind="gift"]');
      await bomb.getByRole('button').first().click();
      await expect(bomb.getByRole('listitem')).toHaveCount(50);
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
    name: 'livestream-recovered',
    async show(scene) {
      const { page, world } = scene;
      await busy(scene);
      await openLivestream(page, MIRA);
      const tell = (path: string, data: object) => page.request.post(`${world.sim}/sim/${path}`, { data });
      const stream = (type: string, event: object) => tell('events', { type, broadcaster: MIRA.login, event });
      await tell('faults', { fault: 'drop_sockets', seconds: 3600 });
      await expect(badge(page, 'Connected')).toBeHidden();
      await stream('stream.offline', {});
      await stream('stream.online', { id: '99' });
      await page.request.delete(`${world.sim}/sim/faults`);
      await expect(feed(page).getByText('Recovered', { exact: true }).nth(1)).toBeVisible({ timeout: 30_000 });
      await expect(badge(page, 'Connected')).toBeVisible();
    },
  },
  {
    name: 'livestream-recap',
    async show(scene) {
      const { page, world } = scene;
      await busy(scene);
      await openLivestream(page, MIRA);
      const data = { type: 'stream.offline', broadcaster: MIRA.login };
      await page.request.post(`${world.sim}/sim/events`, { data });
      // On a phone it is under About.
      await expect(page.locator('.stage-left').getByText(/Streamed for/)).toBeAttached();
      await feed(page).getByRole('button', { name: /Stream ended/ }).first().click();
      await expect(feed(page).getByText(/Streamed for/)).toBeVisible();
    },
  },
  {
    name: 'livestream-keys',
    async show(scene) {
      await busy(scene);
      await openLivestream(scene.page, MIRA);
      await scene.page.keyboard.press('j');
      await scene.page.keyboard.press('?');
      await expect(scene.page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'livestream-error',
    async show({ page, guard }) {
      await logInByScript(page);
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
];
