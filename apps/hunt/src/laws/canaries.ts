import type { RecordMade } from '../acts/things.ts';
import type { Principal } from '../world/principals.ts';
import type { Audience, Reading, Stage } from '../world/stage.ts';
import type { Law, Moment } from './law.ts';

// Law 3: reading is being told. Whoever reads a reason or an account, by whatever door, is the submitter, a claimant, an
// assigned reviewer, or on the list of those who were told.

/** Looks for texts that were received by somebody whom law 3 does not name. */
export const canaries: Law = async (moment) => {
  const { stage } = moment;
  const readings = stage.readings.splice(0);
  for (const reading of readings) {
    for (const [text] of reading.text.matchAll(/cnry[0-9a-f]{16}/g)) {
      const audience = stage.audiences.get(text);
      if (!audience || (await mayRead(moment, reading, audience))) continue;
      const { kind, sanction } = audience;
      const what = `${reading.by.name} read the ${kind} of ${sanction} by ${reading.op}`;
      return { law: 'canaries', kind: `${kind} by ${reading.op}`, what };
    }
  }
  return (await untold(moment, readings)) ?? untoldVoucher(moment);
};

async function mayRead(
  moment: Moment,
  { by, op }: Reading,
  { kind, sanction, author }: Audience,
): Promise<boolean> {
  // A message is read by whoever gets at the mailbox: it says nothing of the act.
  if (op === 'notice' || op === 'news') return false;
  const { stage, enemies } = moment;
  const record = stage.record(sanction);
  // Refused before anything was recorded: nobody but its author has it.
  if (!record) return by.name === author;
  const club = enemies.has(by.name) ? enemies : new Set([by.name]);
  if (club.has(author) || club.has(record.submitter)) return true;
  if (by.kind === 'reviewer') return isAssigned(stage, by, sanction);
  if (by.kind !== 'person' || kind === 'words') return false;
  for (const name of club) if (await isLetIn(stage, name, sanction)) return true;
  return false;
}

const isAssigned = (stage: Stage, { name }: Principal, sanction: string): boolean =>
  stage.facts.rechecks.some((one) => one.by === name && one.sanction === sanction) ||
  stage.all('seat').some(({ value }) => value.by === name && value.sanction === sanction);

/** Whether somebody came by a way that the domain knows, as the hunt saw it itself. */
async function isLetIn(stage: Stage, name: string, sanction: string): Promise<boolean> {
  const record = stage.record(sanction);
  if (!record) return false;
  const { handed, invited } = stage.facts;
  const isTheirs = record.owners.includes(name);
  if (isTheirs || handed.some((one) => one.who === name && one.sanction === sanction)) return true;
  const inviting = invited.filter(
    (one) => one.who === name && one.sanction === sanction && one.by !== name,
  );
  for (const { by } of inviting) if (await isLetIn(stage, by, sanction)) return true;
  return isVouchedFor(stage, name, record);
}

/** A platform vouches for accounts of its own domain alone, and is told by it. */
async function isVouchedFor(stage: Stage, name: string, record: RecordMade): Promise<boolean> {
  for (const { who, by, identifier } of stage.facts.vouched) {
    if (who !== name || !record.subjects.some(({ value }) => value === identifier)) continue;
    if (!identifier.endsWith(`@${by}.example`)) continue;
    // What it recorded itself it tells whom it likes.
    if (by === record.submitter || (await isTold(stage, by, record.sanction))) return true;
  }
  return false;
}

/** Whether a platform stands on the list of those who were told. */
const isTold = async (stage: Stage, name: string, sanction: string): Promise<boolean> =>
  (await purposesOf(stage, name, sanction)).length > 0;

/** What for a platform was told of a record. */
async function purposesOf(stage: Stage, name: string, sanction: string): Promise<string[]> {
  const party = stage.who(name).platform?.id ?? '';
  const { db } = stage.registry.services;
  const rows = await db
    .selectFrom('matches')
    .select('purpose')
    .where('sanction', '=', sanction)
    .where('party', '=', party)
    .execute();
  return rows.map(({ purpose }) => purpose);
}

/** A platform that a check answered with a record has to stand on the list of those who were told. */
async function untold(moment: Moment, readings: readonly Reading[]) {
  for (const { by, op, text } of readings) {
    if (op !== 'checks.match') continue;
    for (const [sanction] of text.matchAll(/snc_[0-9a-z]{26}/g)) {
      if (by.name === moment.stage.record(sanction)?.submitter) continue;
      if (await isTold(moment.stage, by.name, sanction)) continue;
      const what = `${by.name} was answered with ${sanction}, and nobody is told of it`;
      return { law: 'canaries', kind: 'untold match', what } as const;
    }
  }
  return undefined;
}

/** Whoever vouched, and so may hold the secret, is told before the case opens. */
async function untoldVoucher({ stage, act, came }: Moment) {
  if (act.op !== 'case.ticket' || !came.accepted) return undefined;
  const secret = stage.referred(act, 'ticket', 'ticket')?.secret;
  const by = stage.facts.vouched.find((one) => one.secret === secret)?.by ?? act.by;
  for (const { id, value } of stage.all('claimant')) {
    if (!id.startsWith(`${act.id}/`) || stage.record(value.sanction)?.submitter === by) continue;
    if ((await purposesOf(stage, by, value.sanction)).includes('vouching')) continue;
    const what = `${by} vouched, its ticket opened ${value.sanction}, and nobody is told of it`;
    return { law: 'canaries', kind: 'untold voucher', what } as const;
  }
  return undefined;
}
