import { ops, type DsaStatement, type OpOutput } from '@recourse/protocol';
import { listIdentifiers, type Creator } from '../identifiers.ts';
import { withInputPaths } from '../input-paths.ts';
import type { JournalEntry, JournalSharing } from '../journals/journal-entry.ts';
import type { Journals } from '../journals/journals.ts';
import { linkErrors } from '../link-errors.ts';
import type { Operations } from '../operations.ts';
import type { Session } from '../session/session.ts';
import type { CallOptions } from '../transport/transport.ts';
import type { DsaOrder } from './dsa.ts';
import type { NoticeOrder, NoticeText } from './notice-text.ts';
import type { SubmissionIntent } from '../session/outbox.ts';
import { ownRecord, type OwnRecord } from './own-record.ts';
import { statementMadeOf, type SanctionInput } from './sanction-input.ts';
import {
  confirmDerived,
  type DerivedConfirmationResult,
  type DerivedOrder,
} from './confirm-derived.ts';
import type {
  IdentifiersOf,
  Retokenisation,
  RetokeniseOptions,
  RetokeniseResult,
} from './retokenise.ts';
import { tellCreator, type TellOrder, type NoticeOutcome } from './tell.ts';
import { withdraw, type WithdrawalOrder, type WithdrawnSanction } from './withdraw.ts';

/** The parts of a submission that the platform keeps, beside the registry's answer. */
export interface KeptSubmission {
  /** The code of the case. Use it only in your own notice to the creator; the registry has its hash only */
  readonly caseCode: string;
  /** Opens the case; the code is in the fragment, which browsers send to no server */
  readonly caseLink: string;
  /** Keep these with the bytes: an appeal asks for both within days */
  readonly evidence: SubmissionIntent['evidence'];
  /** Leaf indexes of the identifiers, as `sanctions.get` names them */
  readonly subjects: SubmissionIntent['subjects'];
}

/** A record as the registry took it, with what the platform keeps. */
export type SubmittedSanction = KeptSubmission &
  JournalSharing &
  Omit<OpOutput<'sanctions.submit'>, 'noticeDueAt'> & {
    /** Tell the creator until then, or the record is withdrawn */
    readonly noticeDueAt: Date;
  };

/** A draft as the registry took it, with what the platform keeps. */
export type DraftedSanction = KeptSubmission &
  JournalSharing &
  Omit<OpOutput<'sanctions.draft'>, 'lapsesAt'> & {
    /** A second trust holder confirms it until then, or it lapses */
    readonly lapsesAt: Date;
  };

/** A signed submission that was not sent yet. */
export interface PreparedSanction extends KeptSubmission {
  /** Id of the record */
  readonly sanction: SubmissionIntent['sanction'];
  /** Sends it as a sanction. Idempotent. */
  submit(options?: CallOptions): Promise<SubmittedSanction>;
  /** Sends it as a draft, for a second trust holder to confirm. */
  draft(options?: CallOptions): Promise<DraftedSanction>;
}

/** The operations on sanctions, with the signing and hashing done for you. */
export interface Sanctions extends Omit<
  Operations['sanctions'],
  'submit' | 'draft' | 'withdraw' | 'confirmEcho' | 'retokenise'
> {
  /** Signs and commits to everything. Sends only blinded elements. */
  prepare(input: SanctionInput): Promise<PreparedSanction>;

  /**
   * Prepares a record and sends it.
   * @throws RecourseError with `field` and `allowed` for a refused member, and those of every call
   */
  submit(input: SanctionInput, options?: CallOptions): Promise<SubmittedSanction>;

  /** Prepares a record and lays it down for a second trust holder to confirm. */
  draft(input: SanctionInput, options?: CallOptions): Promise<DraftedSanction>;
  /** Sends a submission from an outbox again, after a crash or a refusal that has passed. */
  resume(
    intent: SubmissionIntent,
    options?: CallOptions,
  ): Promise<SubmittedSanction | DraftedSanction>;
  /**
   * An own record with its verified statement. Read a draft as `trust` before you confirm it: it has the account, too.
   * @throws RecourseError `statement-invalid`, `commitment-invalid`, `not-found`
   */
  own(sanction: SubmissionIntent['sanction'], options?: CallOptions): Promise<OwnRecord>;

  /** Signs a withdrawal and sends it. The record ends, and every platform told hears of it. */
  withdraw(order: WithdrawalOrder, options?: CallOptions): Promise<WithdrawnSanction>;
  /** Confirms an own derived record under review, with the platform's own evidence. */
  confirmEcho(
    orders: readonly DerivedOrder[],
    options?: CallOptions,
  ): Promise<readonly DerivedConfirmationResult[]>;
  /**
   * Gives own records tokens of the next epoch, once its key is announced, and yields the result of each. Call it again
   * until nothing is left: a record without new tokens ends when its epoch closes.
   */
  retokenise(
    identifiersOf: IdentifiersOf,
    options?: RetokeniseOptions,
  ): AsyncIterable<RetokeniseResult>;
  /** The same for one record that `untokenised` lists, with the identifiers that the platform has of it. */
  retokeniseOne(listed: Retokenisation, creator: Creator<string>): Promise<RetokeniseResult>;
  /**
   * Tells the creator of a record. The registry writes to every address; without one, you state how you told them. Call
   * it for each record, or the record is withdrawn at `noticeDueAt`.
   */
  tell(order: TellOrder, options?: CallOptions): Promise<NoticeOutcome>;
  /** A statement of reasons in the creator's language, for your own product: the registry's message never says why. */
  noticeText(order: NoticeOrder): Promise<NoticeText>;
  /** The statement of reasons to send to the DSA Transparency Database, without personal data. */
  dsaStatement(order: DsaOrder): Promise<DsaStatement>;
}

