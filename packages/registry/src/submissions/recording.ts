import {
  fromNumericDate,
  hashText,
  type IdentifierKind,
  reasons,
  subjectExpiry,
  type Problem,
  type ReasonCode,
  type Submission,
} from '@recourse/protocol';
import { isBehind, dueAt, type Deadlines } from '@recourse/protocol/review';
import type { CallContext } from '../context/context.ts';
import type { SignerRow } from '../parties/key-store.ts';
import { peekStatement, verifyStatement } from '../parties/opening.ts';
import { nextInstant } from '../records/life.rules.ts';
import { lockRecord } from '../records/lock-record.ts';
import { placeOf, type CaseKey } from '../vault/vault.ts';
import { beginReview } from './derived/review.ts';
import { insertDerived, shareSources } from './derived/store.ts';
import type { Facts, OpenedSubmission } from './facts.ts';
import { loadFacts, type FoundSources, type LoadedFacts } from './load-facts.ts';
import { recordInsert } from './submission-store.ts';
import { submitted } from './submission.rules.ts';

type Statement = OpenedSubmission['statement'];

/** The records that a new one follows, and whether one of them fell before. */
export interface Sources extends FoundSources {
  readonly fell: boolean;
}

/**
 * A record is derived if any of its subjects was in a check of its group that matched in the 365 d before, or if it
 * commits to evidence of another group's record. What it follows does not fall until the commit.
 */
export const shareFound = async ({ db }: CallContext, found: FoundSources): Promise<Sources> => ({
  ...found,
  fell: await shareSources(db, found.ids),
});

/** The entry of a record that is now submitted, and what it follows: of one that fell, it is reviewed at once. */
export async function logSubmitted(
  ctx: CallContext,
  {
    record,
    statement: { reason },
    caseKey,
    sources,
  }: { record: SubmittedRecord; statement: Statement; caseKey: CaseKey; sources: Sources },
): Promise<void> {
  const { id: sanction, party } = record;
  const detail = { party, statement: hashText(record.statement), reason, version: 1 };
  const echoOf = sources.ids.length === 0 ? {} : { echoOf: [...sources.ids] };
  ctx.changes.sanction('sanction-submitted', {
    sanction,
    caseKey,
    detail: { ...detail, ...echoOf, ...(sources.isDerived ? { priorMatch: true } : {}) },
  });
  await insertDerived(ctx.db, { derived: sanction, sources: sources.ids });
  const derived = sources.fell ? await lockRecord(ctx, sanction) : undefined;
  if (derived) await beginReview(ctx, derived);
}

interface SubmittedRecord {
  readonly id: string;
  readonly party: string;
  readonly statement: string;
}

/** Whoever is not told by then is told of nothing: the record is withdrawn. */
export const noticeDue = (now: Date, { noticeDueDays }: Pick<Deadlines, 'noticeDueDays'>): Date =>
  dueAt(now, 24 * noticeDueDays);

interface AcceptedSubmission {
  readonly submission: OpenedSubmission;
  readonly signer: SignerRow;
  readonly lookups: readonly Buffer[];
  readonly sources: FoundSources;
  readonly reversals: LoadedFacts['reversals'];
  /** It is held until fewer appeals on records of its group wait */
  readonly isBehind: boolean;
}

export async function accept(
  ctx: CallContext,
  input: Submission,
  {
    judge,
    isAlone,
  }: {
    judge: (submission: OpenedSubmission, facts: Facts) => Problem | undefined;
    /** A draft is judged again when a second holder confirms it */
    isAlone: boolean;
  },
): Promise<AcceptedSubmission> {
  const peeked = peekStatement(input.statement);
  const { payload: statement } = peeked;
  const lookups = input.tokens.map(({ token }) => ctx.services.vault.lookup(token));
  const { jti: sanction, reason } = statement;
  const { caseKey: code, evades } = input;
  const submission = submitted(statement, input);
  const incidentFrom = fromNumericDate(statement.incident_from);
  const evidence = isAlone ? commitmentsIn(statement) : [];
  const about = { sanction, code, reason, incidentFrom, lookups, evades, evidence, isAlone };
  const { kid } = peeked.jws;
  const loaded = await loadFacts(ctx, { ...about, kid, before: ctx.now });
  const { facts, sources, reversals } = loaded;
  const signer = await verifyStatement(ctx, peeked, loaded.signer);
  const problem = judge(submission, facts);
  if (problem) throw problem;
  const isBehindNow = isBehind(facts.platform.backlog);
  return { submission, signer, lookups, sources, reversals, isBehind: isBehindNow };
}

/** Returns what a statement commits to as evidence. */
export const commitmentsIn = ({ evidence }: Pick<Statement, 'evidence'>): string[] =>
  evidence.map(({ commitment }) => commitment);

