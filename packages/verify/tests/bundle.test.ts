import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { expect, it } from 'vitest';

it('bundles for browsers: nothing of Node is imported', async () => {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['@recourse/source', 'module', 'browser'] },
    build: {
      write: false,
      lib: { entry: fileURLToPath(new URL('../src/index.ts', import.meta.url)), formats: ['es'] },
      rolldownOptions: { external: /^node:/ },
    },
  });
  const [{ output }] = built as [Rolldown.RolldownOutput];
  const chunks = output.filter((item) => item.type === 'chunk');
  expect(chunks.some(({ exports }) => exports.includes('verifyLedger'))).toBe(true);
  expect(chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])).toEqual(
    [],
  );
}, 60_000);
