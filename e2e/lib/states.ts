// Every page in every state a person can meet it in. The accessibility check and the
// screenshots walk the same list.

import type { Page } from '@playwright/test';
import { HISTORY } from './states/history.ts';
import { HOME } from './states/home.ts';
import { LIVESTREAM } from './states/livestream.ts';
import { SETTINGS } from './states/settings.ts';
import { VISITOR } from './states/visitor.ts';

export const STATES = [...VISITOR, ...HOME, ...LIVESTREAM, ...HISTORY, ...SETTINGS];

/** How the states are looked at. */
export const LOOKS = (['dark', 'light'] as const).flatMap((theme) =>
  [
    { width: 360, height: 740 },
    { width: 1440, height: 900 },
  ].map((viewport) => ({ theme, viewport, name: `${theme} at ${viewport.width} px` })),
);

/** Turns the open page to one look. */
export async function look(page: Page, { theme, viewport }: (typeof LOOKS)[number]): Promise<void> {
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
}
