// Pictures of every state, for people to look at: docs/screenshots/.

import { fileURLToPath } from 'node:url';
import { LOOKS, STATES, look } from '../lib/states.ts';
import { test } from '../lib/world.ts';

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));

// Once for each theme: the chat keeps the theme it was loaded with.
for (const theme of ['dark', 'light'] as const) {
  const looks = LOOKS.filter((each) => each.theme === theme);
  for (const state of STATES) {
    test(`${state.name}, ${theme}`, async ({ page, world, guard }) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await state.show({ page, world, guard });
      for (const each of looks) {
        await look(page, each);
        await state.subject?.(page).evaluate((subject) => subject.scrollIntoView());
        await page.screenshot({
          path: `${FOLDER}${state.name}-${theme}-${each.viewport.width}.png`,
          caret: 'hide',
        });
      }
    });
  }
}
