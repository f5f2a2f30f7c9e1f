// The settings page.

import { logInByScript } from '../viewer.ts';
import { expect } from '../world.ts';
import { type State, fail, hold, retryIsOffered } from './scene.ts';

export const SETTINGS: State[] = [
  {
    name: 'settings',
    async show({ page }) {
      await logInByScript(page);
      await page.goto('/settings');
      await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
      await expect(page.getByText(/no tokens yet/i)).toBeVisible();
    },
  },
  {
    name: 'settings-loading',
    async show({ page }) {
      await logInByScript(page);
      await hold(page, '**/api/v1/tokens');
      await page.goto('/settings');
      await expect(page.getByText(/^Loading/).first()).toBeAttached();
    },
  },
  {
    name: 'settings-error',
    async show({ page, guard }) {
      await logInByScript(page);
      await fail(page, guard, '**/api/v1/tokens');
      await page.goto('/settings');
      await retryIsOffered(page);
    },
  },
  {
    name: 'settings-new-token',
    async show({ page }) {
      await logInByScript(page);
      await page.goto('/settings');
      await page.getByRole('textbox', { name: /name of the new token/i }).fill('stream deck');
      await page.getByRole('button', { name: 'Create token' }).click();
      await expect(page.getByText(/^sevt_/)).toBeVisible();
    },
  },
  {
    name: 'settings-disconnect',
    async show({ page }) {
      await logInByScript(page);
      await page.goto('/settings');
      await page.getByRole('button', { name: 'Disconnect Twitch' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
];
