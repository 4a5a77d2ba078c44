import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../apps/server/dist/scripts/', import.meta.url);
const entries = { ledger: 'apps/server/src/browser/ledger/main.ts' } as const;

/**
 * Builds the scripts of the server's pages that use our packages, each into one file: `npm run build` and `npm start` do
 * it. Without Vite, as in an installation without development dependencies, a page goes without its script.
 */
export async function buildPageScripts(): Promise<void> {
  const vite = await import('vite').catch(() => undefined);
  if (!vite) return;
  mkdirSync(folder, { recursive: true });
  for (const [name, entry] of Object.entries(entries)) {
    const built = await vite.build({
      configFile: false,
      logLevel: 'silent',
      resolve: { conditions: ['@recourse/source', 'module', 'browser'] },
      build: {
        write: false,
        rolldownOptions: {
          input: fileURLToPath(new URL(`../${entry}`, import.meta.url)),
          output: { format: 'iife' },
        },
      },
    });
    const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
    const [chunk] = outputs.filter((output) => output.type === 'chunk');
    if (!chunk) throw new Error(`${entry} gave no script`);
    const draft = new URL(`${name}.${process.pid}.js`, folder);
    writeFileSync(draft, chunk.code);
    renameSync(draft, new URL(`${name}.js`, folder));
  }
}

if (import.meta.main) await buildPageScripts();
