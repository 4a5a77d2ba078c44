import {
  thumbprint,
  toDay,
  toTimestamp,
  type CaseInput,
  type CaseOutput,
  type CaseView,
  type Registration,
} from '@recourse/protocol';
import { acceptedBy, invitedBy } from '../../cases/access-store.ts';
import {
  cameBy,
  hiddenIn,
  openCase,
  speaksAs,
  type CameBy,
  type OpenedCase,
} from '../../cases/access.ts';
import { contactOf, isClosed } from '../../cases/contact-store.ts';
import { openAddress } from '../../cases/contact.ts';
import type { CaseContext } from '../../cases/context.ts';
import { erasureRequestsOf, notBefore } from '../../cases/erasure-store.ts';
import { withoutFacts } from '../../cases/hidden.rules.ts';
import { partyOf } from '../../parties/store.ts';
import { readSigningKey } from '../../cases/signed-act.ts';
import { toldTo } from '../../cases/view-store.ts';
import type { Db } from '../../kernel/database.ts';
import { readStatement } from '../../parties/opening.ts';
import { suspensionsAt } from '../../records/life.rules.ts';
import { expiryOf, lifeOf, reasonOf, standingOf, visibleFromOf } from '../../records/record.ts';
import { historyOf, subjectsOf, type SanctionRow } from '../../records/store.ts';
import type { ClaimantRow } from '../../review/claimant-store.ts';
import { waysOfClaimant } from '../../review/join-store.ts';
import { mayOpenNow } from '../../review/open-appeal.ts';
import { inquiriesAbout } from '../../submissions/inquiries/store.ts';
import { placeOf } from '../../vault/vault.ts';
import { appealsOf } from './open-appeal.ts';
import { askedBy, derivedReviewIn, lineOf, toldLine } from './open-lines.ts';
import { inspectionsOf, panelOf } from './open-panel.ts';

/** The first letter and the domain: enough to know it again. */
const masked = (email: string): string => {
  const at = email.lastIndexOf('@');
  return `${String.fromCodePoint(email.codePointAt(0) ?? 0x2026)}…${email.slice(at)}`;
};

/**
 * Every claimant sees the record whole, and so does who has a code; by a phone alone, once they said that the number was
 * theirs then. What others wrote, nobody sees.
 */
export async function openCaseView(
  ctx: CaseContext,
  { code }: CaseInput<'case.open'>,
): Promise<CaseOutput<'case.open'>> {
  const opened = await openCase(ctx, code);
  const came = await cameBy(ctx, opened, code);
  const view = await viewOf(ctx, opened, came);
  const hidden = hiddenIn(opened, came);
  return { case: hidden ? withoutFacts(view, hidden) : view };
}

async function viewOf(
  ctx: CaseContext,
  { record, claimant }: OpenedCase,
  came: CameBy,
): Promise<CaseView> {
  const { db, now } = ctx;
  const party = await partyOf(db, record.party);
  const ways = await waysBy(ctx, claimant, came);
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
    history: (await historyOf(db, record.id)).map(lineOf),
    ...(claimant ? await forClaimant(ctx, record, { claimant, came }) : {}),
  };
}

/** Returns the ways by which whoever looks came, or would come by the code. */
async function waysBy(
  { db, now }: CaseContext,
  claimant: ClaimantRow | undefined,
  { code }: CameBy,
): Promise<string[]> {
  if (claimant) return waysOfClaimant(db, { claimant: speaksAs(claimant), now });
  const { position = null, used_by = null } = code ?? {};
  return [position === null || used_by !== null ? 'clm' : `code:${position}`];
}

const asShown = (kind: ClaimantRow['kind']): CaseView['access'] =>
  kind === 'self' ? 'claimant' : kind;

/** Reads who was told, what reviewers were asked, how the claimant came, whom they let in, and where their news go. */
async function forClaimant(
  ctx: CaseContext,
  record: SanctionRow,
  { claimant, came }: { claimant: ClaimantRow; came: CameBy },
): Promise<Partial<CaseView>> {
  const { db, now } = ctx;
  const contact = await contactIn(ctx, record, claimant);
  const of = { sanction: record.id, claimant: claimant.id };
  const { told, names, toldOthers } = await toldTo(ctx, of);
  const asked = await inquiriesAbout(db, record.id);
  return {
    ...(await panelOf(ctx, record, names)),
    ways: await waysIn(db, claimant, came),
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

/** A representative and a guardian read how whoever let them in came. */
async function waysIn(
  db: Db,
  { id, sanction, acts_for: other }: ClaimantRow,
  { ways }: CameBy,
): Promise<NonNullable<CaseView['ways']>> {
  const kinds = await kindsOf(db, sanction);
  const shown = ways.filter(({ claimant }) => claimant === (other ?? id));
  return shown.map((row) => {
    const kind = row.position === null ? undefined : kinds.get(row.position);
    return {
      way: row.way,
      proven: row.proves,
      ...(kind === undefined ? {} : { kind }),
      at: toTimestamp(row.at),
      provenAt: toTimestamp(row.proven_at),
      ...(row.number_since ? { numberSince: toDay(row.number_since) } : {}),
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
    expiresAt: toTimestamp(expiryOf(record)),
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
    reason: reasonOf(record),
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
  const caseKey = ctx.services.vault.keyOf(record);
  return (
    caseKey.openJson(record.account, placeOf('sanctions.account', record)) as { text: string }
  ).text;
}

/**
 * Reads the address for news as its owner does; nothing of one that was never confirmed in time, nor once the case is
 * closed.
 */
async function contactIn(
  ctx: CaseContext,
  record: SanctionRow,
  claimant: ClaimantRow,
): Promise<CaseView['contact']> {
  const contact = await contactOf(ctx.db, claimant.id);
  if (!contact) return undefined;
  const { confirmed_at, confirm_by, at, failures } = contact;
  if (!confirmed_at && confirm_by <= ctx.now) return undefined;
  if (await isClosed(ctx.db, record.id)) return undefined;
  const sealing = ctx.services.vault.keyOf(record);
  return {
    address: masked(openAddress(sealing, contact).email),
    state: confirmed_at ? 'confirmed' : 'unconfirmed',
    at: toTimestamp(confirmed_at ?? at),
    failing: failures > 0,
  };
}

/** Whom a claimant let in, and by whose word somebody came; others read nothing of it. */
async function othersIn(
  ctx: CaseContext,
  record: SanctionRow,
  claimant: ClaimantRow,
): Promise<NonNullable<CaseView['others']>> {
  const own = await acceptedBy(ctx.db, claimant.id);
  const rows = [...(own ? [own] : []), ...(await invitedBy(ctx.db, claimant.id))];
  if (rows.length === 0) return [];
  const sealing = ctx.services.vault.keyOf(record);
  return rows.map((row) => ({
    place: row.place,
    as: row.kind,
    name: sealing.openText(row.name, placeOf('case_access.name', row)),
    invitedAt: toTimestamp(row.invited_at),
    ...(row.since
      ? { since: toTimestamp(row.since) }
      : { inviteUntil: toTimestamp(row.invite_until) }),
    ...(row.ended_at ? { endedAt: toTimestamp(row.ended_at) } : {}),
    own: row.claimant === claimant.id,
  }));
}
