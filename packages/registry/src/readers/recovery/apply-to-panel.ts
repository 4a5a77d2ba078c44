import { fromNumericDate, panelRules, panelVoteSchema, peekArtefact } from '@recourse/protocol';
import { insertDraw } from '../../review/inspection-store.ts';
import { insertWarning } from '../../panel/rates-store.ts';
import { holderOfKey } from '../../parties/key-store.ts';
import { allAdmissions, insertAdmission } from '../../parties/membership-store.ts';
import { lockParty, updateParty } from '../../parties/store.ts';
import { closeItemRow, findItem, insertItem, insertVote } from '../../panel/store.ts';
import { instantOf, type Apply } from './applying.ts';

export const applyWarning: Apply<'party-warned'> = async (
  { party, decided, reversed },
  entry,
  { db },
) => {
  const at = instantOf(entry);
  await insertWarning(db, { party, decided, reversed, at, unlessSince: at });
};

export const applyOpened: Apply<'panel-opened'> = async (detail, entry, { db }) => {
  const { item: id, kind, party, about = null, dueAt } = detail;
  if (await findItem(db, id)) return;
  const { votes } = panelRules[kind];
  const times = { opened_at: instantOf(entry), due_at: new Date(dueAt) };
  await insertItem(db, { id, kind, party, sanction: null, about, votes, ...times });
};

/** The votes are in the entry as they were signed; their reasons are lost with the database. */
export const applyClosed: Apply<'panel-closed'> = async (detail, entry, { db }) => {
  const item = await findItem(db, detail.item);
  if (!item || item.closed_at) return;
  for (const artefact of detail.votes) {
    const of = { typ: 'recourse-panel-vote+jwt', schema: panelVoteSchema } as const;
    const { jws, payload } = peekArtefact(artefact, of);
    const holder = await holderOfKey(db, jws.kid);
    // A key that was not read back votes for nothing: the item stays open, and lapses in the party's favour.
    if (holder === undefined) return;
    const { outcome, iat } = payload;
    const row = { item: item.id, holder, kid: jws.kid, outcome, artefact, reasons: null };
    await insertVote(db, { ...row, at: fromNumericDate(iat) });
  }
  const { by } = detail;
  await closeItemRow(db, item.id, { at: instantOf(entry), by, outcome: detail.outcome });
  if (item.kind !== 'admission') return;
  const outcome = detail.outcome === 'admit' ? 'admitted' : 'refused';
  // Its second is taken from below: it came before the party was active.
  const decided = { party: item.party, outcome, at: new Date(entry.at), item: item.id } as const;
  await insertAdmission(db, decided);
};

/** Nothing where the decision itself was not read back: the database lets nobody in without it. */
export const applyAdmitted: Apply<'party-admitted'> = async (detail, _, { db }) => {
  const { party, activeFrom, probationUntil } = detail;
  if (!(await lockParty(db, party))) return;
  if ((await allAdmissions(db)).get(party) !== 'admitted') return;
  const active = { from: new Date(activeFrom), probationUntil: new Date(probationUntil) };
  await updateParty(db, party, { active });
};

/** Drawn is drawn: which records, the copy cannot tell, and nothing is drawn in their place. */
export const applyDrawn: Apply<'inspections-drawn'> = async (detail, entry, { db }) => {
  const { party, quarter, size, root, eligible, drawn } = detail;
  const counts = { eligible: eligible.count, drawn: drawn.count };
  await insertDraw(db, { party, quarter, size, root, ...counts, at: instantOf(entry) });
};
