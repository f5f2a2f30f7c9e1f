// What breaks, and how the open page goes on.

import { fail } from '../lib/states/scene.ts';
import { expect, test } from '../lib/world.ts';
import {
  MIRA,
  badge,
  card,
  control,
  eventRow,
  logInByScript,
  markDocument,
  openLivestream,
  raid,
  raidShows,
  shownEvents,
  stored,
  subscribeByScript,
  untilArriving,
  untilReceiving,
} from '../lib/viewer.ts';

test.beforeEach(async ({ page, guard }) => {
  guard.expectErrors(/ERR_(CONNECTION|INTERNET|NETWORK|INCOMPLETE|EMPTY)/, /status of 50\d/);
  await logInByScript(page);
  await subscribeByScript(page, MIRA);
});

test('the server is killed and started again: the open page resumes by itself', async ({ page, world }) => {
  await untilReceiving(page, MIRA);
  await openLivestream(page, MIRA);
  await raidShows(page, world, MIRA);
  const sameDocument = await markDocument(page);
  const [before] = await stored(page, await raid(page, world, MIRA));

  await world.cut();
  await expect(badge(page, 'Connected')).toBeHidden();
  await world.start();

  await expect(badge(page, 'Connected')).toBeVisible({ timeout: 30_000 });
  await untilArriving(page, world, MIRA);
  await raidShows(page, world, MIRA);
  await expect(eventRow(page, before), 'no event twice').toHaveCount(1);
  await sameDocument();
});

test('what happened while the browser was offline is there when it is back', async ({ page, context, world }) => {
  await untilReceiving(page, MIRA);
  await openLivestream(page, MIRA);
  const sameDocument = await markDocument(page);

  await context.setOffline(true);
  // The emulation leaves a stream alone that is open; this ends it.
  await world.cut();
  await world.start();
  await expect(badge(page, 'Connected')).toBeHidden();
  await untilArriving(page, world, MIRA);
  const missed = await stored(page, await raid(page, world, MIRA, 2));

  await context.setOffline(false);
  await expect(badge(page, 'Connected')).toBeVisible({ timeout: 30_000 });
  for (const id of missed) await expect(eventRow(page, id)).toHaveCount(1);
  const shown = await shownEvents(page);
  expect(shown).toEqual([...new Set(shown)].sort((a, b) => b - a));
  await sameDocument();
});

test('a page that cannot be loaded says so and tries again on request', async ({ page, guard }) => {
  const subscriptions = '**/api/v1/subscriptions';
  await fail(page, guard, subscriptions);
  await page.goto('/');
  await expect(page.getByText('The events cannot be read at the moment.')).toBeVisible();
  await page.unroute(subscriptions);
  await control(page, /retry|try again/i).first().click();
  await expect(card(page, MIRA)).toBeVisible();
});
