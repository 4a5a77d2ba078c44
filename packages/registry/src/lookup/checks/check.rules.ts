import {
  fromBase64url,
  newId,
  prefixedHash,
  Problem,
  utf8,
  type Id,
  type Purpose,
} from '@recourse/protocol';

const seconds = 1000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** How long after its evaluation a check may still ask for matches. */
const askWithin = 1 * hours;
/** How long an answer holds, no-record included; a recall ends it before. */
const answerHolds = 10 * minutes;
/** Only identifiers the person proved control of in the last 24 h: a signup form is no oracle for a stranger's number. */
const proofHolds = 24 * hours;
/** How far the clock of a caller may run ahead (protocol, section 1). */
const skew = 10 * seconds;

/**
 * Lets a caller check at all, under these epochs, before any work is done for it.
 * @throws Problem `checks-stopped`, `unknown-epoch`
 */
export function assertMayCheck(
  { checksStopped }: { readonly checksStopped: boolean },
  epochs: readonly number[],
  live: readonly { readonly epoch: number }[],
): void {
  if (checksStopped) throw new Problem('checks-stopped');
  const isLive = (epoch: number): boolean => live.some((one) => one.epoch === epoch);
  if (!epochs.every(isLive)) throw new Problem('unknown-epoch');
}

/** The oldest instant a check may come from to be asked at `now`. */
export const oldestCheck = (now: Date): Date => new Date(now.getTime() - askWithin);

export const validUntil = (now: Date): Date => new Date(now.getTime() + answerHolds);

/**
 * True where the proof of control serves the purpose of a check. At signup there has to be one; later an identifier
 * that stands on the account will do.
 */
export function proofServes(purpose: Purpose, provenAt: Date | null, now: Date): boolean {
  if (provenAt === null) return purpose !== 'signup';
  const age = now.getTime() - provenAt.getTime();
  return age >= -skew && (purpose !== 'signup' || age <= proofHolds);
}

/**
 * The id of one version of one sanction disclosed by one check: the same each time that check asks, also
 * when two copies of the question run at once. It cannot be guessed without the id of the check, which only
 * its platform knows; its time is that of the check.
 */
export function matchId(named: {
  check: { id: string; at: Date };
  sanction: string;
  version: number;
}): Id<'mat'> {
  const name = utf8(`${named.check.id}/${named.sanction}/${named.version}`);
  const digest = fromBase64url(prefixedHash('recourse/match/1', name));
  return newId('mat', { now: named.check.at, random: (size) => digest.subarray(0, size) });
}
