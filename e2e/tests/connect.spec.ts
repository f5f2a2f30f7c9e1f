// "Connect my channel": a streamer allows more step by step, alone sees what it brings, and undoes it.

import type { Page } from '@playwright/test';
import { type World, expect, json, test } from '../lib/world.ts';
import {
  KITE,
  MIRA,
  accountButton,
  card,
  channelStep,
  connectByScript,
  enabledAtTwitch,
  eventRow,
  feed,
  happens,
  logInByScript,
  openLivestream,
  ownChannel,
  raidShows,
  stored,
  subscribeByScript,
  untilReceiving,
} from '../lib/viewer.ts';

const MIRA_ID = '700100200';
const POLLS = ['channel.poll.begin', 'channel.poll.end', 'channel.poll.progress'];
const REDEMPTION = 'channel.channel_points_custom_reward_redemption.add';
const FOLLOW = 'channel.follow';
// What Twitch has of a channel for anybody who is subscribed to it here, raids aside.
const PUBLIC = [
  'channel.chat.message',
  'channel.chat.notification',
  'channel.update',
  'stream.offline',
  'stream.online',
];

// Every way to Twitch and back loads the page anew.
test.describe.configure({ timeout: 90_000 });

test.beforeEach(async ({ page }) => {
  await logInByScript(page, MIRA.login);
});

/** From the button of a step to Twitch's consent. */
async function goForConsent(page: Page, title: string): Promise<void> {
  await channelStep(page, title).getByRole('link', { name: `Connect ${title}` }).click();
  await expect(page.getByRole('heading', { name: /wants to access your account/ })).toBeVisible();
}

async function consentAs(page: Page, login: string): Promise<void> {
  await page.locator(`a[href*="login=${login}"]`).first().click();
  await expect(page).toHaveURL(/\/settings$/);
}

async function isConnected(page: Page, title: string): Promise<void> {
  await expect(channelStep(page, title).getByText('Connected', { exact: true })).toBeVisible();
}

async function twitchHas(page: Page, world: World, types: string[]): Promise<void> {
  await expect.poll(() => enabledAtTwitch(page, world, MIRA_ID)).toEqual([...types].sort());
}

