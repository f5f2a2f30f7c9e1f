// The settings page.

import { expect, json, test } from '../lib/world.ts';
import { logInByScript, loginButton, openSettings } from '../lib/viewer.ts';

test.beforeEach(async ({ page }) => {
  await logInByScript(page);
  await page.goto('/');
  await openSettings(page);
});

test('the chosen theme holds over a reload and on other pages', async ({ page }) => {
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  for (const theme of ['Light', 'Dark']) {
    await page.getByRole('group', { name: 'Theme' }).getByText(theme, { exact: true }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase());
    const shown = await background();
    await page.reload();
    expect(await background()).toBe(shown);
    await page.goto('/');
    expect(await background()).toBe(shown);
    await openSettings(page);
  }
});

test('the theme follows the system until one is chosen', async ({ page }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
  }
});

test('collecting while signed out can be switched off', async ({ page }) => {
  const name = /keep collecting while i am signed out/i;
  const keep = page.getByRole('switch', { name });
  await expect(keep).toBeChecked();
  await keep.click();
  await expect(keep).not.toBeChecked();
  await expect
    .poll(async () => (await json<{ keep_collecting: boolean }>(page.request, '/api/v1/me')).keep_collecting)
    .toBe(false);
  await page.reload();
  await expect(keep).not.toBeChecked();
});

test('an API token is shown once, works, and can be deleted', async ({ page, world }) => {
  await page.getByRole('textbox', { name: /name of the new token/i }).fill('stream deck');
  await page.getByRole('button', { name: 'Create token' }).click();

  const secret = page.getByText(/^sevt_/);
  await expect(secret).toBeVisible();
  const token = await secret.textContent();
  const asToken = () => fetch(`${world.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  expect((await asToken()).status).toBe(200);

  await page.reload();
  await expect(page.getByText('stream deck')).toBeVisible();
  await expect(secret).toHaveCount(0);

  await page.getByRole('button', { name: 'Delete token stream deck' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete token' }).click();
  await expect(page.getByText('stream deck')).toHaveCount(0);
  await expect.poll(async () => (await asToken()).status).toBe(401);
});

test('disconnecting Twitch ends the session and every token', async ({ page, context }) => {
  const cookie = (await context.cookies()).find(({ name }) => name === 'ses');
  await page.getByRole('button', { name: 'Disconnect Twitch' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect', exact: true }).click();
  await expect(loginButton(page)).toBeVisible();
  const answer = await fetch(new URL('/api/v1/me', page.url()), { headers: { cookie: `ses=${cookie?.value}` } });
  expect(answer.status).toBe(401);
});
