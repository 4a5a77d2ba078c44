import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedPages, pathOf } from './docs.ts';

test.each(Object.entries(generatedPages))('%s is what `npm run docs` writes', (page, made) => {
  const current = readFileSync(pathOf(page), 'utf8');
  expect(current).toBe(made(current));
});
