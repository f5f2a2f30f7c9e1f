// The same journey whichever way the events come, and cards that say truly what arrives.

import { expect, test } from '../lib/world.ts';
import type { World } from '../lib/world.ts';
import {
  DANA,
  KITE,
  MIRA,
  badge,
  card,
  feed,
  logIn,
  logOut,
  markDocument,
  openLivestream,
  subscribe,
  subscribeByScript,
} from '../lib/viewer.ts';
import type { Streamer } from '../lib/viewer.ts';

/** Makes something happen at the simulator; answers to how many it was told. */
async function happens(world: World, type: string, streamer: Streamer, event = {}): Promise<number> {
  const answer = await fetch(`${world.sim}/sim/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type, broadcaster: streamer.login, event }),
  });
  expect(answer.ok, `POST /sim/events: ${answer.status}`).toBe(true);
  return ((await answer.json()) as { message_ids: string[] }).message_ids.length;
}

for (const transport of ['conduit', 'webhook', 'websocket'] as const) {
  test.describe(transport, () => {
    test.use({ transport });

    test('from login to a sub, a cheer and a raid on the page', async ({ page, world }) => {
      await page.goto('/');
      await logIn(page);
      await subscribe(page, MIRA);
      const all = card(page, MIRA).getByText('7 of 7');
      await expect(all).toBeVisible({ timeout: 20_000 });

      await openLivestream(page, MIRA);
      await expect(badge(page, 'Connected')).toBeVisible();
      const sameDocument = await markDocument(page);
      const rows = feed(page).locator('[data-event-id]');
      const sub = { notice_type: 'resub', chatter_user_name: 'Teapot_Tim', system_message: 'Teapot_Tim subscribed.' };
      expect(await happens(world, 'channel.chat.notification', MIRA, sub)).toBe(1);
      await expect(rows).toHaveCount(1);
      const cheer = { cheer: { bits: 300 }, message: { text: 'Cheer300 well played', fragments: [] } };
      expect(await happens(world, 'channel.chat.message', MIRA, cheer)).toBe(1);
      await expect(rows).toHaveCount(2);
      await expect(rows.first()).toContainText('300 bits');
      expect(await happens(world, 'channel.raid', MIRA)).toBe(1);
      await expect(rows).toHaveCount(3);
      await sameDocument();
      await logOut(page);
    });
  });
}

test.describe('without room for all', () => {
  test.use({ transport: 'websocket' });

  test('the card says what does not arrive and why', async ({ page }) => {
    await page.goto('/');
    await logIn(page);
    await subscribeByScript(page, MIRA, KITE, DANA);
    await page.reload();
    const short = page.getByRole('article').filter({ hasText: '4 of 7' });
    await expect(short).toHaveCount(1, { timeout: 20_000 });
    await expect(page.getByRole('article').filter({ hasText: '7 of 7' })).toHaveCount(2);
    await short.getByText('What arrives').click();
    await expect(short.getByText('looked up from time to time')).toHaveCount(2);
    // They share a reason, so they share a line.
    const missing = short
      .getByRole('listitem')
      .filter({ hasText: 'Raids from other channels, Raids to other channels, Title and category changes' });
    await expect(missing.getByText('not available')).toBeVisible();
    await expect(missing.getByText(/two streamers' worth/)).toBeVisible();
    await expect(short.getByText(/ten points/).first()).toBeVisible();
  });
});
