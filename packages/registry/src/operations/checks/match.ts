import {
  Problem,
  toTimestamp,
  type MatchAdvice,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { dueAt } from '@recourse/protocol/review';
import { problemOf } from '../../commit/answer.ts';
import type { AskedTokens } from '../../commit/effects.ts';
import type { CallContext, Services } from '../../context/context.ts';
import type { Db } from '../../kernel/database.ts';
import { Groups } from '../../kernel/groups.ts';
import { advise, adviseOn } from '../../lookup/checks/advise.rules.ts';
import { countEmpty } from '../../lookup/checks/alarm.rules.ts';
import {
  isInForceAt,
  isReasonWithheld,
  reviewsAt,
  selectAnswer,
} from '../../lookup/checks/answer.rules.ts';
import {
  assertMayCheck,
  matchId,
  oldestCheck,
  validUntil,
} from '../../lookup/checks/check.rules.ts';
import { newMatches, restsOn, toMatch, type Disclosure } from '../../lookup/checks/disclose.ts';
import { padded } from '../../lookup/checks/pad.ts';
import {
  findRecords,
  type AskedCheck,
  type FoundRecord,
  type FoundRecords,
  type Question,
} from '../../lookup/checks/store.ts';
import type { CaseKey } from '../../vault/vault.ts';

/** Matches of this check that now are answered `review`, and were told without. */
const nowReviewed = (disclosing: readonly Disclosure[]): string[] => [
  ...new Set(
    disclosing
      .filter(
        ({ record, advice }) => record.toldAdvice === 'verify-identity' && advice === 'review',
      )
      .map(({ match }) => match),
  ),
];

const servers = new WeakMap<Services, LookUps>();

/** Answers a check: the open sanctions behind its tokens. What it tells is written by the commit of the call. */
export async function match(
  ctx: CallContext,
  input: OpInput<'checks.match'>,
): Promise<OpOutput<'checks.match'>> {
  const { vault, tokens: service } = ctx.services;
  const epochs = input.tokens.map(({ epoch }) => epoch);
  assertMayCheck(ctx.caller, epochs, service.epochs());
  const tokens = input.tokens.map(({ token, epoch }) => ({ lookup: vault.lookup(token), epoch }));
  const { check, records } = await find(ctx, { check: input.check, tokens });
  const asked = {
    check: check.id,
    marks: input.tokens.map((token) => vault.askedMark(check.id, token)),
    known: check.asked,
    evaluated: check.evaluated,
  };
  const asking = { party: ctx.caller.party, purpose: check.purpose, now: ctx.now };
  const selected = selectAnswer(records, asking);
  const advised = adviseOnEach(
    selected.map(({ record }) => record.sanction),
    { records, now: ctx.now },
  );
  const disclosing = selected.map(({ record, corroboration }) => ({
    record,
    advice: advised.get(record.sanction) ?? 'verify-identity',
    corroboration,
    caseKey: vault.openCase(record),
    match: record.match ?? matchId({ ...record, check }),
  }));
  disclose(ctx, disclosing, check);
  noteAsked(ctx, { ...asked, empty: emptyOf(ctx, input, disclosing) });
  if (disclosing.length > 0) {
    const known = new Set(check.checked);
    const lookups = tokens.map(({ lookup }) => lookup.toString('hex'));
    const unknown = lookups.filter((lookup) => !known.has(lookup));
    ctx.effects.checked.push(...unknown.map((lookup) => ({ check: check.id, lookup })));
  }
  const answer = {
    validUntil: toTimestamp(validUntil(ctx.now)),
    matches: disclosing.map((one) => toMatch(one, ctx.now)),
    advice: advise(disclosing.map(({ advice }) => advice)),
    soleBasisProhibited: true as const,
  };
  return padded(answer, ctx.changes.inAnswer());
}

/**
 * Advises by all identifiers of a record that the question asked about: a second identifier counts before it answers
 * itself.
 */
function adviseOnEach(
  shown: readonly string[],
  { records, now }: { records: readonly FoundRecord[]; now: Date },
): ReadonlyMap<string, MatchAdvice> {
  const of = new Set(shown);
  const met = records
    .filter((record) => of.has(record.sanction) && isInForceAt(record, now))
    .map((record) => ({
      ...record,
      reviews: reviewsAt(record, now),
      withheld: isReasonWithheld(record, now),
    }));
  const bySanction = Map.groupBy(met, ({ sanction }) => sanction);
  return new Map([...bySanction].map(([sanction, each]) => [sanction, adviseOn(each)]));
}

async function find(
  ctx: CallContext,
  asked: Pick<Question, 'check' | 'tokens'>,
): Promise<FoundRecords> {
  const found = await lookUpsOf(ctx.services).find({
    ...asked,
    party: ctx.caller.party,
    since: oldestCheck(ctx.now),
    now: ctx.now,
  });
  // The id is attacker-controlled: a check of another party reads like one that never was.
  if (!found) throw new Problem('not-found');
  return found;
}

/** Counts what was asked in vain. Honest members ask about every hit, and most hits are false. */
function emptyOf(
  { services }: CallContext,
  { tokens }: OpInput<'checks.match'>,
  disclosing: readonly Disclosure[],
): number {
  const told = new Set(disclosing.map(({ record }) => record.token));
  return countEmpty(tokens, told, (token) => services.published.holds(token));
}

/** A question that comes again has nothing to be written. */
function noteAsked({ effects }: CallContext, asked: AskedTokens): void {
  const known = new Set(asked.known);
  const isNew = asked.marks.some((mark) => !known.has(mark));
  if (asked.empty > 0 || isNew) effects.asked = asked;
}

/** Hands the commit what this answer rests on and what it tells for the first time. */
function disclose(ctx: CallContext, disclosing: readonly Disclosure[], check: AskedCheck): void {
  const { party } = ctx.caller;
  const caseKeys = new Map<string, CaseKey>(
    disclosing.map(({ record, caseKey }) => [record.sanction, caseKey]),
  );
  ctx.effects.shown.push(...restsOn(disclosing.map(({ record }) => record)));
  const due = dueAt(ctx.now, 24 * ctx.services.deadlines.outcomeDays);
  ctx.effects.reviewed.push(...nowReviewed(disclosing));
  for (const told of newMatches(disclosing, { check, party, toldAt: ctx.now, dueAt: due })) {
    ctx.effects.matches.push(told);
    if (!told.firstDisclosure) continue;
    ctx.changes.pair('sanction-disclosed', {
      sanction: told.sanction,
      party,
      caseKey: caseKeys.get(told.sanction)!,
      detail: { version: told.version, check: check.id, match: told.id, purpose: check.purpose },
    });
  }
}

interface WaitingQuestion {
  readonly question: Question;
  readonly resolve: (found: FoundRecords | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Looks up what the checks of one server ask, a group by one statement. */
class LookUps {
  /** The statement reads no more questions */
  static readonly most = 32;
  readonly #db: Db;
  readonly #groups = new Groups<WaitingQuestion>(LookUps.most, (group) => this.#ask(group));

  constructor(db: Db) {
    this.#db = db;
  }

  find(question: Question): Promise<FoundRecords | undefined> {
    return new Promise((resolve, reject) => this.#groups.add({ question, resolve, reject }));
  }

  async #ask(group: readonly WaitingQuestion[]): Promise<void> {
    try {
      const questions = group.map(({ question }) => question);
      const found = await findRecords(this.#db, questions);
      group.forEach(({ resolve }, place) => resolve(found[place]));
    } catch (error) {
      // A question that the database refuses fails alone; what ails the database fails them all.
      const isOfOne = group.length > 1 && problemOf(error).code === 'internal';
      if (isOfOne) for (const one of group) await this.#ask([one]);
      else for (const { reject } of group) reject(error);
    }
  }
}

/** One for each server. */
function lookUpsOf(services: Services): LookUps {
  const known = servers.get(services);
  if (known) return known;
  const made = new LookUps(services.db);
  servers.set(services, made);
  return made;
}
