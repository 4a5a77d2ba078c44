import {
  toTimestamp,
  type CaseInput,
  type CaseOutput,
  type CaseView,
  type Registration,
} from '@recourse/protocol';
import { mayAppealUntil } from '../appeals/open-appeal.ts';
import { suspensionsAt } from '../sanctions/life.ts';
import { readStatement } from '../sanctions/opening.ts';
import { lifeOf, standingOf, visibleFromOf } from '../sanctions/record.ts';
import { historyOf, subjectsOf, type SanctionRow } from '../sanctions/store.ts';
import { openCase, type OpenedCase } from './access.ts';
import { appealsOf } from './appeal-view.ts';
import type { CaseContext } from './context.ts';
import { lastContested, liveHolder, type HolderRow } from './holder-store.ts';
import { caseOf } from './open-case.ts';
import { findParty } from './party-store.ts';
import { toldOf, type ToldRow } from './view-store.ts';

/** What a case shows depends on what opened it: the unclaimed code, a found key, or the key of its holder. */
export async function openCaseView(
  ctx: CaseContext,
  { code }: CaseInput<'case.open'>,
): Promise<CaseOutput<'case.open'>> {
  const opened = await openCase(ctx, code);
  const holder = await liveHolder(ctx.db, opened.record.id);
  const claimed = holder && (await claimOf(ctx, holder));
  // Whoever wrote the notice knows its code: once somebody claimed the case it shows nothing else.
  if (!opened.key && claimed) return { state: 'claimed', claimedAt: claimed.at };
  return { state: 'open', case: await viewOf(ctx, opened, claimed) };
}

type Claimed = NonNullable<CaseView['claimed']>;

async function viewOf(
  ctx: CaseContext,
  { record, key }: OpenedCase,
  claimed: Claimed | undefined,
): Promise<CaseView> {
  const { db, now } = ctx;
  const access = key ? accessBy(key) : 'code';
  const party = await findParty(db, record.party);
  const until = await mayAppealUntil(ctx, record);
  const appeals = await appealsOf(ctx, record, { isHolder: access === 'holder' });
  return {
    sanction: record.id,
    access,
    submitter: submitterOf(record, party),
    ...datesOf(record, now),
    ...(!key || key.unlocked ? { facts: await factsOf(ctx, record, party.registration) } : {}),
    ...(claimed ? { claimed } : {}),
    disputed: appeals.some((appeal) => appeal.state === 'open'),
    appeals,
    ...(until ? { mayAppealUntil: toTimestamp(until) } : {}),
    history: (await historyOf(db, record.id)).map(lineOf),
    ...(access === 'holder'
      ? { told: (await toldOf(db, record.id)).map((row) => toldTo(row, now)) }
      : {}),
  };
}

const accessBy = ({ holds }: HolderRow): CaseView['access'] => (holds ? 'holder' : 'found');

/** Since when it is held: a key that was found before became the holder's when it contested. */
async function claimOf({ db }: CaseContext, { sanction, way, at }: HolderRow): Promise<Claimed> {
  const contested = way === 'found' ? await lastContested(db, sanction) : null;
  return { at: toTimestamp(contested && contested > at ? contested : at), way };
}

function submitterOf(
  { party }: SanctionRow,
  { name, registration }: { name: string; registration: Registration | null },
): CaseView['submitter'] {
  return {
    party: party as CaseView['submitter']['party'],
    name,
    domain: registration?.domain ?? '',
    complaints: registration?.contacts.complaints ?? '',
    dataProtection: registration?.contacts.dataProtection ?? '',
  };
}

function datesOf(record: SanctionRow, now: Date) {
  const { state, ended } = standingOf(record, now);
  const visible = visibleFromOf(record);
  return {
    state,
    submittedAt: toTimestamp(record.submitted_at ?? now),
    decidedAt: toTimestamp(record.decided_at),
    ...(visible ? { visibleFrom: toTimestamp(visible) } : {}),
    expiresAt: toTimestamp(record.amended_until ?? record.expires_at),
    ...(ended ? { endedAt: toTimestamp(ended.at) } : {}),
    ...(ended?.cause === undefined ? {} : { endCause: ended.cause }),
    suspendedFor: ended ? [] : [...suspensionsAt(lifeOf(record), now)],
  };
}

async function factsOf(
  ctx: CaseContext,
  record: SanctionRow,
  registration: Registration | null,
): Promise<NonNullable<CaseView['facts']>> {
  const statement = readStatement(record.statement);
  const { caseKey } = await caseOf(ctx, record);
  const { text } = caseKey.openJson(record.account) as { text: string };
  const policy = registration?.policies[statement.policy];
  const kinds = new Map(
    (await subjectsOf(ctx.db, record.id)).map(({ position, kind }) => [position, kind]),
  );
  return {
    reason: record.amended_reason ?? record.reason,
    action: statement.action,
    incidentFrom: toTimestamp(record.incident_from),
    incidentTo: toTimestamp(record.incident_to),
    account: text,
    evidence: statement.evidence.map((item) => item.class),
    subjects: [...kinds.values()],
    ...(policy === undefined ? {} : { policy }),
  };
}

const lineOf = (line: { at: Date; event: string; cause: string | null }) => ({
  at: toTimestamp(line.at),
  event: line.event,
  ...(line.cause === null ? {} : { cause: line.cause }),
});

function toldTo(row: ToldRow, now: Date): NonNullable<CaseView['told']>[number] {
  return {
    party: row.party as NonNullable<CaseView['told']>[number]['party'],
    name: row.name,
    toldAt: toTimestamp(row.told_at),
    purpose: row.purpose,
    ...(row.outcome === null ? {} : { outcome: row.outcome }),
    ...(row.kind && row.due_at
      ? { recall: recallOf({ ...row, kind: row.kind, due_at: row.due_at }, now) }
      : {}),
  };
}

const recallOf = (
  {
    kind,
    due_at,
    action,
    acknowledged_at,
  }: ToldRow & { kind: 'undo' | 'pause' | 'correct'; due_at: Date },
  now: Date,
) => ({
  kind,
  dueAt: toTimestamp(due_at),
  overdue: acknowledged_at === null && due_at < now,
  ...(action && acknowledged_at ? { action, acknowledgedAt: toTimestamp(acknowledged_at) } : {}),
});
