// `make screenshots`: takes pictures, judges nothing.

import { defineConfig } from '@playwright/test';
import { shared } from './playwright.config.ts';

export default defineConfig(shared, { testDir: 'screenshots', reporter: 'list' });
