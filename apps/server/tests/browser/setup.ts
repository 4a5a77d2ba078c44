import type { TestProject } from 'vitest/node';
import { buildPageScripts } from '../../../../scripts/page-scripts.ts';
import { chromiumFolder } from './chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder in which Chromium, its libraries and fonts lie */
    chromium: string;
  }
}

/** vitest globalSetup. */
export default async function setup(project: TestProject): Promise<void> {
  await buildPageScripts();
  project.provide('chromium', await chromiumFolder());
}
