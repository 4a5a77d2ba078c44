import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);

function dependenciesOf(folder: string): string[] {
  const text = readFileSync(new URL(`${folder}/package.json`, root), 'utf8');
  const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> };
  return Object.keys(dependencies).flatMap((name) => {
    const own = name.replace('@recourse/', 'packages/');
    return own === name ? [name] : [name, ...dependenciesOf(own)];
  });
}

// Whoever installs the command line gets no server, no database and no sample data. An app among them fails to be read.
it('the command line brings packages only, none of which a registry runs on', () => {
  const brought = new Set(dependenciesOf('apps/cli'));
  expect([...brought]).toContain('@recourse/verify');
  for (const name of ['@recourse/registry', 'kysely', 'postgres', 'eth-phishing-detect']) {
    expect([...brought]).not.toContain(name);
  }
});
