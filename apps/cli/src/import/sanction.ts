import {
  actions,
  ages,
  attestations,
  controls,
  flaggerId,
  gravities,
  identifierKinds,
  isId,
  namedInText,
  noticeChannels,
  ownRef,
  reasonCodes,
  subjectLeaves,
  writtenLanguage,
  type IdentifierKind,
} from '@recourse/protocol';
import { canonicalize, IdentifierError } from '@recourse/protocol/identifiers';
import type { Creator, ProvenIdentifier, SanctionInput, TellOrder } from '@recourse/sdk';
import { Cells, type RowIssue } from './cells.ts';
import { noticeColumns } from './columns.ts';
import type { RowGroup } from './read-rows.ts';

/** Each member of the SDK, also one that may be left out. */
type Sanction = Required<Omit<SanctionInput, 'creator' | 'evidence'>>;
type Whole<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

/** Reads a sanction from its first row; undefined when something of it is missing or wrong. */
export function readSanction(cells: Cells): Sanction | undefined {
  const from = cells.date('incident_from');
  const to = cells.date('incident_to');
  const stated = {
    reason: cells.oneOf('reason', reasonCodes, 'not-in-the-taxonomy'),
    action: cells.oneOf('action', actions),
    incident: from && to && { from, to },
    decidedAt: cells.date('decided_at'),
    decidedBy: cells.oneOf('decided_by', ['human', 'machine']),
    account: readAccount(cells),
    policy: cells.integer('policy', { least: 0, most: 255 }),
    age: cells.oneOf('age', ages),
    origin: readOrigin(cells),
    attest: cells.list('attest', attestations),
  };
  return isWhole(stated) ? { ...stated, ...readExtras(cells) } : undefined;
}

function readAccount(cells: Cells): string | undefined {
  const text = cells.text('account', 2000);
  const [named] = text === undefined ? [] : namedInText(text);
  return named ? cells.refuse('account', named.code) : text;
}

const isWhole = <T extends object>(stated: T): stated is T & Whole<T> =>
  Object.values(stated).every((value) => value !== undefined);

function readExtras(cells: Cells): Pick<Sanction, 'expires' | 'gravity' | 'evades' | 'ref'> {
  const evades = cells.optional('evades');
  const ref = cells.optional('ref');
  if (ref !== undefined && !ownRef.safeParse(ref).success) cells.refuse('ref', 'not-a-ref');
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

/** The identifiers of a record, one a row, each with how and when the platform itself proved control. */
export function readIdentifiers(group: RowGroup, issues: RowIssue[]): Creator<ProvenIdentifier> {
  const creator: Partial<Record<IdentifierKind, ProvenIdentifier[]>> = {};
  const seen = new Set<string>();
  for (const row of group) {
    const cells = new Cells(row, issues);
    const kind = cells.oneOf('kind', identifierKinds);
    const control = cells.oneOf('control', controls);
    const provenAt = cells.date('proven_at');
    const value = kind && readCanonical(cells, kind);
    if (kind === undefined || control === undefined || !provenAt || value === undefined) continue;
    if (seen.has(`${kind} ${value}`)) cells.refuse('identifier', 'duplicate-identifier');
    seen.add(`${kind} ${value}`);
    (creator[kind] ??= []).push({ value, control, provenAt });
  }
  if (seen.size > subjectLeaves) {
    new Cells(group[0], issues).refuse('identifier', 'too-many-identifiers');
  }
  return creator;
}

function readCanonical(cells: Cells, kind: IdentifierKind): string | undefined {
  const text = cells.text('identifier');
  if (text === undefined) return undefined;
  try {
    return canonicalize(kind, text);
  } catch (error) {
    return cells.refuse('identifier', error instanceof IdentifierError ? error.code : 'invalid');
  }
}

export type Notice = Omit<TellOrder, 'sanction'>;

/**
 * In which language the creator is told, by the registry where the record has an address; how and when the platform did so
 * itself, for where it has none. The columns come with the record, or later in a second run.
 */
export function readNotice(
  group: RowGroup,
  { creator: proven, issues }: { creator: SanctionInput['creator']; issues: RowIssue[] },
): Notice | undefined {
  const row = group.find(({ values }) => noticeColumns.some((name) => values[name] !== undefined));
  if (!row) return undefined;
  const cells = new Cells(row, issues);
  const language = cells.text('notice_language', 6);
  if (language === undefined) return undefined;
  if (!writtenLanguage.safeParse(language).success) {
    return cells.refuse('notice_language', 'not-a-language');
  }
  const { notice_channel, notice_sent_at } = row.values;
  const creator = valuesOf(proven);
  if (notice_channel === undefined && notice_sent_at === undefined) {
    if (creator.email ?? creator.phone) return { language, creator };
    return cells.refuse('notice_channel', 'no-address');
  }
  const channel = cells.oneOf('notice_channel', noticeChannels);
  const sentAt = cells.date('notice_sent_at');
  if (channel === undefined || !sentAt) return undefined;
  return { language, creator, stated: { channel, sentAt } };
}

const valuesOf = (proven: SanctionInput['creator']): Creator<string> =>
  Object.fromEntries(
    Object.entries(proven).map(([kind, given]) => [
      kind,
      [given ?? []].flat().map(({ value }) => value),
    ]),
  );
