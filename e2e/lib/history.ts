// What a person does on the History page, and a past to look at there.

import type { Locator, Page } from '@playwright/test';
import { type Streamer, stored } from './viewer.ts';
import { type World, expect } from './world.ts';

/** What a file that is exported says of an event, or how many there were. */
export type Exported = { id: string; kind: string } | { end: { count: number } };

export function lines(page: Page): Locator {
  return page.getByRole('region', { name: 'Events', exact: true });
}

export function rows(page: Page): Locator {
  return lines(page).locator('[data-event-id]');
}

export function row(page: Page, id: string): Locator {
  return lines(page).locator(`[data-event-id="${id}"]`);
}

export function chart(page: Page): Locator {
  return page.getByRole('region', { name: /^Events per/ });
}

/** What moves over the bars. */
export function scrubber(page: Page): Locator {
  return chart(page).getByRole('slider', { name: 'Time on the chart' });
}

export function search(page: Page): Locator {
  return page.getByRole('searchbox', { name: 'Search events' });
}

/** Opens the page with a filter and waits until there is an answer. */
export async function openHistory(page: Page, query = ''): Promise<void> {
  await page.goto(`/history${query}`);
  await expect(rows(page).or(lines(page).getByRole('heading', { level: 2 }).nth(1)).first()).toBeVisible();
}

/** The value of a name in the address. */
export function inAddress(page: Page, name: string): string | null {
  return new URL(page.url()).searchParams.get(name);
}

/** Streams that began at these times, as if Twitch told of them now. Returns our ids, in that order. */
export async function past(page: Page, world: World, streamer: Streamer, times: Date[]): Promise<string[]> {
  const ids: string[] = [];
  for (const time of times) {
    const answer = await page.request.post(`${world.sim}/sim/events`, {
      data: {
        type: 'stream.online',
        broadcaster: streamer.login,
        event: { id: `past-${time.getTime()}`, started_at: time.toISOString() },
      },
    });
    expect(answer.ok(), `POST /sim/events: ${answer.status()}`).toBe(true);
    const { message_ids } = (await answer.json()) as { message_ids: string[] };
    expect(message_ids).toHaveLength(1);
    ids.push(...(await stored(page, message_ids)));
  }
  return ids;
}

/** So many days before now. */
export function daysAgo(days: number): Date {
  return new Date(Date.now() - days * 86_400_000);
}

/** The day of a moment as a field for days has it. */
export function dateField(time: Date): string {
  const part = (value: number) => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${part(time.getMonth() + 1)}-${part(time.getDate())}`;
}
