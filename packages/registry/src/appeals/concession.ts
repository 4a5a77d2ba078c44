import type { Selectable } from 'kysely';
import { addDays } from '../bounds.ts';
import type { AppealsTable } from '../database.ts';

const victimDays = 7;

/**
 * A submitter that was deceived as well, and says so in 7 d: whoever it is about said that they are a victim of
 * impersonation or takeover, and it agrees. Such a concession counts in no rate of errors; either word alone does.
 */
export const isVictimConceded = ({
  ground,
  concession,
  opened_at,
  closed_at,
}: Pick<Selectable<AppealsTable>, 'ground' | 'concession' | 'opened_at' | 'closed_at'>): boolean =>
  ground === 'not-me' &&
  concession === 'victim' &&
  closed_at !== null &&
  closed_at <= addDays(opened_at, victimDays);
