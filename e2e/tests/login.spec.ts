// The way in and out, and what is left behind.

import { expect, test } from '../lib/world.ts';
import {
  KITE,
  MIRA,
  accountButton,
  logIn,
  logInByScript,
  logOut,
  loginButton,
  openLivestream,
  raidShows,
  subscribeByScript,
} from '../lib/viewer.ts';

test('a visitor logs in by choosing a person and logs out for good', async ({ page, context }) => {
  await page.goto('/');
  await logIn(page, 'viewer_vera');
  expect(new URL(page.url()).pathname).toBe('/');

  const cookie = (await context.cookies(page.url())).find(({ name }) => name === 'ses');
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });

  await logOut(page);
  const answer = await fetch(new URL('/api/v1/me', page.url()), {
    headers: { cookie: `ses=${cookie?.value}` },
  });
  expect(answer.status).toBe(401);
});

test('nothing is kept in the browser before login', async ({ page, context }) => {
  await page.goto('/');
  await expect(loginButton(page)).toBeVisible();
  expect(await context.cookies()).toEqual([]);
  expect(await page.evaluate(() => ({ ...localStorage, ...sessionStorage }))).toEqual({});
});

test('login leads back to the page that was asked for', async ({ page }) => {
  await page.goto('/livestream/mira_plays');
  await logIn(page);
  await expect(page).toHaveURL(/\/livestream\/mira_plays$/);
});

test('a refused login comes back with a word and a way to try again', async ({ page }) => {
  const start = await page.request.get('/auth/login', { maxRedirects: 0 });
  const state = new URL(start.headers()['location']).searchParams.get('state');
  await page.goto(`/auth/callback?error=access_denied&error_description=denied&state=${state}`);
  await expect(page).toHaveURL(/^[^?]*\/(\?.*)?$/);
  await expect(page.getByText(/did not allow|was denied|refused/i)).toBeVisible();
  await expect(loginButton(page)).toBeVisible();
});

test('a made-up callback is refused with a page', async ({ page, guard }) => {
  guard.expectErrors(/status of 400/);
  const answer = await page.goto('/auth/callback?code=x&state=made-up');
  expect(answer?.status()).toBe(400);
  expect(answer?.headers()['content-type']).toContain('text/html');
  await expect(page.locator('body')).not.toBeEmpty();
});

test('a session that ends under an open page says so, and login leads back', async ({ page, context, guard, world }) => {
  await logInByScript(page);
  await subscribeByScript(page, MIRA);
  await openLivestream(page, MIRA);

  guard.expectErrors(/status of 401/);
  await test.step('another tab logs out', async () => {
    const other = await context.newPage();
    await other.goto('/');
    await logOut(other);
    await other.close();
  });

  await expect(page.getByText(/your session has ended/i)).toBeVisible();
  await logIn(page);
  await expect(page).toHaveURL(/\/livestream\/mira_plays$/);
  await raidShows(page, world, MIRA);
});

test('another person in the same browser sees nothing of the first', async ({ page }) => {
  await logInByScript(page, 'viewer_vera');
  await subscribeByScript(page, MIRA, KITE);
  await page.goto('/');
  await expect(page.getByRole('heading', { name: MIRA.name })).toBeVisible();
  await logOut(page);

  await logIn(page, 'viewer_omar');
  await expect(accountButton(page)).toHaveAccessibleName(/Viewer_Omar/);
  await expect(page.getByRole('heading', { name: MIRA.name })).toHaveCount(0);
});
