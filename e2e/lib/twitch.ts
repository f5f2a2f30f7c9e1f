// What Twitch tells, sent by the test itself as signed webhooks: in any order, private things too.

import { createHmac, randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { EVENTSUB_SECRET, type World, expect } from './world.ts';
import type { Streamer } from './viewer.ts';

/** The simulator's ids of the streamers of the tests. */
const IDS: Record<string, string> = { mira_plays: '700100200' };

export interface Told {
  type: string;
  event: Record<string, unknown>;
}

export interface Person {
  id: string;
  login: string;
  name: string;
}

export const PIP: Person = { id: '990011333', login: 'pip', name: 'Pip' };

function as(role: string, { id, login, name }: Person): Record<string, string> {
  return { [`${role}_id`]: id, [`${role}_login`]: login, [`${role}_name`]: name };
}

/** Sends these one after the other; each is stored when it is answered. */
export async function tell(page: Page, world: World, streamer: Streamer, told: Told[]): Promise<void> {
  const id = IDS[streamer.login];
  const broadcaster = as('broadcaster_user', { id, ...streamer });
  for (const { type, event } of told) {
    const body = JSON.stringify({
      subscription: { id: randomUUID(), status: 'enabled', type, version: '1', condition: { broadcaster_user_id: id } },
      event: { ...broadcaster, ...event },
    });
    const [message, time] = [randomUUID(), new Date().toISOString()];
    const signature = createHmac('sha256', EVENTSUB_SECRET).update(message + time + body).digest('hex');
    const answer = await page.request.post(`${world.url}/webhooks/twitch`, {
      data: Buffer.from(body),
      headers: {
        'content-type': 'application/json',
        'twitch-eventsub-message-id': message,
        'twitch-eventsub-message-timestamp': time,
        'twitch-eventsub-message-type': 'notification',
        'twitch-eventsub-message-signature': `sha256=${signature}`,
      },
    });
    expect(answer.status(), type).toBe(204);
  }
}

function notice(name: string, by: Person, about: Record<string, unknown>): Told {
  const message = { text: '', fragments: null };
  return {
    type: 'channel.chat.notification',
    event: { ...as('chatter_user', by), message_id: randomUUID(), message, notice_type: name, [name]: about },
  };
}

export function fan(number: number): Person {
  return { id: `7${number}`, login: `fan_${number}`, name: `Fan_${number}` };
}

/** A gift of so many subs at once: the purchase, and each of them. */
export function giftBomb(id: string, size: number, by = PIP): Told[] {
  const single = Array.from({ length: size }, (_, number) =>
    notice('sub_gift', by, {
      ...as('recipient_user', fan(number)),
      duration_months: 1,
      sub_tier: '1000',
      community_gift_id: id,
    }),
  );
  return [notice('community_sub_gift', by, { id, total: size, sub_tier: '1000', cumulative_total: null }), ...single];
}

/** A sub, as the broadcaster is told of it and as the chat is. */
export function subTwice(by: Person): Told[] {
  return [
    { type: 'channel.subscribe', event: { ...as('user', by), tier: '1000', is_gift: false } },
    notice('sub', by, { sub_tier: '1000', is_prime: false, duration_months: 1 }),
  ];
}

export function hypeTrain(step: 'begin' | 'progress' | 'end', total: number, level: number): Told {
  const ended = step === 'end' ? { ended_at: new Date().toISOString() } : { progress: total % 500, goal: 500 };
  return { type: `channel.hype_train.${step}`, event: { id: 'train-1', total, level, top_contributions: [], ...ended } };
}

export function poll(step: 'begin' | 'progress' | 'end', chess: number, go: number): Told {
  const choices = [
    { id: '1', title: 'Chess', votes: chess },
    { id: '2', title: 'Go', votes: go },
  ];
  const ended = step === 'end' ? { status: 'completed', ended_at: new Date().toISOString() } : {};
  return { type: `channel.poll.${step}`, event: { id: 'poll-1', title: 'Next game?', choices, ...ended } };
}

export function stream(step: 'online' | 'offline', id: string): Told {
  const started = step === 'online' ? { type: 'live', started_at: new Date().toISOString() } : {};
  return { type: `stream.${step}`, event: { id, ...started } };
}

/** Some other order of these, for each seed the same. */
export function shuffled<T>(items: T[], seed: number): T[] {
  const result = [...items];
  let dice = seed;
  for (let at = result.length - 1; at > 0; at--) {
    dice = (dice * 1_103_515_245 + 12_345) % 2 ** 31;
    const other = dice % (at + 1);
    [result[at], result[other]] = [result[other], result[at]];
  }
  return result;
}