test('step by step the private events arrive for the owner alone, until it is undone', async ({
  page,
  browser,
  world,
  guard,
}) => {
  const elsewhere = await browser.newContext({ baseURL: world.url });
  await guard.watch(elsewhere);
  const vera = await elsewhere.newPage();
  await logInByScript(vera);
  await subscribeByScript(vera, MIRA);
  await untilReceiving(vera, MIRA);
  await twitchHas(page, world, PUBLIC);
  await openLivestream(vera, MIRA);

  await page.goto('/settings');
  const messages: string[] = [];
  for (const [title, scope, types, happening] of [
    ['Polls', 'channel:read:polls', POLLS, POLLS[0]],
    ['Channel points', 'channel:read:redemptions', [REDEMPTION], REDEMPTION],
    ['Followers', 'moderator:read:followers', [FOLLOW], FOLLOW],
  ] as const) {
    await test.step(`connect ${title}`, async () => {
      expect(await happens(page, world, happening, MIRA), 'nobody is told yet').toEqual([]);
      await goForConsent(page, title);
      await expect(page.getByText(scope, { exact: true })).toBeVisible();
      await consentAs(page, MIRA.login);
      await expect(page.getByText(/^Connected\. /)).toBeVisible();
      await isConnected(page, title);
      const now = await enabledAtTwitch(page, world, MIRA_ID);
      for (const type of types) expect(now).toContain(type);
      messages.push(...(await happens(page, world, happening, MIRA)));
    });
  }

  await test.step('the owner sees all of it, also as it happens', async () => {
    const before = await stored(page, messages);
    expect(before).toHaveLength(3);
    await openLivestream(page, MIRA);
    for (const id of before) await expect(eventRow(page, id)).toBeVisible();
    const [poll] = await stored(page, await happens(page, world, POLLS[0], MIRA));
    await expect(eventRow(page, poll)).toBeVisible();
  });

  await test.step('another viewer sees nothing of it', async () => {
    await raidShows(vera, world, MIRA);
    await expect(feed(vera).locator('[data-event-id]')).toHaveCount(1);
    const { events } = await json<{ events: unknown[] }>(vera.request, '/api/v1/events?limit=500');
    expect(events).toHaveLength(1);
    await vera.goto('/');
    await expect(card(vera, MIRA).getByText('1 unread')).toBeVisible();
    await card(vera, MIRA).getByRole('button', { name: /what arrives/i }).click();
    await expect(card(vera, MIRA).getByText(/told to the streamer alone/i)).toBeVisible();
    await elsewhere.close();
  });

  await test.step('one step is undone', async () => {
    await page.goto('/settings');
    const had = await enabledAtTwitch(page, world, MIRA_ID);
    const undo = channelStep(page, 'Polls').getByRole('button', { name: 'Undo Polls' });
    await undo.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByText('Polls: undone.')).toBeVisible();
    await expect(channelStep(page, 'Polls').getByRole('link'), 'the focus stays').toBeFocused();
    await twitchHas(page, world, had.filter((type) => !POLLS.includes(type)));
    expect(await happens(page, world, POLLS[0], MIRA)).toEqual([]);
    await isConnected(page, 'Followers');
  });

  await test.step('all of it is undone', async () => {
    await ownChannel(page).getByRole('button', { name: 'Undo everything' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Undo everything' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(ownChannel(page).getByText('Connected', { exact: true })).toHaveCount(0);
    await twitchHas(page, world, PUBLIC);
    await page.reload();
    await expect(channelStep(page, 'Followers').getByRole('link', { name: 'Connect Followers' })).toBeVisible();
  });
});

test('saying no at Twitch leaves everything as it was', async ({ page, world }) => {
  await connectByScript(page, 'polls');
  await page.goto('/settings');
  await isConnected(page, 'Polls');
  await goForConsent(page, 'Goals');
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect(page).toHaveURL(/\/settings$/);
  await expect(page.getByText(/you did not allow it at twitch/i)).toBeVisible();
  await isConnected(page, 'Polls');
  await expect(channelStep(page, 'Goals').getByRole('link', { name: 'Connect Goals' })).toBeVisible();
  await twitchHas(page, world, POLLS);
});

test('another Twitch account is refused with a word', async ({ page, world }) => {
  await page.goto('/settings');
  await goForConsent(page, 'Goals');
  await consentAs(page, KITE.login);
  await expect(page.getByText(/another twitch account/i)).toBeVisible();
  await expect(accountButton(page)).toHaveAccessibleName(new RegExp(MIRA.name));
  await expect(channelStep(page, 'Goals').getByRole('link', { name: 'Connect Goals' })).toBeVisible();
  await twitchHas(page, world, []);
});

test('the own card says what arrives and what would bring the rest', async ({ page }) => {
  await subscribeByScript(page, MIRA);
  await connectByScript(page, 'polls');
  await page.goto('/');
  const mine = card(page, MIRA);
  await mine.getByRole('button', { name: /what arrives/i }).click();
  const line = (name: string) => mine.getByRole('listitem').filter({ hasText: name });
  await expect(line('Poll begins').getByText('arrives', { exact: true })).toBeVisible();
  await expect(line('New followers').getByText('Connect “Followers” in the settings to receive it.')).toBeVisible();
  await expect(line('Bans, Unbans').getByText('not available')).toBeVisible();
  await expect(mine.getByText(/told to the streamer alone/i)).toHaveCount(0);
});

test('what Twitch refuses says so, and an undo that fails does too', async ({ page, world, guard }) => {
  await page.request.post(`${world.sim}/sim/faults`, {
    data: { fault: 'http_status', target: '/helix/eventsub/subscriptions', code: 403, seconds: 600 },
  });
  await connectByScript(page, 'ads');
  await page.goto('/settings');
  const ads = channelStep(page, 'Ads');
  await expect(ads.getByText(/nothing arrives: Twitch does not allow it/i)).toBeVisible();

  guard.expectErrors(/status of 503/);
  await page.route('**/api/v1/me/channel/ads', (route) => route.fulfill({ status: 503, body: '' }));
  await ads.getByRole('button', { name: 'Undo Ads' }).click();
  await expect(ads.getByText(/this was not undone/i)).toBeVisible();
  await page.unroute('**/api/v1/me/channel/ads');
  await ads.getByRole('button', { name: 'Undo Ads' }).click();
  await expect(ads.getByRole('link', { name: 'Connect Ads' })).toBeFocused();
});
