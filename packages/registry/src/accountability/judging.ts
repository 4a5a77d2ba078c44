import { toNumericDate } from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import { emit } from '../told/events/emit.ts';
import { openItem } from '../panel/opening.ts';
import type { TransitionContext } from '../records/transition-context.ts';
import { measuresDue, windowDays } from '../panel/rates.rules.ts';
import { insertWarning, readStanding, versionOf, type Standing } from '../panel/rates-store.ts';
import { speechQuestion } from './speech.rules.ts';
import { speechOf } from './speech-store.ts';

/**
 * What the reversals of a submitter's group come to, in the transaction of the one that counts last: a warning, an item
 * for three reviewers. Two of them at once each see their own; what both miss together the due work finds.
 * @returns how many measures were taken
 */
export async function judgeSubmitter(ctx: TransitionContext, party: string): Promise<number> {
  const { db, now } = ctx;
  const standing = await readStanding(db, party, now);
  let taken = (await askAboutSpeech(ctx, party)) ? 1 : 0;
  for (const measure of measuresDue(standing, standing, now)) {
    if (measure === 'warning') taken += (await warn(ctx, standing)) ? 1 : 0;
    else {
      const { decided, reversed, reversedIn90Days } = standing;
      const figures = { decided, reversed, reversedIn90Days };
      const opened = await openItem(ctx, { kind: measure, party, figures });
      taken += opened === undefined ? 0 : 1;
    }
  }
  return taken;
}

async function warn(ctx: TransitionContext, standing: Standing): Promise<boolean> {
  const { db, now: at, changes } = ctx;
  const { party, decided, reversed, sanction } = standing;
  const unlessSince = addDays(at, -windowDays);
  if (!(await insertWarning(db, { party, decided, reversed, at, unlessSince }))) return false;
  changes.public('party-warned', { party, decided, reversed, days: windowDays });
  if (sanction !== null) {
    const version = await versionOf(db, sanction);
    // Of the case that the warning came with.
    await emit(ctx, {
      party,
      sanction,
      type: 'party-warned',
      body: { version },
    });
  }
  return true;
}

/**
 * Three reviewers decide whether a group is suspended for what it recorded of speech, or for an authority; its new records
 * are held meanwhile (`backlog_of`). The submitter is told of the newest case that brought it.
 */
async function askAboutSpeech(ctx: TransitionContext, party: string): Promise<boolean> {
  const { db, now } = ctx;
  const { reversals, asked } = await speechOf(db, { party, now });
  const cause = speechQuestion(reversals, asked, now);
  const [newest] = reversals;
  if (cause === undefined || !newest) return false;
  const figures = { reversed: reversals.length };
  const opened = await openItem(ctx, { kind: 'speech', party: newest.party, figures });
  if (!opened) return false;
  const { sanction, version } = newest;
  const { item, dueAt } = opened;
  const body = { version, item, cause, dueAt: toNumericDate(dueAt) };
  await emit(ctx, { party: newest.party, sanction, type: 'party-held', body });
  return true;
}
