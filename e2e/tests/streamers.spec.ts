// The front page: finding, adding and removing streamers.

import { expect, test } from '../lib/world.ts';
import { DANA, MIRA, card, control, logInByScript, searchBox, subscribe, subscribeByScript, suggestion } from '../lib/viewer.ts';

test.beforeEach(async ({ page }) => logInByScript(page));

test('somebody new is told what to do', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'Streamers' })).toHaveAttribute('aria-current', 'page');
  await expect(searchBox(page)).toBeVisible();
  await expect(control(page, 'Import my follows').first()).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(0);
});

test('a streamer found by search is subscribed to and stays', async ({ page }) => {
  await page.goto('/');
  await subscribe(page, MIRA);
  await page.reload();
  await expect(card(page, MIRA)).toBeVisible();
});

test('search and subscribing work by keyboard alone', async ({ page }) => {
  await page.goto('/');
  await searchBox(page).focus();
  await page.keyboard.type('deepsea');
  await expect(suggestion(page, DANA)).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(card(page, DANA)).toBeVisible();
});

test('a name nobody has is refused with a word beside the box', async ({ page, guard }) => {
  guard.expectErrors(/status of 404/);
  await page.goto('/');
  await searchBox(page).fill('nobody_has_this_name');
  await page.keyboard.press('Enter');
  await expect(searchBox(page)).toHaveAccessibleDescription(/\w/);
  await expect(page.getByRole('alert')).toBeVisible();
});

test('the channels somebody follows can be imported', async ({ page }) => {
  await page.goto('/');
  await control(page, 'Import my follows').first().click();
  const dialog = page.getByRole('dialog', { name: 'Import my follows' });
  await dialog.getByText(MIRA.name).click();
  await dialog.getByRole('button', { name: /^(Subscribe|Import)/ }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(card(page, MIRA)).toBeVisible();
});

test('removing a streamer can be undone', async ({ page }) => {
  await subscribeByScript(page, MIRA);
  await page.goto('/');
  await card(page, MIRA).getByRole('button', { name: /unsubscribe|remove/i }).click();
  await expect(card(page, MIRA)).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(card(page, MIRA)).toBeVisible();
});