/**
 * Returns what a record rests on: its evidence of the classes that the proof floor of its reason names, as one hash in
 * hex.
 */
export function proofOf({
  reason,
  evidence,
}: {
  reason: ReasonCode;
  evidence: readonly Pick<Statement['evidence'][number], 'class' | 'commitment'>[];
}): string | null {
  const named = new Set(reasons[reason].proofFloor.flat().map((line) => line.class));
  const items = evidence.filter((item) => named.has(item.class)).map((item) => item.commitment);
  if (items.length === 0) return null;
  const listed = [...new Set(items)].toSorted().join(',');
  return Buffer.from(hashText(listed), 'base64url').toString('hex');
}

type Dates =
  | { submitted_at: Date; notice_due_at: Date; backlogged: boolean; relayed: boolean }
  | { drafted_at: Date; draft_lapses_at: Date };

/** Writes it now: something that comes before the audit row reads it. */
export async function writeLast(ctx: CallContext): Promise<void> {
  for (const { query, refused } of ctx.last.splice(0)) {
    try {
      await ctx.db.executeQuery(query);
    } catch (error) {
      throw refused(error) ?? error;
    }
  }
}

export function insert(
  ctx: CallContext,
  accepted: AcceptedSubmission,
  {
    event,
    dates,
    priorMatch,
  }: { event: 'drafted' | 'submitted'; dates: Dates; priorMatch: boolean },
): CaseKey {
  const { submission, signer } = accepted;
  const { statement, input, commitments = [] } = submission;
  const { party } = ctx.caller;
  const { key, wrapped } = ctx.services.vault.createCase(statement.jti);
  const record = recordInsert(ctx.db, {
    event,
    at: ctx.now,
    wrappedKey: wrapped,
    code: input.caseKey,
    evidence: [...new Set(commitmentsIn(statement))],
    subjects: subjectRows(accepted, key),
    sanction: {
      id: statement.jti,
      party,
      kid: signer.kid,
      holder: signer.holder,
      statement: input.statement,
      ...statementColumns(statement),
      ...noDates,
      ...dates,
      next_at: firstInstant(dates, fromNumericDate(statement.exp)),
      prior_match: priorMatch,
      evades: input.evades ?? null,
      epoch: input.tokens[0]?.epoch ?? 1,
      ref: input.ref ?? null,
      commitments: [...commitments],
      proof: proofOf(statement),
      account: key.sealJson(input.account, placeOf('sanctions.account', { id: statement.jti })),
    },
  });
  ctx.last.push(record);
  ctx.retainCallFor.add(statement.jti);
  return key;
}

const noDates = {
  drafted_at: null,
  draft_lapses_at: null,
  submitted_at: null,
  notice_due_at: null,
  backlogged: false,
  relayed: false,
};

/** When a new record is due first: nobody has it in hand yet. */
function firstInstant(dates: Dates, expiresAt: Date): Date | null {
  const isSubmitted = 'submitted_at' in dates;
  const next = nextInstant({
    submittedAt: isSubmitted ? dates.submitted_at : null,
    draftLapsesAt: isSubmitted ? null : dates.draft_lapses_at,
    noticeDueAt: isSubmitted ? dates.notice_due_at : null,
    notifiedAt: null,
    visibleFrom: null,
    expiresAt,
    end: null,
    suspensions: [],
    appeal: null,
    recorded: { visible: false, ended: false },
  });
  return next ?? null;
}

/** Columns of a record that repeat what its statement says. */
export const statementColumns = (statement: Statement) => ({
  reason: statement.reason,
  age: statement.age,
  decided_at: fromNumericDate(statement.decided_at),
  incident_from: fromNumericDate(statement.incident_from),
  incident_to: fromNumericDate(statement.incident_to),
  expires_at: fromNumericDate(statement.exp),
});

/** Phone, account and IBAN subjects match for at most 12 mo, email 24, whatever the sanction's own life. */
export function matchesUntil(
  kind: IdentifierKind,
  { exp, incident_to: incidentTo }: Pick<Statement, 'exp' | 'incident_to'>,
): Date {
  const expires = fromNumericDate(exp);
  const until = subjectExpiry(kind, fromNumericDate(incidentTo));
  return until && until < expires ? until : expires;
}

function subjectRows({ submission, lookups }: AcceptedSubmission, key: CaseKey) {
  const { statement, input } = submission;
  return input.tokens.map(({ index, epoch, kind, control, provenAt, salt, token }, i) => {
    const row = { sanction: statement.jti, position: index, epoch };
    return {
      ...row,
      lookup: lookups[i]!,
      kind,
      control,
      proven_at: fromNumericDate(provenAt),
      matches_until: matchesUntil(kind, statement),
      sealed: key.sealJson({ salt, token }, placeOf('subjects.sealed', row)),
    };
  });
}
