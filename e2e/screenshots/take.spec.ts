// Pictures of every state, for people to look at: docs/screenshots/.

import { fileURLToPath } from 'node:url';
import { LOOKS, STATES, look } from '../lib/states.ts';
import { test } from '../lib/world.ts';

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));

for (const state of STATES) {
  test(state.name, async ({ page, world, guard }) => {
    await state.show({ page, world, guard });
    for (const each of LOOKS) {
      await look(page, each);
      await page.screenshot({
        path: `${FOLDER}${state.name}-${each.theme}-${each.viewport.width}.png`,
        caret: 'hide',
      });
    }
  });
}
