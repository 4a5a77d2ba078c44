import {
  toTimestamp,
  type CaseInput,
  type CaseOutput,
  type CaseView,
  type HistoryCause,
  type HistoryEvent,
  type Registration,
} from '@recourse/protocol';
import { reviewOf } from '../echoes/store.ts';
import { exchangeOf } from '../questions/exchange.ts';
import { questionsAbout } from '../questions/store.ts';
import { mayOpenNow } from '../appeals/open-appeal.ts';
import { erasureRequestOf } from '../retention/request-store.ts';
import { suspensionsAt } from '../sanctions/life.rules.ts';
import { readStatement } from '../sanctions/opening.ts';
import { lifeOf, standingOf, visibleFromOf } from '../sanctions/record.ts';
import { historyOf, subjectsOf, type SanctionRow } from '../sanctions/store.ts';
import type { Db } from '../database.ts';
import { openCase, type OpenedCase } from './access.ts';
import { accessOf } from './access-store.ts';
import { appealsOf } from './appeal-view.ts';
import { auditsOf } from './audit-view.ts';
import { contactIn } from './contact.ts';
import type { CaseContext } from './context.ts';
import { othersIn } from './giving-access.ts';
import { lastContested, liveHolder, type HolderRow } from './holder-store.ts';
import { caseOf } from './open-case.ts';
import { panelOf } from './panel-view.ts';
import { notBefore } from './request-erasure.ts';
import { findParty } from './party-store.ts';
import { givenAs, mayAct } from './represents.ts';
import { placeOf } from './sealed-columns.ts';
import { ticketsOf } from './ticket-store.ts';
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
  const acts = key !== undefined && mayAct(key);
  const party = await findParty(db, record.party);
  const { until, needsNews, mayReopen } = await mayOpenNow(ctx, record);
  const appeals = await appealsOf(ctx, record, { isHolder: acts });
  const isGuarded = isByOneIdentifier(key);
  return {
    sanction: record.id,
    access,
    submitter: submitterOf(record, party),
    ...datesOf(record, { now, isGuarded }),
    ...(await echoReviewIn(db, record.id)),
    ...(!key || key.unlocked ? { facts: await factsOf(ctx, record, party.registration) } : {}),
    ...(claimed ? { claimed } : {}),
    disputed: appeals.some((appeal) => appeal.state === 'open'),
    appeals: isGuarded ? [] : appeals,
    audits: isGuarded ? [] : await auditsOf(ctx, record, { isHolder: access === 'holder' }),
    ...(until ? { mayAppealUntil: toTimestamp(until) } : {}),
    ...(await erasureOf(db, record, claimed)),
    ...(needsNews ? { needsNews } : {}),
    ...(mayReopen ? { mayReopen } : {}),
    ...(await panelOf(ctx, record, key)),
    history: (await linesOf(db, record.id)).map((line) => lineOf(line, isGuarded)),
    ...(acts
      ? {
          told: (await toldOf(db, record.id)).map((row) => toldTo(row, now)),
          trustQuestions: (await questionsAbout(db, record.id)).map((row) => askedBy(row, now)),
          ...(await accessIn(ctx, record, key)),
        }
      : {}),
  };
}

/**
 * Found by one identifier, which may have had another owner: submitter and dates. Grounds and causes are of the reason,
 * or of the person.
 */
export const isByOneIdentifier = (key: HolderRow | undefined): boolean =>
  key !== undefined && !key.unlocked && !key.holds;

const accessBy = (key: HolderRow): CaseView['access'] =>
  key.holds ? 'holder' : (givenAs(key) ?? 'found');

/** Who else has access, and where news go to, for whoever acts on the case. */
async function accessIn(
  ctx: CaseContext,
  record: SanctionRow,
  key: HolderRow,
): Promise<Pick<CaseView, 'contact' | 'others'>> {
  const contact = await contactIn(ctx, record, key);
  return { others: await othersIn(ctx, record, key), ...(contact ? { contact } : {}) };
}

