import type { ServerResponse } from 'node:http';
import { isCaseOpName, isOpName, publicOps } from '@recourse/protocol';
import type { OnEnded } from '../traces/ended-request.ts';
import type { CurrentRequest } from './current-request.ts';

/** Tells how a request ended, once its answer is written or its connection is gone. */
export function watchRequest(
  response: ServerResponse,
  { path, current, onEnded }: { path: string; current: CurrentRequest; onEnded: OnEnded },
): void {
  response.once('close', () => {
    const { refused, caller, arrivedAt } = current;
    onEnded({
      operation: operationOf(path),
      status: response.writableFinished ? response.statusCode : 499,
      seconds: (performance.now() - arrivedAt) / 1000,
      ...(refused ? { refused } : {}),
      ...(caller ? { caller } : {}),
    });
  });
}

/** First segments of what is no operation. */
const places: ReadonlySet<string> = new Set([
  '.well-known',
  'case',
  'desk',
  'docs',
  'governance',
  'governance.json',
  'healthz',
  'ledger',
  'letter',
  'openapi.json',
  'parties',
  'policies',
  'prefixes',
  'problems',
  'readyz',
  'sandbox',
  'schemas',
  'taxonomy',
  'transparency',
]);

/** A path is attacker-controlled and may hold a secret: a name of ours stands for it, and `other` for the rest. */
export function operationOf(path: string): string {
  if (path === '/') return path;
  const [before, first = '', second = '', ...more] = path.split('/');
  if (before !== '') return 'other';
  const name = more.length === 0 ? second : '';
  if (first === 'call') return isOpName(name) ? name : 'other';
  if (first === 'trpc') {
    return isCaseOpName(name) || Object.hasOwn(publicOps, name) ? name : 'other';
  }
  return places.has(first) ? `/${first}` : 'other';
}
