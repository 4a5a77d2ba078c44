import { hostsOf, type Db, type HostFigures } from '@recourse/registry';
import type { Log } from '../log.ts';

/** @returns to be called now and then: says which place of DATABASE_URL lets nobody in, once until that changes */
export function hostsSayer(db: Db, log: Pick<Log, 'warn'>): () => void {
  let before: string | undefined;
  return () => {
    const line = hostsLine(hostsOf(db));
    if (line !== before && line !== undefined) log.warn(`DATABASE: ${line}`);
    before = line;
  };
}

/** Nothing where all is well: of several places, standbys that only read are. */
export function hostsLine({ found, failed }: HostFigures): string | undefined {
  const isWell = found !== undefined && failed.every(({ code }) => code === readsOnly);
  if (isWell || failed.length === 0) return undefined;
  const where = found === undefined ? 'no host lets us in' : `connections go to ${found}`;
  return `${failed.map(({ host, code }) => `${host} ${why[code] ?? `fails (${code})`}`).join(', ')}: ${where}.`;
}

const readsOnly = 'CONNECTION_READ_ONLY';
const why: Readonly<Record<string, string>> = {
  [readsOnly]: 'only reads',
  CONNECTION_LOST: 'does not answer',
};
