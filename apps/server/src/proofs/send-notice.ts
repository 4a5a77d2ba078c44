import type { NoticeMessage } from '@recourse/registry';
import { deliveredNotice } from '@recourse/texts';
import { textsOf } from '../texts-in.ts';
import { MailRefused, type Mailer } from './mail.ts';
import { isOneAddress } from '../config/proof-settings.ts';
import type { SmsGateway } from './sms.ts';

/**
 * The one fixed message of a record to one address. It names registry and submitter, and never the reason: others may read
 * it.
 */
export async function sendNotice(
  senders: { mailer: Mailer | undefined; gateway: SmsGateway | undefined; origin: string },
  { channel, to, code, language, submitter, id }: NoticeMessage,
): Promise<'taken' | 'refused'> {
  const { mailer, gateway, origin } = senders;
  const facts = { registry: origin, caseCode: code, platform: submitter };
  const { subject, text } = deliveredNotice(textsOf(language), facts, channel);
  if (channel === 'sms') {
    if (!gateway) throw new Error('no gateway');
    return gateway({ to, text, id });
  }
  if (!mailer) throw new Error('no mail server');
  // As far as mail servers read it, it is not one address: nobody else may get the code.
  if (!isOneAddress(to)) return 'refused';
  try {
    await mailer.deliver({ to, subject, text, messageId: `<${id}@${new URL(origin).hostname}>` });
    return 'taken';
  } catch (error) {
    if (error instanceof MailRefused) return 'refused';
    throw error;
  }
}
