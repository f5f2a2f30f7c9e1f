// The History page.

import { chart, daysAgo, lines, openHistory, past, row, scrubber } from '../history.ts';
import { KITE, MIRA, accountButton, logInByScript, raid, stored } from '../viewer.ts';
import { expect } from '../world.ts';
import { type Scene, type State, busy, fail, hold, retryIsOffered } from './scene.ts';

const EVENTS = /\/api\/v1\/events(\?|$)/;

/** Events of the last weeks, and of today. */
async function pastAndPresent(scene: Scene): Promise<string[]> {
  await busy(scene);
  const { page, world } = scene;
  const days = [40, 33, 33.1, 26, 19, 18.9, 12, 9, 8.8, 5, 3, 2, 1];
  await past(page, world, MIRA, days.map(daysAgo));
  return stored(page, await raid(page, world, KITE, 8));
}

export const HISTORY: State[] = [
  {
    name: 'history-loading',
    async show({ page }) {
      await logInByScript(page);
      await hold(page, EVENTS);
      await hold(page, /\/api\/v1\/stats/);
      await page.goto('/history');
      await expect(page.getByText(/^Loading/).first()).toBeAttached();
      await expect(accountButton(page)).toBeVisible();
    },
  },
  {
    name: 'history-empty',
    async show({ page }) {
      await logInByScript(page);
      await openHistory(page);
      await expect(page.getByRole('heading', { name: 'Nothing is stored yet.' })).toBeVisible();
    },
  },
  {
    name: 'history-error',
    async show({ page, guard }) {
      await logInByScript(page);
      await fail(page, guard, EVENTS);
      await page.goto('/history');
      await retryIsOffered(page);
    },
  },
  {
    name: 'history',
    async show(scene) {
      await pastAndPresent(scene);
      await openHistory(scene.page);
      await expect(chart(scene.page)).toBeVisible();
    },
  },
  {
    name: 'history-filtered',
    async show(scene) {
      await pastAndPresent(scene);
      await openHistory(scene.page, `?kind=raid&q=raided&since=${daysAgo(20).toISOString()}`);
      await expect(chart(scene.page)).toBeVisible();
    },
  },
  {
    name: 'history-time',
    async show(scene) {
      await pastAndPresent(scene);
      await openHistory(scene.page, '?kind=raid');
      const filters = scene.page.getByRole('button', { name: /^Filters/ });
      await scene.page.setViewportSize({ width: 360, height: 740 });
      await filters.click();
      await scene.page.getByRole('button', { name: 'All time' }).click();
      await expect(scene.page.getByLabel('From', { exact: true })).toBeVisible();
    },
  },
  {
    name: 'history-chart',
    async show(scene) {
      await pastAndPresent(scene);
      await openHistory(scene.page);
      await chart(scene.page).getByRole('button', { name: 'Table' }).click();
      await scrubber(scene.page).focus();
      await scene.page.keyboard.press('End');
      for (let step = 0; step < 5; step += 1) await scene.page.keyboard.press('Shift+ArrowLeft');
    },
  },
  {
    name: 'history-nothing-matches',
    async show(scene) {
      await pastAndPresent(scene);
      await openHistory(scene.page, '?q=no+such+words&kind=raid');
      await expect(scene.page.getByRole('heading', { name: 'Nothing matches.' })).toBeVisible();
    },
  },
  {
    name: 'history-refused',
    async show(scene) {
      await busy(scene);
      scene.guard.expectErrors(/status of 422/);
      await openHistory(scene.page, '?min_amount=lots&kind=raid');
      await expect(scene.page.getByRole('alert')).toBeVisible();
    },
  },
  {
    name: 'history-day',
    async show(scene) {
      const [id] = await pastAndPresent(scene);
      await openHistory(scene.page, `?date=${daysAgo(0).toISOString().slice(0, 10)}`);
      await row(scene.page, id).getByRole('button', { name: /^Details/ }).click();
      await expect(lines(scene.page).getByRole('button', { name: 'To the newest' })).toBeVisible();
    },
  },
  {
    name: 'history-offline',
    async show(scene) {
      await busy(scene);
      await openHistory(scene.page);
      scene.guard.expectErrors(/ERR_/);
      await scene.world.cut();
      await scene.page.context().setOffline(true);
      await retryIsOffered(scene.page);
    },
  },
];
