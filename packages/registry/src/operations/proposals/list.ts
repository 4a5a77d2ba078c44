import {
  fromNumericDate,
  isId,
  toTimestamp,
  type OpInput,
  type OpName,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid } from '../../kernel/refusal.ts';
import { readRotations } from '../../lookup/epochs/store.ts';
import { liveSignedBy } from '../../parties/key-store.ts';
import { panelMembers } from '../../parties/people-store.ts';
import { waitingProposals, type WaitingProposal } from '../../parties/proposal-store.ts';
import { findParty, type PartyRow } from '../../parties/store.ts';
import { standingOf } from '../../records/record.ts';
import { findSanction } from '../../records/store.ts';

const pageSize = 50;

type Listed = OpOutput<'proposals.list'>['proposals'][number];
type Today = Listed['today'];

/** What waits for a second operator. It is read, and nothing more: only the same call by another executes an act. */
export async function listProposals(
  ctx: CallContext,
  { cursor, limit = pageSize }: OpInput<'proposals.list'>,
): Promise<OpOutput<'proposals.list'>> {
  if (cursor !== undefined && !isId('prp', cursor)) throw invalid('cursor', 'unknown');
  const rows = await waitingProposals(ctx.db, { after: cursor, limit, now: ctx.now });
  const proposals = await Promise.all(rows.map((row) => viewProposal(ctx, row)));
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return { proposals, ...(last ? { next: last.id } : {}) };
}

async function viewProposal(ctx: CallContext, row: WaitingProposal): Promise<Listed> {
  const read = todayOf[row.op as OpName] as Reader | undefined;
  return {
    proposal: row.id,
    op: row.op,
    input: { ...row.input },
    today: (await read?.(ctx, row.input)) ?? {},
    proposedBy: row.proposed_by as Listed['proposedBy'],
    own: row.proposed_by === ctx.caller.holder,
    proposedAt: toTimestamp(row.proposed_at),
    executeBefore: toTimestamp(row.execute_before),
  };
}

type Reader = (ctx: CallContext, input: Readonly<Record<string, unknown>>) => Promise<Today>;

const ofPlatform =
  (today: (party: PartyRow) => Today) =>
  async ({ db }: CallContext, { party }: { readonly party: string }): Promise<Today> => {
    const row = await findParty(db, party);
    return row ? { name: row.name, ...today(row) } : {};
  };

const stoppedOf = ({ submissions_suspended, checks_stopped }: PartyRow): string => {
  if (submissions_suspended) return checks_stopped ? 'both' : 'submissions';
  return checks_stopped ? 'checks' : 'nothing';
};

/** What stands where an act would change something. One that makes something new has nothing yet. */
const todayOf: {
  readonly [N in OpName]?: (ctx: CallContext, input: OpInput<N>) => Promise<Today>;
} = {
  'platforms.setGroup': ofPlatform(({ registration }) => ({ group: registration?.group ?? '' })),
  'platforms.setQuota': ofPlatform(({ submissions_per_day, elements_per_day }) => ({
    ...(submissions_per_day === null ? {} : { submissionsPerDay: submissions_per_day }),
    ...(elements_per_day === null ? {} : { elementsPerDay: elements_per_day }),
  })),
  'platforms.suspend': ofPlatform((row) => ({ what: stoppedOf(row) })),
  'platforms.restore': ofPlatform((row) => ({ what: stoppedOf(row) })),
  'platforms.leave': ofPlatform(() => ({})),
  'platforms.reenrol': ofPlatform(() => ({})),
  'taxonomy.enable': ofPlatform(({ enabled_reasons }) => ({ reasons: enabled_reasons })),
  'panel.invite': async ({ db, now }) => ({ sitting: (await panelMembers(db, now)).length }),
  'panel.remove': async ({ db, now }, { holder }) => {
    const members = await panelMembers(db, now);
    const termUntil = members.find(({ id }) => id === holder)?.term_until;
    return { sitting: members.length, ...(termUntil ? { termUntil: toTimestamp(termUntil) } : {}) };
  },
  'orders.execute': async ({ db, now }, { sanction }) => {
    const row = await findSanction(db, sanction);
    return row ? { state: standingOf(row, now).state } : {};
  },
  'oprf.rotate': async ({ db, services }) => {
    const epoch = (await readRotations(db)).at(-1)?.epoch ?? services.tokens.epochs()[0]?.epoch;
    return epoch === undefined ? {} : { epoch };
  },
  'sanctions.void': async ({ db, now }, { kid, since }) => ({
    records: (await liveSignedBy(db, { kid, since: fromNumericDate(since), now })).length,
  }),
};
