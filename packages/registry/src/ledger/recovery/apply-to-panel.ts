import {
  fromNumericDate,
  idSchema,
  panelKinds,
  panelOutcomes,
  panelRules,
  panelVoteSchema,
  peekArtefact,
  timestamp,
  type Json,
} from '@recourse/protocol';
import { z } from 'zod';
import { insertDraw } from '../../accountability/inspection-store.ts';
import { insertWarning } from '../../accountability/store.ts';
import { holderOfKey } from '../../parties/key-store.ts';
import { allAdmissions, insertAdmission } from '../../parties/membership-store.ts';
import { lockParty, updateParty } from '../../parties/store.ts';
import { closeItemRow, findItem, insertItem, insertVote } from '../../panel/store.ts';
import type { Applying } from './applying.ts';

type Detail = Readonly<Record<string, Json>>;
type Logged = { readonly at: Date; readonly entry: { readonly at: string } };

const warned = z.object({ party: idSchema('plt'), decided: z.int(), reversed: z.int() });

export async function applyWarning(
  { db }: Applying,
  detail: Detail,
  { at }: Logged,
): Promise<void> {
  const { data } = warned.safeParse(detail);
  if (data) await insertWarning(db, { ...data, at, unlessSince: at });
}

const opened = z.object({
  item: idSchema('itm'),
  kind: z.enum(panelKinds),
  party: idSchema('plt'),
  about: idSchema('itm').optional(),
  dueAt: timestamp,
});

export async function applyOpened({ db }: Applying, detail: Detail, { at }: Logged): Promise<void> {
  const { data } = opened.safeParse(detail);
  if (!data || (await findItem(db, data.item))) return;
  const { item: id, kind, party, about = null, dueAt } = data;
  const { votes } = panelRules[kind];
  const times = { opened_at: at, due_at: new Date(dueAt) };
  await insertItem(db, { id, kind, party, sanction: null, about, votes, ...times });
}

const closed = z.object({
  item: idSchema('itm'),
  by: z.enum(['votes', 'deadline']),
  outcome: z.enum(panelOutcomes),
  votes: z.array(z.string()),
});

/** The votes are in the entry as they were signed; their reasons are lost with the database. */
export async function applyClosed(
  { db }: Applying,
  detail: Detail,
  { at, entry }: Logged,
): Promise<void> {
  const { data } = closed.safeParse(detail);
  const item = data && (await findItem(db, data.item));
  if (!data || !item || item.closed_at) return;
  for (const artefact of data.votes) {
    const of = { typ: 'recourse-panel-vote+jwt', schema: panelVoteSchema } as const;
    const { jws, payload } = peekArtefact(artefact, of);
    const holder = await holderOfKey(db, jws.kid);
    // A key that was not read back votes for nothing: the item stays open, and lapses in the party's favour.
    if (holder === undefined) return;
    const { outcome, iat } = payload;
    const row = { item: item.id, holder, kid: jws.kid, outcome, artefact, reasons: null };
    await insertVote(db, { ...row, at: fromNumericDate(iat) });
  }
  await closeItemRow(db, item.id, { at, by: data.by, outcome: data.outcome });
  if (item.kind !== 'admission') return;
  const outcome = data.outcome === 'admit' ? 'admitted' : 'refused';
  // Its second is taken from below: it came before the party was active.
  const decided = { party: item.party, outcome, at: new Date(entry.at), item: item.id } as const;
  await insertAdmission(db, decided);
}

const admitted = z.object({
  party: idSchema('plt'),
  activeFrom: z.iso.datetime(),
  probationUntil: z.iso.datetime(),
});

/** Nothing where the decision itself was not read back: the database lets nobody in without it. */
export async function applyAdmitted({ db }: Applying, detail: Detail): Promise<void> {
  const { data } = admitted.safeParse(detail);
  if (!data || !(await lockParty(db, data.party))) return;
  if ((await allAdmissions(db)).get(data.party) !== 'admitted') return;
  const active = { from: new Date(data.activeFrom), probationUntil: new Date(data.probationUntil) };
  await updateParty(db, data.party, { active });
}

const drawn = z.object({
  party: idSchema('plt'),
  quarter: z.string(),
  size: z.int(),
  root: z.string(),
  eligible: z.object({ count: z.int() }),
  drawn: z.object({ count: z.int() }),
});

/** Drawn is drawn: which records, the copy cannot tell, and nothing is drawn in their place. */
export async function applyDrawn({ db }: Applying, detail: Detail, { at }: Logged): Promise<void> {
  const { data } = drawn.safeParse(detail);
  if (!data) return;
  const counts = { eligible: data.eligible.count, drawn: data.drawn.count };
  await insertDraw(db, { ...data, ...counts, at });
}
