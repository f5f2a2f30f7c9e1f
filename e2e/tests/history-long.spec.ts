// Ten thousand rows: how many elements are in the page, and for how long it stands still.

import type { Page } from '@playwright/test';
import { lines, openHistory, rows } from '../lib/history.ts';
import { MIRA, logInByScript, raid, subscribeByScript, untilReceiving } from '../lib/viewer.ts';
import { expect, json, test } from '../lib/world.ts';

const EVENTS = 10_000;
const MOST_ROWS = 200;
const LONGEST_TASK_MS = 50;
/** What the yardstick takes on a machine where the page is held to that. */
const YARDSTICK_MS = 20;

test.describe.configure({ timeout: 240_000 });

interface Seen {
  longest: number;
  tasks: number[];
  mostRows: number;
}

/** Notes every task that takes long, and the rows in the page with each frame. */
async function watch(page: Page): Promise<() => Promise<Seen>> {
  await page.evaluate(() => {
    const seen: Seen = { longest: 0, tasks: [], mostRows: 0 };
    (window as unknown as { seen: Seen }).seen = seen;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.tasks.push(Math.round(duration));
    }).observe({ type: 'longtask' });
    const count = () => {
      const found = document.querySelectorAll('[data-event-id]').length;
      seen.mostRows = Math.max(seen.mostRows, found);
      requestAnimationFrame(count);
    };
    count();
  });
  return async () => {
    const seen = await page.evaluate(() => (window as unknown as { seen: Seen }).seen);
    return { ...seen, longest: Math.max(0, ...seen.tasks) };
  };
}

/** How many times longer than that this machine takes now for work of the page's kind; at least once. */
async function slowness(page: Page): Promise<number> {
  const took = await page.evaluate(() => {
    const runs = Array.from({ length: 9 }, () => {
      const begin = performance.now();
      const made = document.createElement('div');
      for (let row = 0; row < 10_000; row += 1) {
        const line = document.createElement('p');
        line.textContent = `${row} viewers raided`;
        made.append(line);
      }
      return performance.now() - begin;
    });
    return runs.sort((a, b) => a - b)[4];
  });
  return Math.max(1, took / YARDSTICK_MS);
}

/** Scrolls as a person does, until the list has no more. */
async function toTheEnd(page: Page, by: number): Promise<number> {
  const end = page.getByText('The beginning of what is held here.');
  const isReached = () =>
    end.evaluateAll((found) => found.some((element) => element.getBoundingClientRect().top < innerHeight));
  let steps = 0;
  await page.mouse.move(700, 600);
  while (!(await isReached())) {
    await page.mouse.wheel(0, by);
    // One frame: the wheel turns on while the page draws.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
    steps += 1;
    expect(steps).toBeLessThan(20_000);
  }
  return steps;
}

test('scrolling through 10,000 rows keeps few of them in the page and never stands still', async ({ page, world }, info) => {
  await logInByScript(page);
  await subscribeByScript(page, MIRA);
  await untilReceiving(page, MIRA);
  await raid(page, world, MIRA, EVENTS);
  await expect
    .poll(
      async () => {
        const { totals } = await json<{ totals: Record<string, number> }>(page.request, '/api/v1/stats?bucket=day');
        return totals.raid;
      },
      { timeout: 60_000 },
    )
    .toBe(EVENTS);

  await openHistory(page);
  await expect(page.getByText('10,000 events', { exact: true })).toBeVisible();
  const before = await slowness(page);
  const seen = await watch(page);
  const steps = await toTheEnd(page, 700);
  const oldest = await json<{ events: { id: string }[] }>(page.request, '/api/v1/events?after=0&limit=1');
  await expect(rows(page).last(), 'the very first').toHaveAttribute('data-event-id', oldest.events[0].id);

  // Back to the top in leaps, and a last row by the keyboard.
  await page.keyboard.press('Home');
  await expect(lines(page).getByRole('heading', { level: 3 }).first()).toBeInViewport();
  await page.keyboard.press('End');
  await expect(page.getByText('The beginning of what is held here.')).toBeInViewport();

  const { longest, mostRows, tasks } = await seen();
  const slow = Math.max(before, await slowness(page));
  const figures = `${steps} turns of the wheel; at most ${mostRows} rows in the page; longest task ${longest} ms (${tasks.length} of over 50 ms), the machine ${slow.toFixed(2)} times slower than one that is held to 50 ms`;
  info.annotations.push({ type: 'figures', description: figures });
  console.log(figures);
  expect(mostRows).toBeGreaterThan(10);
  expect(mostRows).toBeLessThanOrEqual(MOST_ROWS);
  expect(longest / slow).toBeLessThanOrEqual(LONGEST_TASK_MS);
});
