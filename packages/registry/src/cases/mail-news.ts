import type { Services } from '../context/context.ts';
import { findContactsWithMail, markTold, takeContact, type DueContact } from './contact-store.ts';
import { openAddress } from './contact.ts';
import { caseOf } from '../vault/case-key-store.ts';

/** A mail server that took none of so many takes no more in this run. */
const mostFailures = 5;

export interface MailedNews {
  readonly mailed: number;
  readonly failed: number;
}

/** How many are looked for at once. */
const batch = 64;

/**
 * Tells every confirmed address whose case has news, once for all that happened since its last mail. Each is taken in a
 * transaction of its own and mailed outside of it, so that no mail server holds up a connection, or a deadline; one that
 * could not be handed in is due again later. Several servers share the work, and none waits for another.
 */
export async function mailNews(
  services: Pick<Services, 'db' | 'clock' | 'vault' | 'news'>,
  { signal }: { signal?: AbortSignal } = {},
): Promise<MailedNews> {
  const { db, clock } = services;
  const seen: string[] = [];
  const done = { mailed: 0, failed: 0 };
  const isDone = (): boolean => done.failed >= mostFailures || signal?.aborted === true;
  while (!isDone()) {
    const found = await findContactsWithMail(db, { now: clock(), except: seen, limit: batch });
    if (found.length === 0) break;
    seen.push(...found);
    for (const claimant of found) {
      if (isDone()) break;
      const due = await takeContact(db, { claimant, now: clock() });
      if (due) done[(await mailOne(services, due)) ? 'mailed' : 'failed']++;
    }
  }
  return done;
}

async function mailOne(
  services: Pick<Services, 'db' | 'clock' | 'vault' | 'news'>,
  due: DueContact,
): Promise<boolean> {
  const { db, clock, news } = services;
  try {
    const theCase = await caseOf({ db, services }, due.sanction);
    // Erased meanwhile, and its addresses with it.
    if (!theCase) return false;
    const { email: to, language, stop } = openAddress(theCase.caseKey, due);
    await news.mailNews({ to, language, stop });
  } catch {
    // No cause is kept: what a mail server says quotes the address. The mailer has told the operator that it fails.
    return false;
  }
  await markTold(db, { ...due, mailedAt: clock() });
  return true;
}
