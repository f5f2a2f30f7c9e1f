// What somebody meets who is not signed in.

import { loginButton } from '../viewer.ts';
import { expect } from '../world.ts';
import { type State, retryIsOffered } from './scene.ts';

export const VISITOR: State[] = [
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
];
