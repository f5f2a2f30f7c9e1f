// The whole job without a pointer.

import type { Locator, Page } from '@playwright/test';
import { type World, expect, test } from '../lib/world.ts';
import {
  MIRA,
  accountButton,
  badge,
  card,
  eventRow,
  feed,
  logInByScript,
  loginButton,
  openLivestream,
  raid,
  searchBox,
  stored,
  subscribeByScript,
  suggestion,
  unread,
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

test.describe('the keys of the livestream page', () => {
  /** Raids are shown, newest first; answers their ids. */
  async function openWithRows(page: Page, world: World): Promise<string[]> {
    await logInByScript(page);
    await subscribeByScript(page, MIRA);
    await untilReceiving(page, MIRA);
    const ids = await stored(page, await raid(page, world, MIRA, 4));
    await openLivestream(page, MIRA);
    const sorted = ids.sort((a, b) => Number(b) - Number(a));
    await expect(eventRow(page, sorted[0])).toBeVisible();
    return sorted;
  }

  function toggle(page: Page, id: string): Locator {
    return eventRow(page, id).locator('.ev-toggle');
  }

  async function isOpen(page: Page, id: string, open: boolean): Promise<void> {
    await expect(toggle(page, id)).toHaveAttribute('aria-expanded', String(open));
  }

  test('J and K walk the rows, O and Enter open them', async ({ page, world }) => {
    const [first, second] = await openWithRows(page, world);
    await page.keyboard.press('j');
    await expect(toggle(page, first)).toBeFocused();
    await page.keyboard.press('j');
    await expect(toggle(page, second)).toBeFocused();
    await page.keyboard.press('o');
    await isOpen(page, second, true);
    await page.keyboard.press('o');
    await isOpen(page, second, false);
    await page.keyboard.press('Enter');
    await isOpen(page, second, true);
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    await expect(toggle(page, first), 'there is nothing above').toBeFocused();
    await isOpen(page, first, false);
  });

  test('a row keeps the focus when new ones come', async ({ page, world }) => {
    const [first, second] = await openWithRows(page, world);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const [newest] = await stored(page, await raid(page, world, MIRA));
    await expect(eventRow(page, newest)).toBeVisible();
    await expect(toggle(page, second)).toBeFocused();
    for (const above of [first, newest]) {
      await page.keyboard.press('k');
      await expect(toggle(page, above)).toBeFocused();
    }
  });

  test('M marks read up to the row, Shift+M everything, from anywhere', async ({ page, world }) => {
    const [, second] = await openWithRows(page, world);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('m');
    await expect.poll(() => unread(page, MIRA)).toBe(1);
    await expect(toggle(page, second)).toBeFocused();
    await accountButton(page).focus();
    await page.keyboard.press('Shift+M');
    await expect.poll(() => unread(page, MIRA)).toBe(0);
  });

  test('/ leads to the filter, ? tells the keys', async ({ page, world }) => {
    const [first] = await openWithRows(page, world);
    await page.keyboard.press('/');
    await expect(page.getByRole('group', { name: 'Show only' }).getByRole('button').first()).toBeFocused();
    await page.keyboard.press('?');
    const window = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await expect(window).toBeVisible();
    for (const key of ['J', 'K', 'O or Enter', 'M', 'Shift + M', '/', '?']) {
      await expect(window.getByText(key, { exact: true })).toBeVisible();
    }
    await page.keyboard.press('j');
    await page.keyboard.press('Escape');
    await expect(window).toBeHidden();
    await expect(toggle(page, first), 'the window was in front').not.toBeFocused();
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await expect(window).toBeVisible();
  });

  test('whoever types, or means the browser, is left alone', async ({ page, world }) => {
    const [first] = await openWithRows(page, world);
    for (const shortcut of ['Control+j', 'Alt+j', 'Meta+j']) await page.keyboard.press(shortcut);
    await expect(toggle(page, first)).not.toBeFocused();
    await page.evaluate(() => {
      const field = document.createElement('input');
      document.querySelector('main')?.append(field);
      field.focus();
    });
    await page.keyboard.type('j/?o');
    await expect(page.locator('main input')).toHaveValue('j/?o');
    await expect(page.locator('main input')).toBeFocused();
    await expect(page.getByRole('dialog')).toBeHidden();
  });

  test('chips show one kind, and the address says which', async ({ page, world }) => {
    await openWithRows(page, world);
    const chips = page.getByRole('group', { name: 'Show only' });
    await chips.getByRole('button', { name: 'Gifts' }).click();
    await expect(page).toHaveURL(/\?kind=gift$/);
    await expect(feed(page).locator('[data-event-id]')).toHaveCount(0);
    await chips.getByRole('button', { name: 'Raids' }).click();
    await expect(feed(page).locator('[data-kind="raid"]').nth(3)).toBeVisible();
    await chips.getByRole('button', { name: 'All' }).click();
    await expect(page).not.toHaveURL(/kind=/);
  });
});
