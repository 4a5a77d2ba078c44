import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

const dist = join(import.meta.dirname, '..', 'dist');
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8')) as Record<
  string,
  Chunk
>;

/** A chunk and everything that it imports at once. */
function loadedWith(name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  chunk.css?.forEach((file) => seen.add(file));
  chunk.imports?.forEach((imported) => loadedWith(imported, seen));
  return seen;
}

const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry) ?? '';
const first = [...loadedWith('src/trust/inbox.tsx', loadedWith(entry))];

describe('the first load of the desk, until the inbox stands', () => {
  it('is at most 250 kB compressed', () => {
    const sizes = first.map(
      (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length,
    );
    const total = sizes.reduce((sum, size) => sum + size, 0) / 1000;
    console.log(`first load: ${total.toFixed(1)} kB in ${sizes.length} files`);
    expect(total).toBeLessThan(250);
  });

  it('has neither token code nor phone numbers nor domains in it', () => {
    const text = first.map((file) => readFileSync(join(dist, file), 'utf8')).join('\n');
    expect(text.length).toBeGreaterThan(100_000);
    for (const word of ['crypto_core_ristretto255', 'PHONE_NUMBER', 'com.github.io']) {
      expect(text).not.toContain(word);
    }
  });
});
