import {
  caseKey,
  thumbprint,
  toTimestamp,
  type CaseInput,
  type CaseOutput,
  type CaseView,
  type HistoryCause,
  type HistoryEvent,
  type Registration,
} from '@recourse/protocol';
import { reviewOf } from '../submissions/derived/store.ts';
import { exchangeOf } from '../submissions/inquiries/list-inquiries.ts';
import { inquiriesAbout } from '../submissions/inquiries/store.ts';
import { mayOpenNow } from '../review/open-appeal.ts';
import { suspensionsAt } from '../records/life.rules.ts';
import { readStatement } from '../parties/opening.ts';
import { lifeOf, standingOf, visibleFromOf } from '../records/record.ts';
import { historyOf, subjectsOf, type SanctionRow } from '../records/store.ts';
import type { Db } from '../kernel/database.ts';
import { openCase, speaksAs, type OpenedCase } from './access.ts';
import { appealsOf } from './appeal-view.ts';
import { inspectionsOf } from '../review/inspection-view.ts';
import { contactIn } from './contact.ts';
import type { CaseContext } from './context.ts';
import { othersIn } from './giving-access.ts';
import { codeOf, waysOf, type ClaimantRow } from '../review/claimant-store.ts';
import { waysOfClaimant } from '../review/join-store.ts';
import { keyOf } from '../vault/case-keys.ts';
import { panelOf } from './panel-view.ts';
import { notBefore, erasureRequestsOf } from './request-erasure.ts';
import { findParty } from './party-store.ts';
import { placeOf } from '../vault/vault.ts';
import { readSigningKey } from './signed-act.ts';
import { ticketsOf } from './ticket.ts';
import { toldTo, type ToldRow } from './view-store.ts';

/** Every claimant sees the record whole, and so does who has a code. What others wrote, nobody sees. */
export async function openCaseView(
  ctx: CaseContext,
  { code }: CaseInput<'case.open'>,
): Promise<CaseOutput<'case.open'>> {
  return { case: await viewOf(ctx, await openCase(ctx, code), code) };
}

async function viewOf(
  ctx: CaseContext,
  { record, claimant }: OpenedCase,
  secret: string,
): Promise<CaseView> {
  const { db, now } = ctx;
  const party = await findParty(db, record.party);
  const ways = await waysBy(ctx, claimant, secret);
  const { until, needsNews, mayReopen } = await mayOpenNow(ctx, record, ways);
  const appeals = await appealsOf(ctx, record, claimant);
  return {
    sanction: record.id,
    access: claimant ? asShown(claimant.kind) : 'code',
    submitter: submitterOf(record, party),
    ...datesOf(record, now),
    ...(await derivedReviewIn(db, record.id)),
    facts: await factsOf(ctx, record, party.registration),
    disputed: appeals.some((appeal) => appeal.state === 'open'),
    appeals,
    inspections: await inspectionsOf(ctx, record, { isClaimant: claimant !== undefined }),
    ...(until ? { mayAppealUntil: toTimestamp(until) } : {}),
    ...(await erasureOf(db, record, claimant && speaksAs(claimant))),
    ...(needsNews ? { needsNews } : {}),
    ...(mayReopen ? { mayReopen } : {}),
    history: (await linesOf(db, record.id)).map(lineOf),
    ...(claimant ? await forClaimant(ctx, record, claimant) : {}),
  };
}

/** By which whoever looks came, or would come. */
async function waysBy(
  { db, now }: CaseContext,
  claimant: ClaimantRow | undefined,
  secret: string,
): Promise<number[]> {
  if (claimant) return waysOfClaimant(db, { claimant: speaksAs(claimant), now });
  return [(await codeOf(db, caseKey(secret)))?.position ?? -1];
}

const asShown = (kind: ClaimantRow['kind']): CaseView['access'] =>
  kind === 'self' ? 'claimant' : kind;

