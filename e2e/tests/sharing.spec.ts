// What viewers share and what they do not: topics at Twitch, feeds, sessions.

import { expect, json, test } from '../lib/world.ts';
import type { World } from '../lib/world.ts';
import {
  KITE,
  MIRA,
  eventRow,
  feed,
  logInByScript,
  openLivestream,
  raid,
  stored,
  subscribeByScript,
  untilReceiving,
} from '../lib/viewer.ts';

const MIRA_ID = '700100200';

interface EventsubSubscription {
  status: string;
  condition: Record<string, string>;
}

/** How many EventSub subscriptions Twitch delivers of this broadcaster; those that ended stay listed for a while. */
async function topicsAtTwitch(world: World, id: string): Promise<number> {
  const answer = await fetch(`${world.sim}/sim/subscriptions`);
  const { subscriptions } = (await answer.json()) as { subscriptions: EventsubSubscription[] };
  return subscriptions.filter(({ status, condition }) => status === 'enabled' && Object.values(condition).includes(id))
    .length;
}

test('two viewers of one streamer cause one set of topics; the last to leave releases it', async ({
  page,
  browser,
  world,
  guard,
}) => {
  const other = await browser.newContext({ baseURL: world.url });
  await guard.watch(other);
  const omar = await other.newPage();
  await logInByScript(page, 'viewer_vera');
  await logInByScript(omar, 'viewer_omar');

  await subscribeByScript(page, MIRA);
  await untilReceiving(page, MIRA);
  await expect.poll(() => topicsAtTwitch(world, MIRA_ID)).toBe(7);

  await subscribeByScript(omar, MIRA);
  await untilReceiving(omar, MIRA);
  await openLivestream(page, MIRA);
  await openLivestream(omar, MIRA);
  const [id] = await stored(page, await raid(page, world, MIRA));
  await expect(eventRow(page, id)).toHaveCount(1);
  await expect(eventRow(omar, id)).toHaveCount(1);
  expect(await topicsAtTwitch(world, MIRA_ID)).toBe(7);

  expect((await page.request.delete(`/api/v1/subscriptions/${MIRA_ID}`)).status()).toBe(204);
  const [later] = await stored(omar, await raid(omar, world, MIRA));
  await expect(eventRow(omar, later)).toHaveCount(1);

  expect((await omar.request.delete(`/api/v1/subscriptions/${MIRA_ID}`)).status()).toBe(204);
  await expect.poll(() => topicsAtTwitch(world, MIRA_ID), { timeout: 10_000 }).toBe(0);
  await other.close();
});

test('two tabs of one browser show the same feed', async ({ page, context, world }) => {
  await logInByScript(page);
  await subscribeByScript(page, MIRA, KITE);
  await untilReceiving(page, MIRA);
  const second = await context.newPage();
  await openLivestream(page, MIRA);
  await openLivestream(second, MIRA);
  const ids = await stored(page, await raid(page, world, MIRA, 3));
  for (const id of ids) {
    await expect(eventRow(page, id)).toHaveCount(1);
    await expect(eventRow(second, id)).toHaveCount(1);
  }
  await page.close();
  const [id] = await stored(second, await raid(second, world, MIRA));
  await expect(eventRow(second, id), 'after the other tab is gone').toHaveCount(1);
});

test('every event shown was sent by the simulator', async ({ page, world }) => {
  await logInByScript(page);
  await subscribeByScript(page, MIRA);
  await untilReceiving(page, MIRA);
  const sent = await raid(page, world, MIRA, 5);
  await stored(page, sent);
  await openLivestream(page, MIRA);
  await expect(feed(page).locator('[data-event-id]').nth(4)).toBeAttached();

  const { events } = await json<{ events: { message_id: string }[] }>(page.request, '/api/v1/events');
  const log = await (await fetch(`${world.sim}/sim/log`)).text();
  expect(events.length).toBeGreaterThanOrEqual(sent.length);
  for (const { message_id } of events) expect(log).toContain(message_id);
});
