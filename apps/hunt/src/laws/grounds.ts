import type { Came } from '../acts/things.ts';
import type { Act } from '../play.ts';
import type { Stage } from '../world/stage.ts';
import type { Law } from './law.ts';

// What ends, pauses, erases or keeps something has its ground, whoever asks for it.

/** Looks at acts after which somebody would stay listed, be kept, or be erased by what proves nothing. */
export const grounds: Law = async ({ stage, act, came }) => {
  const broken = came.accepted ? await lackOf(stage, act, came) : undefined;
  return broken === undefined ? undefined : { law: 'grounds', kind: act.op, what: broken };
};

function lackOf(stage: Stage, act: Act, came: Came): Promise<string | undefined> | undefined {
  if (act.op === 'review.decide') return stillListed(stage, act);
  if (act.op === 'journals.put') return keptAfterEnd(stage, act);
  if (act.op === 'case.requestErasure') return erasedByShared(stage, act, came);
  if (act.op === 'review.relieve') return relievedOfNothing(stage, act);
  return undefined;
}

/** Whom the panel found wrong is shown to nobody any more. */
async function stillListed(stage: Stage, act: Act): Promise<string | undefined> {
  const isFound = String(act.literals['verdict']).startsWith('finding');
  const sanction = stage.referred(act, 'seat', 'seat')?.sanction;
  if (!isFound || sanction === undefined || (await endOf(stage, sanction))) return undefined;
  return `${act.by} found ${sanction} wrong, and it goes on`;
}

/** Nothing new is kept about somebody whose record ended. */
async function keptAfterEnd(stage: Stage, act: Act): Promise<string | undefined> {
  const sanction = stage.referred(act, 'record', 'record')?.sanction;
  if (sanction === undefined || !(await endOf(stage, sanction))) return undefined;
  return `${act.by} put a journal of ${sanction}, which had ended`;
}

/** Law 1: what a way cannot prove, it cannot take. */
async function erasedByShared(stage: Stage, act: Act, came: Came): Promise<string | undefined> {
  const { result } = came;
  const isErased = typeof result === 'object' && result !== null && 'notBefore' in result;
  const claimant = stage.referred(act, 'claimant', 'claimant');
  const isShared = claimant?.way === 'handed' || claimant?.way === 'ticket';
  if (!isErased || !isShared) return undefined;
  return `${act.by} has ${claimant.sanction} erased, and proved nothing`;
}

const nextToSpeech = new Set(['identity.impersonation', 'network.fake-accounts']);

/** Relief is owed where somebody says that it was expression: refused elsewhere it says what nobody asked. */
async function relievedOfNothing(stage: Stage, act: Act): Promise<string | undefined> {
  const appeal = stage.referred(act, 'appeal', 'appeal');
  if (act.literals['days'] !== 0 || !appeal) return undefined;
  const isAsked = stage.facts.done.some(
    (done) =>
      done.literals['ground'] === 'expression' &&
      stage.referred(done, 'claimant', 'claimant')?.sanction === appeal.sanction,
  );
  const isSpeech = nextToSpeech.has(stage.record(appeal.sanction)?.reason ?? '');
  return isAsked && isSpeech ? undefined : `${act.by} refused a relief that nobody asked for`;
}

/** Whether a record ended, early or by its time. */
async function endOf({ registry, now }: Stage, sanction: string): Promise<boolean> {
  const { db } = registry.services;
  const row = await db
    .selectFrom('sanctions as s')
    .leftJoin('ends as e', 'e.sanction', 's.id')
    .select(['s.expires_at', 's.amended_until', 'e.at'])
    .where('s.id', '=', sanction)
    .executeTakeFirst();
  if (!row || row.at) return row !== undefined;
  return (row.amended_until ?? row.expires_at).getTime() <= now * 1000;
}
