import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { ServedBytes } from './served-bytes.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** No inline script or style, nothing from elsewhere. Pictures are evidence that the browser itself opened. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
  "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Tokens are computed by WebAssembly in a worker, which has a policy of its own: pages need no exception. */
const workerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/**
 * The built files of the desks by their address: `/desk/` is the page. They are read once; an address that is not among
 * them is not there, and nothing is there where `dir` is missing.
 */
export function readDesk(
  dir: string,
  mode: 'sandbox' | 'production',
): ReadonlyMap<string, ServedBytes> {
  const files = new Map<string, ServedBytes>();
  if (!existsSync(dir)) return files;
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const full = join(entry.parentPath, entry.name);
    const path = relative(dir, full).split(sep).join('/');
    const headers = { 'Content-Type': type, ...isolation, ...headersOf(path) };
    files.set(`/desk/${path}`, new ServedBytes(textOf(full, mode), headers));
  }
  const page = files.get('/desk/index.html');
  return page ? files.set('/desk/', page) : files;
}

/** The page says what it is served by; the build cannot know. */
function textOf(path: string, mode: string): string {
  const text = readFileSync(path, 'utf8');
  return path.endsWith('.html') ? text.replace('content="production"', `content="${mode}"`) : text;
}

function headersOf(path: string): Record<string, string> {
  if (path.endsWith('.html')) return { 'Content-Security-Policy': pagePolicy };
  const isWorker = /\.worker-[\w-]+\.js$/.test(path);
  return {
    // The name of an asset has its hash.
    'Cache-Control': 'public, max-age=31536000, immutable',
    'Content-Security-Policy': isWorker ? workerPolicy : pagePolicy,
  };
}

/** No page of another site opens, embeds or reads what has these, and nobody guesses its type. */
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};