/** Who was told, what reviewers were asked, how the claimant came, whom they let in, and where their news go. */
async function forClaimant(
  ctx: CaseContext,
  record: SanctionRow,
  claimant: ClaimantRow,
): Promise<Partial<CaseView>> {
  const { db, now } = ctx;
  const contact = await contactIn(ctx, record, claimant);
  const of = { sanction: record.id, claimant: claimant.id };
  const { told, names, toldOthers } = await toldTo(ctx, of);
  const asked = await inquiriesAbout(db, record.id);
  return {
    ...(await panelOf(ctx, record, names)),
    ways: await waysIn(db, claimant),
    ...signingKeyIn(claimant),
    told: told.map((row) => toldLine(row, now)),
    toldOthers,
    // Who asks was told.
    trustQuestions: asked.filter(({ party }) => names.has(party)).map((row) => askedBy(row, now)),
    others: await othersIn(ctx, record, claimant),
    ...(contact ? { contact } : {}),
  };
}

function signingKeyIn(claimant: ClaimantRow): Pick<CaseView, 'signingKey'> {
  const key = readSigningKey(claimant);
  return key ? { signingKey: thumbprint(key) } : {};
}

async function waysIn(db: Db, claimant: ClaimantRow): Promise<NonNullable<CaseView['ways']>> {
  const kinds = await kindsOf(db, claimant.sanction);
  return (await waysOf(db, claimant.acts_for ?? claimant.id)).map((row) => {
    const kind = row.position === null ? undefined : kinds.get(row.position);
    return {
      way: row.way,
      ...(kind === undefined ? {} : { kind }),
      at: toTimestamp(row.at),
      provenAt: toTimestamp(row.proven_at),
    };
  });
}

const kindsOf = async (db: Db, sanction: string) =>
  new Map((await subjectsOf(db, sanction)).map(({ position, kind }) => [position, kind]));

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
    legalBasis: registration?.legalBasis ?? 'none',
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
): Promise<CaseView['facts']> {
  const statement = readStatement(record.statement);
  const policy = registration?.policies[statement.policy];
  const kinds = await kindsOf(ctx.db, record.id);
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
  speaker: string | undefined,
): Promise<Pick<CaseView, 'erasures' | 'textsErasedAt'>> {
  const requests = await erasureRequestsOf(db, id);
  return {
    erasures: requests.map(({ claimant, act, at }) => ({
      own: claimant === speaker,
      signed: act !== null,
      requestedAt: toTimestamp(at),
      notBefore: notBefore(at),
    })),
    ...(textsAt ? { textsErasedAt: toTimestamp(textsAt) } : {}),
  };
}

/** Nothing once the texts are erased. */
async function accountOf(ctx: CaseContext, record: SanctionRow): Promise<string> {
  if (record.texts_erased_at) return '';
  const caseKey = keyOf(ctx, record);
  return (
    caseKey.openJson(record.account, placeOf('sanctions.account', record)) as { text: string }
  ).text;
}

interface Line {
  readonly at: Date;
  readonly event: HistoryEvent;
  readonly cause: HistoryCause | null;
}

/** What happened to a record, and what does not touch it, of which no platform reads: the tickets that open it. */
async function linesOf(db: Db, sanction: string): Promise<Line[]> {
  const issued = (await ticketsOf(db, sanction)).map(({ at }): Line => ({
    at,
    event: 'ticket-issued',
    cause: null,
  }));
  const events: Line[] = await historyOf(db, sanction);
  return [...events, ...issued].toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

const lineOf = (line: Line) => ({
  at: toTimestamp(line.at),
  event: line.event,
  ...(line.cause === null ? {} : { cause: line.cause }),
});

/** Made after its platform was told of another record, which fell: from then on it is on its own. */
async function derivedReviewIn(db: Db, sanction: string): Promise<Pick<CaseView, 'echoReview'>> {
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

const askedBy = (row: Awaited<ReturnType<typeof inquiriesAbout>>[number], now: Date) => ({
  by: row.party,
  name: row.name,
  ...exchangeOf(row, now),
});

function toldLine(row: ToldRow, now: Date): NonNullable<CaseView['told']>[number] {
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
