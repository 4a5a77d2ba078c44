import type { DeliveryChannel } from '@recourse/protocol';
import { placeOf } from '../../vault/vault.ts';
import type { Services } from '../../context/context.ts';
import { partyOf } from '../../parties/store.ts';
import { onItsOwn } from '../../records/on-its-own.ts';
import { findSanction } from '../../records/store.ts';
import { nextSmsDay, smsBudget } from './notice.rules.ts';
import { countSms, discountSms, postponeSms, smsSenderOf } from './sms-store.ts';
import { takeDueDelivery, type DueDelivery } from './store.ts';
import type { NoticeAddress } from './notify.ts';
import { settleMessage } from './bouncing.ts';
import type { DeliveryReport } from './settling.ts';

/** A server that took none of so many takes no more in this run. */
const mostFailures = 5;

export interface DeliveredNotices {
  readonly taken: number;
  readonly refused: number;
  readonly failed: number;
}

/**
 * Hands in every message that waits. Each is taken in a transaction of its own and sent outside of it, so that no mail
 * server holds up a connection, or a deadline; what nobody took is due again later. Several servers share the work.
 */
export async function deliverNotices(
  services: Services,
  { signal }: { signal?: AbortSignal } = {},
): Promise<DeliveredNotices> {
  const { db, clock, notices } = services;
  const channels = (['email', 'sms'] as const).filter((channel) => notices.sends(channel));
  const counts = { taken: 0, refused: 0, failed: 0 };
  const seen: string[] = [];
  const failures: Record<DeliveryChannel, number> = { email: 0, sms: 0 };
  for (;;) {
    const open = channels.filter((channel) => failures[channel] < mostFailures);
    if (open.length === 0 || signal?.aborted) return counts;
    const due = await takeDueDelivery(db, { now: clock(), channels: open, except: seen });
    if (!due) return counts;
    seen.push(due.message);
    const result =
      due.channel === 'sms' ? await textOne(services, due) : await sendOne(services, due);
    if (result === 'postponed') continue;
    if (result === 'failed') failures[due.channel]++;
    else await settle(services, { ...due, result });
    counts[result]++;
  }
}

/** A text message, within the budget of its platform. */
async function textOne(
  services: Services,
  due: DueDelivery,
): Promise<'taken' | 'refused' | 'failed' | 'postponed'> {
  const { db, clock } = services;
  const now = clock();
  const sender = await smsSenderOf(db, due, { now });
  if (!sender) return 'failed';
  const { party } = sender;
  if (!(await countSms(db, { party, most: smsBudget(sender), now }))) {
    await postponeSms(db, due, nextSmsDay(now));
    return 'postponed';
  }
  const result = await sendOne(services, due);
  if (result === 'failed') await discountSms(db, { party, now });
  return result;
}

async function sendOne(
  services: Services,
  due: DueDelivery,
): Promise<'taken' | 'refused' | 'failed'> {
  const { db, notices } = services;
  const { sanction, channel, language, message: id } = due;
  try {
    const record = await findSanction(db, sanction);
    if (!record) return 'failed';
    const caseKey = services.vault.keyOf(record);
    const place = placeOf('notice_deliveries.address', due);
    const { to, code } = caseKey.openJson(due.address, place) as NoticeAddress;
    const { registration: submitter } = await partyOf(db, record.party);
    if (!submitter) return 'failed';
    return await notices.send({ channel, to, code, language, submitter, id });
  } catch {
    // No cause is kept: what a server says quotes the address. The sender has told the operator that it fails.
    return 'failed';
  }
}

const settle = (
  services: Services,
  settling: DeliveryReport & { message: string },
): Promise<boolean> => onItsOwn(services, (ctx) => settleMessage(ctx, settling));
