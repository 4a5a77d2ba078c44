import { createHash } from 'node:crypto';
import { canonicalize, IdentifierError } from '@recourse/protocol/identifiers';
import blockList from 'eth-phishing-detect/src/config.json' with { type: 'json' };

/** Real names of a public block list. What is said about them here, dates, evidence and notices, is made up. */
export interface SampleDomains {
  /** How many the block list holds */
  readonly total: number;
  /** Registrable ones in an order that is drawn, and always the same */
  readonly listed: readonly string[];
  /** Registrable ones of the allow list */
  readonly allowed: readonly string[];
  /** Why the others are no identifiers */
  readonly refused: Readonly<Record<string, number>>;
}

export function sampleDomains(): SampleDomains {
  const refused = new Map<string, number>();
  const refuse = (code: string): void => void refused.set(code, (refused.get(code) ?? 0) + 1);
  const allowed = new Set(blockList.whitelist.flatMap((name) => canonical(name) ?? []));
  const listed = new Set<string>();
  for (const name of blockList.blacklist) {
    const domain = canonical(name, refuse);
    if (domain === undefined) continue;
    if (allowed.has(domain)) refuse('also-on-the-allow-list');
    else if (listed.has(domain)) refuse('twice');
    else listed.add(domain);
  }
  return {
    total: blockList.blacklist.length,
    listed: drawn(listed),
    allowed: drawn(allowed),
    refused: Object.fromEntries([...refused].toSorted(([, a], [, b]) => b - a)),
  };
}

/** Names that are on no list, each one letter away from one that is. */
export function nearMisses(listed: readonly string[], count: number): string[] {
  const known = new Set(listed);
  const names = listed.flatMap((domain) => {
    const near = canonical(`x${domain}`);
    return near === undefined || known.has(near) ? [] : [near];
  });
  return names.slice(0, count);
}

function canonical(name: string, refuse?: (code: string) => void): string | undefined {
  try {
    return canonicalize('domain', name);
  } catch (error) {
    if (!(error instanceof IdentifierError)) throw error;
    refuse?.(error.code);
    return undefined;
  }
}

/** Draws by hash: no part of the list is preferred, and every run draws the same. */
const drawn = (names: Iterable<string>): string[] =>
  [...names]
    .map((name) => ({ name, key: createHash('sha256').update(name).digest('hex') }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ name }) => name);
