// Happenings that several events tell are one row: in place, whatever the order, after a reload too.

import type { Locator, Page } from '@playwright/test';
import { expect, json, test } from '../lib/world.ts';
import { PIP, type Told, fan, giftBomb, hypeTrain, poll, shuffled, stream, subTwice, tell } from '../lib/twitch.ts';
import { MIRA, badge, feed, logInByScript, openLivestream, raid, stored, subscribeByScript, untilReceiving } from '../lib/viewer.ts';

function rows(page: Page): Locator {
  return feed(page).locator('[data-event-id]');
}

/** What each row says, from the top. */
async function told(page: Page): Promise<string[]> {
  return rows(page)
    .locator('.ev-body')
    .evaluateAll((bodies) => bodies.map((body) => Array.from(body.children, (child) => child.textContent).join(' | ')));
}

/** Scrolls until all rows are loaded. */
async function loadAll(page: Page, count: number): Promise<void> {
  await expect
    .poll(async () => {
      await rows(page).last().scrollIntoViewIfNeeded();
      return rows(page).count();
    })
    .toBe(count);
}

async function asVera(page: Page): Promise<void> {
  await logInByScript(page);
  await subscribeByScript(page, MIRA);
  await untilReceiving(page, MIRA);
}

/** The same rows after a reload as before. */
async function sameAfterReload(page: Page): Promise<void> {
  const before = await told(page);
  await page.reload();
  await expect(badge(page, 'Connected')).toBeVisible();
  await expect.poll(() => told(page)).toEqual(before);
}

test('a gift bomb of 50 that arrives shuffled is one row with 50 recipients', async ({ page, world }) => {
  await asVera(page);
  await openLivestream(page, MIRA);
  const parts = shuffled(giftBomb('1211', 50), 7);
  await tell(page, world, MIRA, parts.slice(0, 20));
  await expect(rows(page)).toHaveCount(1);
  const place = await rows(page).getAttribute('data-event-id');
  await tell(page, world, MIRA, parts.slice(20));
  await expect.poll(() => told(page)).toEqual(['Pip gifted 50 Tier 1 subs | 50 recipients']);
  await expect(rows(page), 'it stays where it was').toHaveAttribute('data-event-id', place ?? '');

  await sameAfterReload(page);
  await rows(page).getByRole('button').first().click();
  const recipients = rows(page).getByRole('listitem');
  await expect(recipients).toHaveCount(50);
  const names = await recipients.allTextContents();
  expect(new Set(names)).toEqual(new Set(Array.from({ length: 50 }, (_, number) => fan(number).name)));
});

test('recipients come into an open row, and two bombs of one person stay two', async ({ page, world }) => {
  await asVera(page);
  await openLivestream(page, MIRA);
  const bomb = giftBomb('1', 12);
  await tell(page, world, MIRA, bomb.slice(0, 5));
  await rows(page).getByRole('button').first().click();
  await expect(rows(page).getByRole('listitem')).toHaveCount(4);
  await tell(page, world, MIRA, shuffled([...bomb.slice(5), ...giftBomb('2', 3)], 3));
  await expect.poll(() => told(page)).toEqual([
    'Pip gifted 3 Tier 1 subs | 3 recipients',
    'Pip gifted 12 Tier 1 subs | 12 recipients',
  ]);
  await expect(rows(page).getByRole('listitem'), 'the row stays open').toHaveCount(12);
});

test('the first load brings ten rows, not ten parts, and older ones follow', async ({ page, world }) => {
  await asVera(page);
  await stored(page, await raid(page, world, MIRA, 8));
  await tell(page, world, MIRA, giftBomb('1', 30));
  await stored(page, await raid(page, world, MIRA, 4));
  await tell(page, world, MIRA, shuffled(giftBomb('2', 20), 5));
  const brought: number[] = [];
  await page.route(/\/api\/v1\/events\?.*folded=true/, async (route) => {
    const response = await route.fetch();
    brought.push(((await response.json()) as { events: unknown[] }).events.length);
    await route.fulfill({ response });
  });
  await openLivestream(page, MIRA);
  await loadAll(page, 14);
  expect(new Set(brought), 'ten, and the rest').toEqual(new Set([10, 4]));
  const all = await told(page);
  expect(all.filter((row) => row.startsWith('Pip'))).toEqual([
    'Pip gifted 20 Tier 1 subs | 20 recipients',
    'Pip gifted 30 Tier 1 subs | 30 recipients',
  ]);
});

test('nothing moves under a reader who is elsewhere', async ({ page, world }) => {
  await asVera(page);
  const bomb = giftBomb('1', 20);
  await tell(page, world, MIRA, bomb.slice(0, 5));
  await stored(page, await raid(page, world, MIRA, 30));
  await openLivestream(page, MIRA);
  await loadAll(page, 31);
  const row = rows(page).last();
  await row.scrollIntoViewIfNeeded();
  await expect(row).toContainText('4 recipients');
  const before = await row.boundingBox();
  await tell(page, world, MIRA, shuffled([...bomb.slice(5), ...giftBomb('2', 6)], 3));
  await expect(row).toContainText('20 recipients');
  await expect(page.getByRole('button', { name: '1 new' })).toBeVisible();
  expect((await row.boundingBox())?.y).toBe(before?.y);
  await expect(rows(page)).toHaveCount(31);
});

test('a hype train and a poll are one row each with the latest standing', async ({ page, world }) => {
  await logInByScript(page, MIRA.login);
  await openLivestream(page, MIRA);
  await tell(page, world, MIRA, [hypeTrain('begin', 100, 1), poll('begin', 0, 0), hypeTrain('progress', 700, 2)]);
  await expect.poll(() => told(page)).toEqual([
    'Poll started: “Next game?” (Chess and Go)',
    'Hype train is at level 2, 200 of 500 points to the next | 700 points · 2 updates',
  ]);
  // An older step that comes late tells nothing new.
  const rest: Told[] = [hypeTrain('progress', 300, 1), poll('progress', 3, 5), hypeTrain('end', 900, 3), poll('end', 12, 14)];
  await tell(page, world, MIRA, rest);
  await expect.poll(() => told(page)).toEqual([
    'Poll “Next game?” ended: Go won with 14 of 26 votes | 3 updates',
    'Hype train ended at level 3 with 900 points | 4 updates',
  ]);
  await sameAfterReload(page);
  await rows(page).last().getByRole('button').first().click();
  await expect(rows(page).last().getByRole('listitem')).toHaveCount(4);
});

test('a broadcaster sees a sub and its notice once, whichever comes first', async ({ page, world }) => {
  await logInByScript(page, MIRA.login);
  await openLivestream(page, MIRA);
  await tell(page, world, MIRA, [...subTwice(PIP), ...subTwice(fan(1)).reverse()]);
  await expect.poll(() => told(page)).toEqual(['Fan_1 subscribed at Tier 1', 'Pip subscribed at Tier 1']);
  await sameAfterReload(page);
  const { events } = await json<{ events: { same_as: string | null }[] }>(page.request, '/api/v1/events');
  expect(events.filter(({ same_as }) => same_as !== null)).toHaveLength(2);
});

test('a stream that flaps is one row', async ({ page, world }) => {
  await asVera(page);
  await openLivestream(page, MIRA);
  await tell(page, world, MIRA, [stream('online', '1'), stream('offline', '1'), stream('online', '1')]);
  await expect.poll(() => told(page)).toEqual(['Mira_Plays went live | Online and offline within two minutes']);
  await sameAfterReload(page);
});
