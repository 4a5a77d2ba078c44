import {
  fromBase64url,
  toNumericDate,
  type Advice,
  type Id,
  type Purpose,
  type VerifiedReceipt,
} from '@recourse/protocol';
import { isAway, isRecourseError, linkError, type RecourseError } from '../errors.ts';
import { listIdentifiers, type Creator } from '../identifiers.ts';
import { needNamesNobody } from '../names-nobody.ts';
import { freshUntil, type HeldSet } from '../prefixes/held-set.ts';
import type { Session } from '../session/session.ts';
import { settle, within, type Timing } from './settle.ts';
import type { Tokens } from '../session/recent-checks.ts';
import { evaluateTokens, type RawIdentifier } from './tokens.ts';
import { verifyMatch, type AskedToken, type VerifiedMatch } from './verify-match.ts';

/** How to ask about one creator. A check at signup has to say when the person proved control. */
export type CheckOptions = SignupCheck | LaterCheck;

/** A check of somebody who signs up. */
export interface SignupCheck extends CommonOptions {
  /** Purpose of the check */
  readonly purpose: 'signup';
  /** When the person proved control of these identifiers: at most 24 h ago */
  readonly provenAt: Date;
}

/** A check of somebody who has an account already. */
export interface LaterCheck extends CommonOptions {
  /** Purpose of the check */
  readonly purpose: Exclude<Purpose, 'signup'>;
  /** When the person last proved control of these identifiers */
  readonly provenAt?: Date | undefined;
}

interface CommonOptions extends Timing {
  /** The platform's own case id, 16..64 characters of base64url: a recall names the person by it */
  readonly ref?: string | undefined;
  /** Epochs of the token key; the live ones when absent */
  readonly epochs?: readonly number[] | undefined;
}

/** Where an answer came from: the prefix set, the same set with an evaluation kept in memory, or the registry. */
export type CheckSource = 'prefix-set' | 'memory' | 'registry';

/** Answer of the registry, or of the prefix set, about a creator. */
export interface CheckAnswer {
  /** Id of the check */
  readonly check: Id<'chk'>;
  /** The registry's advice. No advice refuses, and a match is never the sole basis of a decision. */
  readonly advice: Advice;

  /** Source of the answer */
  readonly from: CheckSource;

  /** The records shown, each verified; empty for `no-record` */
  readonly matches: readonly VerifiedMatch[];
  /** Ask again after this, or when a recall says so; `no-record` ends then, too */
  readonly validUntil: Date;
  /** Proof of question and answer: of the evaluation, and of the match if there was one */
  readonly receipts: readonly VerifiedReceipt[];
}

/** The registry is away, and nothing is known. Go on with the signup, keep the question, and check again later. */
export interface CheckUnavailable {
  /** Not `no-record`: nothing is known */
  readonly advice: 'unavailable';

  /** Why there is no answer */
  readonly cause: RecourseError;

  /** None */
  readonly matches: readonly [];

  /** None */
  readonly receipts: readonly [];

  /** None */
  readonly check?: undefined;

  /** None */
  readonly from?: undefined;

  /** None */
  readonly validUntil?: undefined;
}

/** An answer, or that the registry is away. Look at `advice` first. */
export type CheckResult = CheckAnswer | CheckUnavailable;

/**
 * Checks one creator without telling the registry who that is. One blind evaluation makes tokens, and the prefix set
 * rules out most of them. Every hit is asked about; without a fresh set, every token is. Verifies every record shown.
 * @throws RecourseError for a refusal or a false answer; a registry that is away is an answer
 */
export async function check(
  session: Session,
  creator: Creator<string>,
  options: CheckOptions,
): Promise<CheckResult> {
  needNamesNobody({ ref: options.ref });
  const identifiers = listIdentifiers(creator).map(({ kind, item, path }) => ({
    kind,
    value: item,
    path,
  }));
  return settle(session, options, async () => {
    try {
      return await within(options, (signal) =>
        answerLive(session, { identifiers, options: { ...options, signal } }),
      );
    } catch (cause) {
      if (!isRecourseError(cause) || !isAway(cause)) throw cause;
      linkError(cause, session.origin);
      return { advice: 'unavailable', cause, matches: [], receipts: [] };
    }
  });
}

