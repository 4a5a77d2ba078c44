import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { contextOf } from './image-context.ts';

const isSeen = contextOf(fileURLToPath(new URL('../../..', import.meta.url)));

test('no secret beside the sources gets into an image', () => {
  const secrets = [
    '.env',
    '.npmrc',
    '.recourse/keys/vault.key',
    'backup.dump',
    'docker/secrets/owner.env',
    'keys/log.jwk.json',
    'apps/agent/.env',
    'apps/server/.recourse/sandbox.json',
    'packages/sdk/.git/config',
  ];
  expect(secrets.filter(isSeen)).toEqual([]);
});

test('an image is built of sources, and of nothing that was built or tests', () => {
  const read = ['package-lock.json', 'apps/server/src/main.ts', 'packages/design/src/tokens.css'];
  expect(read.filter(isSeen)).toEqual(read);
  const left = [
    'apps/server/dist/main.js',
    'apps/server/src/config/config.test.ts',
    'apps/server/tests/run-server.ts',
    'apps/cli/node_modules/commander/package.json',
    'node_modules/hono/package.json',
    'docs/operating.md',
    'reports/fast.json',
  ];
  expect(left.filter(isSeen)).toEqual([]);
});
