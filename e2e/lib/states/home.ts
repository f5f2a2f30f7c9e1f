// The front page of somebody signed in.

import {
  MIRA,
  accountButton,
  card,
  connectByScript,
  control,
  logInByScript,
  searchBox,
  subscribeByScript,
  suggestion,
} from '../viewer.ts';
import { expect } from '../world.ts';
import { type State, busy, fail, hold, retryIsOffered } from './scene.ts';

const SUBSCRIPTIONS = '**/api/v1/subscriptions';

export const HOME: State[] = [
  {
    name: 'home-loading',
    async show({ page }) {
      await logInByScript(page);
      await hold(page, SUBSCRIPTIONS);
      await page.goto('/');
      await expect(page.getByText(/^Loading/).first()).toBeAttached();
      await expect(accountButton(page)).toBeVisible();
    },
  },
  {
    name: 'home-empty',
    async show({ page }) {
      await logInByScript(page);
      await page.goto('/');
      await expect(page.getByText(/no streamers yet/i)).toBeVisible();
    },
  },
  {
    name: 'home-error',
    async show({ page, guard }) {
      await logInByScript(page);
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
    name: 'home-own-channel',
    async show({ page }) {
      await logInByScript(page, MIRA.login);
      await subscribeByScript(page, MIRA);
      await connectByScript(page, 'polls,followers');
      await page.goto('/');
      await card(page, MIRA).getByRole('button', { name: /what arrives/i }).click();
      await expect(card(page, MIRA).getByText('Poll begins')).toBeVisible();
    },
  },
  {
    name: 'home-searching',
    async show({ page }) {
      await logInByScript(page);
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
      await logInByScript(page);
      await page.goto('/');
      await searchBox(page).fill('nobody_has_this_name');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('alert')).toBeVisible();
    },
  },
  {
    name: 'home-import',
    async show({ page }) {
      await logInByScript(page);
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
      await logInByScript(page);
      await page.goto('/');
      await accountButton(page).click();
      await expect(page.getByRole('menuitem', { name: 'Logout' })).toBeVisible();
    },
  },
];
