import type { Services } from '../context/context.ts';
import { markTold, takeDueContact, type DueContact } from './contact-store.ts';
import { openAddress } from './contact.ts';
import { caseOf } from '../vault/case-key-store.ts';

/** A mail server that took none of so many takes no more in this run. */
const mostFailures = 5;

export interface MailedNews {
  readonly mailed: number;
  readonly failed: number;
}

/**
 * Tells every confirmed address whose case has news, once for all that happened since its last mail. Each is taken in a
 * transaction of its own and mailed outside of it, so that no mail server holds up a connection, or a deadline; one that
 * could not be handed in is due again later. Several servers share the work, and none waits for another.
 */
export async function mailNews(
  services: Pick<Services, 'db' | 'clock' | 'vault' | 'news'>,
  { signal }: { signal?: AbortSignal } = {},
): Promise<MailedNews> {
  const seen: string[] = [];
  let failed = 0;
  while (failed < mostFailures) {
    if (signal?.aborted) break;
    const due = await takeDueContact(services.db, { now: services.clock(), except: seen });
    if (!due) break;
    seen.push(due.claimant);
    if (!(await mailOne(services, due))) failed++;
  }
  return { mailed: seen.length - failed, failed };
}

async function mailOne(
  services: Pick<Services, 'db' | 'clock' | 'vault' | 'news'>,
  due: DueContact,
): Promise<boolean> {
  const { db, clock, news } = services;
  try {
    const { caseKey } = await caseOf({ db, services }, due.sanction);
    const { email: to, language, stop } = openAddress(caseKey, due);
    await news.mailNews({ to, language, stop });
  } catch {
    // No cause is kept: what a mail server says quotes the address. The mailer has told the operator that it fails.
    return false;
  }
  await markTold(db, { ...due, mailedAt: clock() });
  return true;
}
