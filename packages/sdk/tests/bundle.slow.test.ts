import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { describe, expect, it } from 'vitest';

type Chunk = Rolldown.OutputChunk;

/** Bundles one entry for browsers. What is imported on demand lands in chunks of its own. */
async function bundle(entry: string): Promise<{ eager: Chunk[]; all: Chunk[] }> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['@recourse/source', 'module', 'browser'] },
    build: {
      write: false,
      minify: true,
      lib: { entry: fileURLToPath(new URL(entry, import.meta.url)), formats: ['es'] },
      rolldownOptions: { external: /^node:/ },
    },
  });
  const [{ output }] = built as [Rolldown.RolldownOutput];
  const all = output.filter((item): item is Chunk => item.type === 'chunk');
  const byName = new Map(all.map((chunk) => [chunk.fileName, chunk]));
  const eager = new Set<Chunk>();
  const add = (chunk: Chunk | undefined): void => {
    if (!chunk || eager.has(chunk)) return;
    eager.add(chunk);
    chunk.imports.forEach((name) => add(byName.get(name)));
  };
  add(all.find(({ isEntry }) => isEntry));
  return { eager: [...eager], all };
}

const nodeImports = (chunks: readonly Chunk[]): string[] =>
  chunks.flatMap(({ imports, dynamicImports }) =>
    [...imports, ...dynamicImports].filter((name) => name.startsWith('node:')),
  );
const modules = (chunks: readonly Chunk[]): string[] =>
  chunks.flatMap(({ moduleIds }) => moduleIds);
const kilobytes = (chunks: readonly Chunk[]): number =>
  Math.round(gzipSync(chunks.map(({ code }) => code).join('\n')).length / 1000);

describe('the SDK runs in browsers', () => {
  it('loads no token code before it is needed', async () => {
    const { eager, all } = await bundle('../src/index.ts');
    expect(nodeImports(all)).toEqual([]);
    const heavy =
      /libsodium|libphonenumber|tldts|ibantools|packages\/registry|packages\/texts|messageformat/;
    expect(modules(eager).filter((id) => heavy.test(id))).toEqual([]);
    expect(modules(all).some((id) => id.includes('libsodium'))).toBe(true);
    expect(kilobytes(eager)).toBeLessThan(125);
  }, 60_000);

  it('bundles checks whole where that is asked for', async () => {
    const { eager } = await bundle('../src/checks/index.ts');
    expect(nodeImports(eager)).toEqual([]);
    expect(modules(eager).some((id) => id.includes('libsodium'))).toBe(true);
    expect(kilobytes(eager)).toBeLessThan(600);
  }, 60_000);

  it("keeps the creator's page small: neither token code nor the table of operations", async () => {
    const { eager, all } = await bundle('../src/case/index.ts');
    expect(nodeImports(all)).toEqual([]);
    const heavy =
      /libsodium|libphonenumber|tldts|ibantools|@trpc|packages\/registry|taxonomy|ops\/(?!common)/;
    expect(modules(eager).filter((id) => heavy.test(id))).toEqual([]);
    expect(kilobytes(eager)).toBeLessThan(64);
  }, 60_000);
});
