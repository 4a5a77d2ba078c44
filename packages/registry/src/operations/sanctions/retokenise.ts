import {
  hashText,
  reasonCodes,
  subjectsUpdateSchema,
  type OpInput,
  type OpOutput,
  type Subject,
  type SubjectsUpdate,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { found, refusal } from '../../kernel/refusal.ts';
import { liveIn } from '../../context/live-epochs.ts';
import {
  refuseRetokenisation,
  type RetokenisationFacts,
} from '../../lookup/epochs/retokenisation.rules.ts';
import { carryChecked, insertTokens, type CarriedLookup } from '../../lookup/epochs/store.ts';
import { groupMembers } from '../../parties/group-store.ts';
import { assertAddressed, openSigned } from '../../parties/opening.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { lockRecord } from '../../records/lock-record.ts';
import { subjectsOf, type SanctionRow } from '../../records/store.ts';
import type { LockedRecord } from '../../records/transition-context.ts';
import {
  endMemory,
  incidentMemory,
  toldMemory,
  type RememberContext,
} from '../../submissions/remembering.ts';
import {
  insertRemembered,
  insertReversals,
  rememberedOf,
  reversalsSince,
} from '../../submissions/remembered-store.ts';
import { ownerMemory, reversalMemory } from '../../submissions/reversals.ts';
import { commitmentsOf } from '../../submissions/submission.rules.ts';
import { resultOf } from '../../submissions/views.ts';
import { placeOf } from '../../vault/vault.ts';
import { platformIds } from '../../parties/store.ts';

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

/** Opens a `recourse-subjects+jwt` that the caller's party signed by an active trust key. */
async function openSubjectsUpdate(ctx: CallContext, compact: string): Promise<SubjectsUpdate> {
  const artefact = { compact, member: 'update', typ: 'recourse-subjects+jwt' } as const;
  const { payload } = await openSigned(ctx, artefact, subjectsUpdateSchema);
  // The id of the sanction names the registry: another has none of it.
  assertAddressed(ctx, { ...payload, aud: ctx.services.origin }, artefact.member);
  return payload;
}

/**
 * A record under a newer epoch shows which hash its tokens have from then on: what was remembered of the older ones by
 * any platform that was told, and by those of its group of what they had recorded, is remembered of the newer ones.
 */
async function carryMemories(
  { db, now, vault }: RememberContext,
  {
    pairs,
    parties,
  }: { parties: readonly string[]; pairs: readonly { from: Uint8Array; to: Uint8Array }[] },
): Promise<void> {
  const newer = new Map<string, Buffer>();
  const carry = (hashOf: (lookup: Uint8Array) => Buffer): void => {
    for (const { from, to } of pairs) newer.set(hashOf(from).toString('hex'), hashOf(to));
  };
  carry((lookup) => reversalMemory(vault, lookup));
  for (const party of await platformIds(db)) {
    carry((lookup) => toldMemory(vault, { party, lookup }));
    carry((lookup) => ownerMemory(vault, { party, lookup }));
  }
  for (const party of parties) {
    carry((lookup) => incidentMemory(vault, { party, lookup }));
    for (const reason of reasonCodes)
      carry((lookup) => endMemory(vault, { party, reason, lookup }));
  }
  const hashes = [...newer.keys()].map((hex) => Buffer.from(hex, 'hex'));
  const newerOf = (hash: Uint8Array): Buffer => newer.get(Buffer.from(hash).toString('hex'))!;
  const kept = await rememberedOf(db, { hashes, now });
  await insertRemembered(
    db,
    kept.map((row) => ({ ...row, hash: newerOf(row.hash) })),
  );
  const tokens = pairs.map(({ from }) => reversalMemory(vault, from).toString('hex'));
  const since = new Date(0);
  const { rows } = await db.executeQuery(reversalsSince(db, { hashes: tokens, since, now }));
  await insertReversals(
    db,
    rows.map((row) => ({ ...row, hash: newerOf(row.hash), owner: newerOf(row.owner) })),
  );
}
