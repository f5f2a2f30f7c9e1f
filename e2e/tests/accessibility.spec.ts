// Every state in both themes, on a phone and on a desktop: what axe finds, and whether
// anything is wider than the screen.

import AxeBuilder from '@axe-core/playwright';
import { LOOKS, STATES, look } from '../lib/states.ts';
import { expect, test } from '../lib/world.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

test.describe.configure({ timeout: 90_000 });

for (const state of STATES) {
  test(`${state.name} has no violation of WCAG 2.2 AA`, async ({ page, world, guard }) => {
    await state.show({ page, world, guard });
    for (const each of LOOKS) {
      await look(page, each);
      // What is scrolled halfway under the top bar has less than its size in sight.
      await page.evaluate(() => window.scrollTo(0, 0));
      // What is inside the frames is Twitch's, and here a stand-in for it.
      const axe = new AxeBuilder({ page }).withTags(RULES).exclude(['iframe', 'body']);
      const { violations } = await axe.analyze();
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
      );
      expect.soft(found, `${state.name}, ${each.name}`).toEqual([]);

      const overflow = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
      });
      expect.soft(overflow, `${state.name}, ${each.name}: wider than the screen`).toBeLessThanOrEqual(0);
    }
  });
}