interface Question {
  readonly identifiers: readonly RawIdentifier[];
  readonly options: CheckOptions;
}

/** An epoch may close between the evaluation and the question: what it asks anew is evaluated anew. */
async function answerLive(session: Session, question: Question): Promise<CheckAnswer> {
  try {
    return await answer(session, question);
  } catch (error) {
    if (question.options.epochs || !isRecourseError(error, 'unknown-epoch')) throw error;
    return answer(session, question);
  }
}

async function answer(session: Session, question: Question): Promise<CheckAnswer> {
  const { identifiers, options } = question;
  const name = session.recent.nameOf(identityOf(question));
  const known = session.recent.find(name);
  if (known) {
    const looked = await look(session, known);
    if (looked.hits.length === 0) return noRecord(known, { ...looked, from: 'memory' });
  }
  const evaluated = await evaluateTokens(session, { ...options, identifiers });
  const looked = await look(session, evaluated);
  if (looked.hits.length > 0) return ask(session, question, { ...evaluated, tokens: looked.hits });
  session.recent.keep(name, evaluated);
  return noRecord(evaluated, { ...looked, from: 'prefix-set' });
}

/** Identity of a check: two with the same one are the same check. */
const identityOf = ({ identifiers, options }: Question): unknown => ({
  identifiers: identifiers.map(({ kind, value }) => [kind, value]),
  purpose: options.purpose,
  provenAt: options.provenAt && toNumericDate(options.provenAt),
  ref: options.ref,
  epochs: options.epochs,
});

interface Look {
  /** Tokens to ask about: a hit means ask, and so does an epoch without a fresh set */
  readonly hits: Tokens['tokens'];
  readonly sets: readonly HeldSet[];
}

async function look({ prefixes }: Session, { tokens }: Tokens): Promise<Look> {
  const epochs = [...new Set(tokens.map(({ epoch }) => epoch))];
  const found = await Promise.all(epochs.map(async (epoch) => prefixes?.fresh(epoch)));
  const setOf = new Map(epochs.map((epoch, i) => [epoch, found[i]]));
  return {
    hits: tokens.filter(
      ({ epoch, token }) => setOf.get(epoch)?.set.has(fromBase64url(token)) ?? true,
    ),
    sets: found.filter((held) => held !== undefined),
  };
}

const noRecord = (
  { check, receipt }: Tokens,
  { sets, from }: Look & { from: CheckSource },
): CheckAnswer => ({
  check,
  advice: 'no-record',
  from,
  matches: [],
  validUntil: new Date(Math.min(...sets.map(({ header }) => freshUntil(header).getTime()))),
  receipts: [receipt],
});

async function ask(
  session: Session,
  { identifiers, options }: Question,
  evaluated: Tokens,
): Promise<CheckAnswer> {
  const asked: AskedToken[] = evaluated.tokens.map((token) => ({
    ...token,
    path: identifiers[token.identifier]?.path ?? '',
  }));
  const { result, receipt } = await session.transport.send(
    'checks.match',
    { check: evaluated.check, tokens: asked.map(({ epoch, token }) => ({ epoch, token })) },
    { signal: options.signal },
  );
  const verified = await Promise.all(
    result.matches.map((match) => verifyMatch(session, match, asked)),
  );
  verified.forEach((match) => session.told.add(match));
  const matches = verified.filter(({ sanction, version }) => session.seen.see(sanction, version));
  return {
    check: evaluated.check,
    advice: adviceOn(result.advice, { shown: verified, current: matches }),
    from: 'registry',
    matches,
    validUntil: new Date(result.validUntil),
    receipts: [evaluated.receipt, receipt],
  };
}

/** The registry's advice, as far as what it showed carries it. */
function adviceOn(
  advice: Advice,
  matches: { shown: readonly VerifiedMatch[]; current: readonly VerifiedMatch[] },
): Advice {
  // Nothing but overtaken states was shown: what they advise was overtaken with them.
  if (matches.shown.length > 0 && matches.current.length === 0) return 'no-record';
  // Nobody signed for what is withheld: it can ask who this is, and nothing more.
  const carried = matches.current.some(
    (match) => !match.reasonWithheld && match.advice === 'review',
  );
  return advice === 'review' && !carried ? 'verify-identity' : advice;
}
