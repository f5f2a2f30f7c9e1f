// The whole job without a pointer.

import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../lib/world.ts';
import {
  MIRA,
  accountButton,
  badge,
  card,
  eventRow,
  loginButton,
  raid,
  searchBox,
  stored,
  suggestion,
  untilReceiving,
} from '../lib/viewer.ts';

const MAX_STOPS = 80;

async function isFocused(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === document.activeElement);
}

/** How the target and what it sits in look: what a focus could change. */
async function appearance(target: Locator): Promise<string> {
  return target.evaluate((element) => {
    const looks: string[] = [];
    for (let node: Element | null = element; node && looks.length < 9; node = node.parentElement) {
      for (const part of [null, '::before', '::after']) {
        const style = getComputedStyle(node, part);
        looks.push(`${style.outline} ${style.boxShadow} ${style.borderColor} ${style.backgroundColor}`);
      }
    }
    return looks.join('\n');
  });
}

/** Presses Tab until the target has the focus, and checks that the focus can be seen. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const before = await appearance(target);
  for (let stop = 0; stop < MAX_STOPS && !(await isFocused(target)); stop += 1) {
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
  await expect.poll(() => appearance(target), 'the focus can be seen').not.toBe(before);
}

test('login, subscribing, watching and logout work by keyboard alone', async ({ page, world }) => {
  await page.goto('/');
  await tabTo(page, loginButton(page));
  await page.keyboard.press('Enter');
  await tabTo(page, page.locator('a[href*="login=viewer_vera"]').first());
  await page.keyboard.press('Enter');
  await expect(accountButton(page)).toBeVisible();

  await tabTo(page, searchBox(page));
  await page.keyboard.type('mira');
  await expect(suggestion(page, MIRA)).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(card(page, MIRA)).toBeVisible();

  await tabTo(page, card(page, MIRA).getByRole('link', { name: MIRA.name }));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/livestream\/mira_plays$/);
  await expect(badge(page, 'Connected')).toBeVisible();
  await untilReceiving(page, MIRA);
  const [id] = await stored(page, await raid(page, world, MIRA));
  const details = eventRow(page, id).getByRole('button').first();
  await tabTo(page, details);
  await page.keyboard.press('Enter');
  await expect(details).toHaveAttribute('aria-expanded', 'true');

  await tabTo(page, accountButton(page));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('End');
  await expect(page.getByRole('menuitem', { name: 'Logout' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(loginButton(page)).toBeVisible();
});

test('the first stop skips to the content', async ({ page }) => {
  await page.goto('/');
  await expect(loginButton(page)).toBeVisible();
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: /skip to content/i });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
});