interface Submitting {
  readonly session: Session;
  readonly journals: Journals;
}

/** Identifiers that were typed of a creator; an outbox does not keep them. */
type Typed = Pick<JournalEntry, 'identifiers'>;

export function sanctionsOver(at: Submitting, operations: Operations['sanctions']): Sanctions {
  const { session } = at;
  const prepare = async (input: SanctionInput): Promise<PreparedSanction> => {
    const { prepareSanction } = await import('./prepare.ts');
    const prepared = await prepareSanction(session, input);
    const identifiers = listIdentifiers(input.creator).map(({ kind, item: { value } }) => ({
      kind,
      value,
    }));
    return linkErrors<PreparedSanction>(session.origin, {
      ...keptOf(session, prepared),
      sanction: prepared.sanction,
      submit: (options) =>
        submit(at, { ...prepared, op: 'sanctions.submit', identifiers }, options),
      draft: (options) => draft(at, { ...prepared, op: 'sanctions.draft', identifiers }, options),
    });
  };
  return {
    ...operations,
    ...newTokensOver({ session, operations }),
    prepare,
    submit: async (input, options) => (await prepare(input)).submit(options),
    draft: async (input, options) => (await prepare(input)).draft(options),
    resume: (intent, options) =>
      intent.op === 'sanctions.submit' ? submit(at, intent, options) : draft(at, intent, options),
    own: (sanction, options) =>
      ownRecord(
        session,
        { ...operations, get: (input) => operations.get(input, options) },
        sanction,
      ),
    withdraw: (order, options) => withdraw(session, order, options),
    confirmEcho: (orders, options) => confirmDerived(session, orders, options),
    tell: (order, options) => tellCreator(operations, order, options),
    noticeText: async (order) => {
      const { noticeText } = await import('./notice-text.ts');
      return noticeText(session, operations, order);
    },
    dsaStatement: async (order) => {
      const { dsaStatementOf } = await import('./dsa.ts');
      return dsaStatementOf(session, operations, order);
    },
  };
}

/** Loaded where it is used: it makes tokens. */
const newTokensOver = (source: {
  readonly session: Session;
  readonly operations: Operations['sanctions'];
}): Pick<Sanctions, 'retokenise' | 'retokeniseOne'> => ({
  retokenise: async function* (identifiersOf, options) {
    const { retokenise } = await import('./retokenise.ts');
    yield* retokenise({ ...source, identifiersOf }, options);
  },
  retokeniseOne: async (listed, creator) => {
    const { retokeniseOne } = await import('./retokenise.ts');
    return retokeniseOne(source, listed, creator);
  },
});

async function submit(
  at: Submitting,
  intent: SubmissionIntent & Typed,
  options?: CallOptions,
): Promise<SubmittedSanction> {
  const { result, shared } = await send(at, intent, options);
  const { noticeDueAt, ...rest } = ops['sanctions.submit'].output.parse(result);
  return { ...keptOf(at.session, intent), ...rest, shared, noticeDueAt: new Date(noticeDueAt) };
}

async function draft(
  at: Submitting,
  intent: SubmissionIntent & Typed,
  options?: CallOptions,
): Promise<DraftedSanction> {
  const { result, shared } = await send(at, intent, options);
  const { lapsesAt, ...rest } = ops['sanctions.draft'].output.parse(result);
  return { ...keptOf(at.session, intent), ...rest, shared, lapsesAt: new Date(lapsesAt) };
}

/** Commit point: once saved, a crash at any later step is mended by sending the same intent again. */
async function send(
  { session, journals }: Submitting,
  { identifiers, ...intent }: SubmissionIntent & Typed,
  options?: CallOptions,
): Promise<{ result: unknown } & JournalSharing> {
  await session.journal?.save(intent.sanction, intent.evidence);
  await session.outbox?.save(intent);
  const idem = `${intent.op}:${intent.sanction}`;
  const answer = await withInputPaths(statementMadeOf, () =>
    session.transport.send(intent.op, intent.input, { idem, ...options }),
  );
  await session.outbox?.done(intent.sanction);
  // After the answer: the registry keeps a journal with its record, and a refused record needs none.
  const { caseCode, evidence, input } = intent;
  const entry = { caseCode, evidence, identifiers, account: input.account.text };
  const shared = await journals.tryShare(intent.sanction, entry, { signal: options?.signal });
  return { result: answer.result, shared };
}

const keptOf = (session: Session, intent: Omit<SubmissionIntent, 'op'>): KeptSubmission => ({
  caseCode: intent.caseCode,
  caseLink: caseLink(session.origin, intent.caseCode),
  evidence: intent.evidence,
  subjects: intent.subjects,
});

/** The link to a case. The code is in the fragment, which browsers send to no server, so no log has it. */
const caseLink = (origin: string, code: string): string => `${origin}/case#${code}`;
