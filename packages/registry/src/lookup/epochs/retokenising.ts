import {
  hashText,
  toTimestamp,
  type OpInput,
  type OpOutput,
  type Subject,
} from '@recourse/protocol';
import { placeOf } from '../../vault/vault.ts';
import type { CallContext } from '../../context/context.ts';
import { groupMembers } from '../../parties/group-store.ts';
import { carryMemories } from '../../submissions/remembering.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { openSubjectsUpdate } from '../../parties/opening.ts';
import { standingOf } from '../../records/record.ts';
import { refusal, found } from '../../kernel/refusal.ts';
import type { LockedRecord } from '../../records/transition-context.ts';
import { lockRecord } from '../../records/lock-record.ts';
import { subjectsOf, type SanctionRow } from '../../records/store.ts';
import { commitmentsOf } from '../../submissions/submission.rules.ts';
import { cursorId, cursorOf, resultOf } from '../../submissions/views.ts';
import { epochsAt, type LiveEpochs } from '../../context/live-epochs.ts';
import { refuseRetokenisation, type RetokenisationFacts } from './retokenisation.rules.ts';
import { carryChecked, insertTokens, untokenisedOf, type CarriedLookup } from './store.ts';

type Input = OpInput<'sanctions.retokenise'>;
type HeldSubjects = Awaited<ReturnType<typeof subjectsOf>>;

/**
 * Gives an own record the tokens of the newest epoch. Ended ones too: what ended early is compared with what comes after.
 * Time is written down first, so that one which ended with its epoch stays ended.
 */
export async function retokenise(
  ctx: CallContext,
  input: Input,
): Promise<OpOutput<'sanctions.retokenise'>> {
  const update = await openSubjectsUpdate(ctx, input.update);
  const isOwn = (row: SanctionRow): boolean => row.party === ctx.caller.party;
  const locked = found(await lockRecord(ctx, update.sub), isOwn);
  if (!locked.submitted_at) throw refusal('state-conflict', 'update.sub', 'draft');
  const record = await applyDueSteps(ctx, locked);
  const held = await subjectsOf(ctx.db, record.id);
  const commitments = commitmentsOf(input);
  const problem = refuseRetokenisation(
    { update, tokens: input.tokens, commitments },
    {
      epoch: record.epoch,
      subjects: held,
      live: liveIn(ctx),
      before: compareBefore(ctx, input, held),
    },
  );
  if (problem) throw problem;
  await write(ctx, { record, held, input, commitments: commitments ?? [] });
  const { version } = record;
  await record.note({
    event: 'retokenised',
    entry: 'sanction-retokenised',
    detail: { version, epoch: update.epoch, update: hashText(input.update) },
  });
  record.retain();
  const row = await record.refresh();
  return { ...resultOf(row, ctx.now), epoch: row.epoch };
}

interface RetokeniseContext {
  readonly record: LockedRecord;
  readonly held: HeldSubjects;
  readonly input: Input;
  readonly commitments: readonly string[];
}

/** The tokens, and what is known of the old ones under the new: that their platforms were told, and had records. */
async function write(
  ctx: CallContext,
  { record, held, input, ...of }: RetokeniseContext,
): Promise<void> {
  const { db, now, services } = ctx;
  const { id: sanction, party } = record;
  const key = record.key();
  const pairs: CarriedLookup[] = [];
  const subjects = input.tokens.map((token) => {
    const before = subjectAt(held, token);
    const lookup = services.vault.lookup(token.token);
    pairs.push({ from: before.lookup, to: lookup });
    const { kind, control, proven_at, matches_until, delivered_at, review_from } = before;
    const { index: position, epoch, salt } = token;
    const place = placeOf('subjects.sealed', { sanction, position, epoch });
    const sealed = key.sealJson({ salt, token: token.token }, place);
    const row = { sanction, position, kind, control, proven_at, matches_until, detached_at: null };
    // Delivery belongs to the subject: new tokens change nothing of it.
    return { ...row, delivered_at, review_from, lookup, epoch, sealed };
  });
  const epoch = subjects[0]?.epoch ?? record.epoch;
  const made = { sanction, epoch, at: now, artefact: input.update };
  await insertTokens(db, { ...made, commitments: [...of.commitments], subjects });
  await carryChecked(db, pairs);
  const parties = await groupMembers(db, { party, now });
  await carryMemories({ db, now, vault: services.vault }, { parties, pairs });
}

function subjectAt(held: HeldSubjects, { index }: Subject): HeldSubjects[number] {
  const subject = held.find(({ position }) => position === index);
  if (!subject) throw refusal('invalid-input', 'tokens', 'other-subjects');
  return subject;
}

/** Compares the tokens that the record is said to have with those that it has, each at its place. */
function compareBefore(
  { services: { vault } }: CallContext,
  { before, tokens }: Input,
  held: HeldSubjects,
): RetokenisationFacts['before'] {
  if (!before) return 'none';
  const other = tokens.findIndex(({ index }, at) => {
    const subject = held.find(({ position }) => position === index);
    return !subject || !vault.lookup(before[at] ?? '').equals(subject.lookup);
  });
  return other < 0 ? 'fit' : { other };
}

/** What is still to be given tokens, with all that the platform needs for it but the identifiers, which it alone has. */
export async function listUntokenised(
  ctx: CallContext,
  { cursor, limit = 50 }: OpInput<'sanctions.untokenised'>,
): Promise<OpOutput<'sanctions.untokenised'>> {
  const { newest: epoch } = liveIn(ctx);
  const after = cursor === undefined ? undefined : cursorId(cursor);
  const { party } = ctx.caller;
  const rows = await untokenisedOf(ctx.db, { party, epoch, after, limit });
  const sanctions = rows.map((row) => ({
    sanction: row.id,
    state: standingOf(row, ctx.now).state,
    ...(row.ref === null ? {} : { ref: row.ref }),
    epoch: row.epoch,
    ...(row.tokens_until ? { closesAt: toTimestamp(row.tokens_until) } : {}),
    subjects: row.subjects,
  }));
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return { epoch, sanctions, ...(last ? { next: cursorOf(last.id) } : {}) };
}

function liveIn({ services, now }: CallContext): LiveEpochs {
  const live = epochsAt(services.tokens.epochs(), now);
  if (!live) throw refusal('unknown-epoch', 'update.epoch', 'none-live');
  return live;
}
