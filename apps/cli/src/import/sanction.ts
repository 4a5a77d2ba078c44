import {
  actions,
  ages,
  attestations,
  flaggerId,
  gravities,
  isId,
  reasonCodes,
  withheldGrounds,
} from '@recourse/protocol';
import type { SanctionInput } from '@recourse/sdk';
import type { Cells } from './cells.ts';

type Sanction = Omit<SanctionInput, 'creator' | 'evidence'>;
type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

/** What the first row says of the sanction; undefined when something of it is missing or wrong. */
export function readSanction(cells: Cells): Sanction | undefined {
  const from = cells.date('incident_from');
  const to = cells.date('incident_to');
  const stated: Loose<Pick<Sanction, keyof Sanction & (typeof needed)[number]>> = {
    reason: cells.oneOf('reason', reasonCodes, 'not-in-the-taxonomy'),
    action: cells.oneOf('action', actions),
    incident: from && to && { from, to },
    decidedAt: cells.date('decided_at'),
    decidedBy: cells.oneOf('decided_by', ['human', 'machine']),
    account: cells.text('account', 2000),
    policy: cells.integer('policy', { least: 0, most: 255 }),
    age: cells.oneOf('age', ages),
    origin: readOrigin(cells),
    attest: cells.list('attest', attestations),
    notice: readDue(cells),
  };
  return isWhole(stated) ? { ...stated, ...readExtras(cells) } : undefined;
}

const needed = [
  'reason',
  'action',
  'incident',
  'decidedAt',
  'decidedBy',
  'account',
  'policy',
  'age',
  'origin',
  'attest',
  'notice',
] as const;

const isWhole = <T extends object>(stated: Loose<T>): stated is T & Loose<T> =>
  Object.values(stated).every((value) => value !== undefined);

function readExtras(cells: Cells): Pick<Sanction, 'expires' | 'gravity' | 'evades' | 'ref'> {
  const evades = cells.optional('evades');
  const ref = cells.optional('ref');
  if (ref !== undefined && !/^[A-Za-z0-9_-]{16,64}$/.test(ref)) cells.refuse('ref', 'not-a-ref');
  if (evades !== undefined && !isId('snc', evades)) cells.refuse('evades', 'not-an-id');
  return {
    expires: cells.optional('expires') === undefined ? undefined : cells.date('expires'),
    gravity:
      cells.optional('gravity') === undefined ? undefined : cells.oneOf('gravity', gravities),
    evades: evades !== undefined && isId('snc', evades) ? evades : undefined,
    ref,
  };
}

const plainOrigins = ['own-detection', 'user-report', 'authority-request'] as const;

/** `own-detection`, `user-report`, `authority-request` (refused and counted), or `trusted-flagger:tf-0001`. */
function readOrigin(cells: Cells): Sanction['origin'] | undefined {
  const text = cells.text('origin');
  if (text === undefined) return undefined;
  const [word = '', flagger = ''] = text.split(':', 2);
  if (word === 'trusted-flagger' && flaggerId.safeParse(flagger).success) {
    return { 'trusted-flagger': flagger };
  }
  return cells.oneOf('origin', plainOrigins);
}

/** `due`, or `withheld:<ground>`. */
function readDue(cells: Cells): Sanction['notice'] | undefined {
  const text = cells.text('notice');
  if (text === undefined) return undefined;
  if (text === 'due') return 'due';
  const ground = withheldGrounds.find((known) => text === `withheld:${known}`);
  return ground === undefined ? cells.refuse('notice', 'unknown-value') : { withheld: ground };
}
