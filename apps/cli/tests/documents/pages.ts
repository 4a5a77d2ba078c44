import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** Every page that a reader may run something of. */
export const pages = globSync(['README.md', 'docs/**/*.md'], { cwd: root }).sort();
export const read = (page: string): string => readFileSync(`${root}/${page}`, 'utf8');

/** What somebody reads first: none of them moves the clock of the sandbox. */
export const first = [
  'README.md',
  'docs/agent.md',
  'docs/signup.md',
  'docs/writing-a-client.md',
  'docs/joining.md',
];
/** Pages with a registry in production */
export const operating = ['docs/operating.md'];
/** It starts a sandbox, and leaves there what other pages go on from. */
const begins = 'docs/getting-started.md';
const apart = [...first, ...operating, begins];
export const others = [begins, ...pages.filter((page) => !apart.includes(page))];
