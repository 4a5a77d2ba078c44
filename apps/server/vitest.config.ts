import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vitest/config';
import { project } from '../../vitest.shared.ts';

/** The browser that the tests of the pages start. */
const globalSetup = [fileURLToPath(new URL('tests/browser/setup.ts', import.meta.url))];

export default mergeConfig(project({ database: true }), { test: { globalSetup } });
