// The demo as `make demo` starts it: the whole job, with events that come by themselves.

import { expect, json, test } from '../lib/world.ts';
import { MIRA, badge, feed, logIn, logOut, markDocument, subscribe } from '../lib/viewer.ts';

test.use({ setup: 'demo' });
test.setTimeout(120_000);

test('from login to live events to logout', async ({ page, world }) => {
  await page.goto('/');
  await expect(page.getByText(/simulated/i).first()).toBeVisible();
  await logIn(page);
  await subscribe(page, MIRA);

  await page.getByRole('link', { name: 'Livestream' }).first().click();
  await expect(page).toHaveURL(/\/livestream/);
  await expect(badge(page, 'Connected')).toBeVisible();
  await expect(page.locator('iframe')).toHaveCount(2);

  const sameDocument = await markDocument(page);
  const rows = feed(page).locator('[data-event-id]');
  const before = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-event-id')));
  await expect
    .poll(async () => {
      const now = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-event-id')));
      return now.filter((id) => !before.includes(id)).length;
    }, { message: 'an event within a minute', timeout: 60_000 })
    .toBeGreaterThan(0);
  await sameDocument();

  const { events } = await json<{ events: { message_id: string }[] }>(page.request, '/api/v1/events');
  const log = await (await fetch(`${world.sim}/sim/log`)).text();
  for (const { message_id } of events) expect(log).toContain(message_id);

  await logOut(page);
});
