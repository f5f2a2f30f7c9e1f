// The settings page.

import type { Locator, Page } from '@playwright/test';
import { MIRA, channelStep, connectByScript, logInByScript, ownChannel } from '../viewer.ts';
import { expect } from '../world.ts';
import { type Scene, type State, fail, hold, retryIsOffered } from './scene.ts';

const CHANNEL = '**/api/v1/me/channel';

function tokens(page: Page): Locator {
  return page.getByRole('region', { name: 'API tokens' });
}

/** A streamer who has connected some of the own channel. */
async function connected({ page }: Scene): Promise<void> {
  await logInByScript(page, MIRA.login);
  await connectByScript(page, 'polls,points,hype-train');
  await page.goto('/settings');
  await expect(channelStep(page, 'Polls').getByText('Connected', { exact: true })).toBeVisible();
}

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
    subject: tokens,
  },
  {
    name: 'settings-error',
    async show({ page, guard }) {
      await logInByScript(page);
      await fail(page, guard, '**/api/v1/tokens');
      await page.goto('/settings');
      await retryIsOffered(page);
    },
    subject: tokens,
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
    subject: tokens,
  },
  {
    name: 'settings-channel',
    async show({ page }) {
      await logInByScript(page, MIRA.login);
      await page.goto('/settings');
      await expect(channelStep(page, 'Polls')).toBeVisible();
    },
    subject: ownChannel,
  },
  {
    name: 'settings-channel-connected',
    async show(scene) {
      await connected(scene);
      await channelStep(scene.page, 'Polls').getByText('3 of 3 types arrive').click();
    },
    subject: ownChannel,
  },
  {
    name: 'settings-channel-refused',
    async show(scene) {
      const { page, world } = scene;
      await connected(scene);
      await page.request.post(`${world.sim}/sim/faults`, {
        data: { fault: 'http_status', target: '/helix/eventsub/subscriptions', code: 403, seconds: 600 },
      });
      await connectByScript(page, 'followers');
      await page.goto('/settings?notice=connect-withheld');
      await expect(channelStep(page, 'Followers').getByText(/nothing arrives/i)).toBeVisible();
    },
    subject: ownChannel,
  },
  {
    name: 'settings-channel-loading',
    async show({ page }) {
      await logInByScript(page, MIRA.login);
      await hold(page, CHANNEL);
      await page.goto('/settings');
      await expect(ownChannel(page).getByText(/^Loading/)).toBeAttached();
    },
    subject: ownChannel,
  },
  {
    name: 'settings-channel-error',
    async show({ page, guard }) {
      await logInByScript(page, MIRA.login);
      await fail(page, guard, CHANNEL);
      await page.goto('/settings');
      await expect(ownChannel(page).getByRole('button', { name: 'Retry' })).toBeVisible();
    },
    subject: ownChannel,
  },
  {
    name: 'settings-channel-undo',
    async show(scene) {
      await connected(scene);
      await ownChannel(scene.page).getByRole('button', { name: 'Undo everything' }).click();
      await expect(scene.page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'settings-channel-consent',
    async show({ page }) {
      await logInByScript(page, MIRA.login);
      await page.goto('/settings');
      await channelStep(page, 'Moderation').getByRole('link', { name: 'Connect Moderation' }).click();
      await expect(page.getByText('moderator:read:warnings')).toBeVisible();
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