/** Since when it is held: a key that was found before became the holder's when it contested. */
async function claimOf({ db }: CaseContext, { sanction, way, at }: HolderRow): Promise<Claimed> {
  const contested = way === 'found' ? await lastContested(db, sanction) : null;
  return {
    at: toTimestamp(contested && contested > at ? contested : at),
    way: way === 'found' ? 'found' : 'code',
  };
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

function datesOf(record: SanctionRow, { now, isGuarded }: { now: Date; isGuarded: boolean }) {
  const { state, ended } = standingOf(record, now);
  const visible = visibleFromOf(record);
  return {
    state,
    submittedAt: toTimestamp(record.submitted_at ?? now),
    decidedAt: toTimestamp(record.decided_at),
    ...(visible ? { visibleFrom: toTimestamp(visible) } : {}),
    expiresAt: toTimestamp(record.amended_until ?? record.expires_at),
    ...(ended ? { endedAt: toTimestamp(ended.at) } : {}),
    ...(ended?.cause === undefined || isGuarded ? {} : { endCause: ended.cause }),
    suspendedFor: ended ? [] : [...suspensionsAt(lifeOf(record), now)],
  };
}

async function factsOf(
  ctx: CaseContext,
  record: SanctionRow,
  registration: Registration | null,
): Promise<NonNullable<CaseView['facts']>> {
  const statement = readStatement(record.statement);
  const policy = registration?.policies[statement.policy];
  const kinds = new Map(
    (await subjectsOf(ctx.db, record.id)).map(({ position, kind }) => [position, kind]),
  );
  return {
    reason: record.amended_reason ?? record.reason,
    action: statement.action,
    incidentFrom: toTimestamp(record.incident_from),
    incidentTo: toTimestamp(record.incident_to),
    account: await accountOf(ctx, record),
    evidence: statement.evidence.map((item) => item.class),
    subjects: [...kinds.values()],
    ...(policy === undefined ? {} : { policy }),
    ...(record.age === 'minor' ? { isMinor: true as const } : {}),
  };
}

async function erasureOf(
  db: Db,
  { id, texts_erased_at: textsAt }: SanctionRow,
  claimed: Claimed | undefined,
): Promise<Pick<CaseView, 'erasure' | 'textsErasedAt'>> {
  const request = await erasureRequestOf(db, id);
  return {
    ...(request
      ? {
          erasure: {
            requestedAt: toTimestamp(request.at),
            ground: request.ground,
            ...notBefore({ at: request.at, way: claimed?.way ?? 'code' }),
          },
        }
      : {}),
    ...(textsAt ? { textsErasedAt: toTimestamp(textsAt) } : {}),
  };
}

/** Nothing once the texts are erased. */
async function accountOf(ctx: CaseContext, record: SanctionRow): Promise<string> {
  if (record.texts_erased_at) return '';
  const { caseKey } = await caseOf(ctx, record);
  return (
    caseKey.openJson(record.account, placeOf('sanctions.account', record)) as { text: string }
  ).text;
}

interface Line {
  readonly at: Date;
  readonly event: HistoryEvent;
  readonly cause: HistoryCause | null;
}

/**
 * What happened to a record, and what does not touch it, of which no platform reads: the tickets that open it, and to
 * whom its holder gave access.
 */
async function linesOf(db: Db, sanction: string): Promise<Line[]> {
  const issued = (await ticketsOf(db, sanction)).map(({ at }): Line => ({
    at,
    event: 'ticket-issued',
    cause: null,
  }));
  const events: Line[] = await historyOf(db, sanction);
  const given = (await accessOf(db, sanction)).flatMap(({ since, ended_at }): Line[] => [
    ...(since ? [{ at: since, event: 'access-given' as const, cause: null }] : []),
    ...(since && ended_at ? [{ at: ended_at, event: 'access-ended' as const, cause: null }] : []),
  ]);
  return [...events, ...issued, ...given].toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

const lineOf = (line: Line, isGuarded: boolean) => ({
  at: toTimestamp(line.at),
  event: line.event,
  ...(line.cause === null || isGuarded ? {} : { cause: line.cause }),
});

/** Made after its platform was told of another record, which fell: from then on it is on its own. */
async function echoReviewIn(db: Db, sanction: string): Promise<Pick<CaseView, 'echoReview'>> {
  const review = await reviewOf(db, sanction);
  if (!review) return {};
  const { started_at, due_at, ends_at, confirmed_at } = review;
  return {
    echoReview: {
      startedAt: toTimestamp(started_at),
      dueAt: toTimestamp(due_at),
      endsAt: toTimestamp(ends_at),
      ...(confirmed_at ? { confirmedAt: toTimestamp(confirmed_at) } : {}),
    },
  };
}

const askedBy = (row: Awaited<ReturnType<typeof questionsAbout>>[number], now: Date) => ({
  by: row.party,
  name: row.name,
  ...exchangeOf(row, now),
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
