// Addresses, headers, caching: what the page is made of on the wire.

import { MIRA, logInByScript, openLivestream, subscribeByScript } from '../lib/viewer.ts';
import { expect, test } from '../lib/world.ts';

test('an unknown address is a page with status 404 and a way back', async ({ page, guard }) => {
  guard.expectErrors(/status of 404 .*\/no\/such\/page/);
  const answer = await page.goto('/no/such/page');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.locator('main').getByRole('link').first().click();
  await expect(page).toHaveURL(/\/$/);
});

test('the page allows neither inline code nor foreign frames', async ({ page }) => {
  const answer = await page.goto('/');
  const policy = answer?.headers()['content-security-policy'] ?? '';
  expect(policy).not.toBe('');
  expect(policy).not.toContain('unsafe-inline');
  expect(policy).not.toMatch(/'unsafe-eval'/);
  expect(policy).toContain('frame-ancestors');
});

for (const address of ['/', '/livestream']) {
  test(`a second visit of ${address} asks for index.html alone`, async ({ page }) => {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    const cached: string[] = [];
    session.on('Network.requestServedFromCache', ({ requestId }) => cached.push(requestId));
    const fromNetwork: string[] = [];
    session.on('Network.responseReceived', ({ response, requestId }) => {
      const path = new URL(response.url).pathname;
      const isOfBrowser = response.fromDiskCache || cached.includes(requestId);
      if (!isOfBrowser && !path.startsWith('/api/')) fromNetwork.push(path);
    });
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(fromNetwork).toEqual([address]);
  });
}

test('the first load of the livestream page is at most 200 KB of our own', async ({ page, world }) => {
  await logInByScript(page);
  await subscribeByScript(page, MIRA);
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const own = new Set<string>();
  session.on('Network.requestWillBeSent', ({ request, requestId }) => {
    if (request.url.startsWith(`${world.url}/`)) own.add(requestId);
  });
  let bytes = 0;
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (own.has(requestId)) bytes += encodedDataLength;
  });
  await openLivestream(page, MIRA);
  await page.waitForLoadState('load');
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(200_000);
});
