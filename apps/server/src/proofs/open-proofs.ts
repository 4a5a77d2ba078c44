import { Problem } from '@recourse/protocol';
import type { IdentityProofs, NewsMail } from '@recourse/registry';
import type { ServerConfig } from '../config.ts';
import type { Log } from '../log.ts';
import { txtRecordsOf } from './dns.ts';
import { MailLimit } from './mail-limit.ts';
import { codeMail, newsMail } from './mail-text.ts';
import { smtpMailer, type Mailer } from './mail.ts';
import { Outbox } from './outbox.ts';
import { isOneAddress } from './settings.ts';
import { textsOf } from '../texts-in.ts';

export interface OpenProofs {
  readonly proofs: IdentityProofs;
  readonly news: NewsMail;
  /** Of a sandbox that mails to nobody */
  readonly outbox?: Outbox;
  close(): Promise<void>;
}

/**
 * How this process mails codes and looks up names. Without a mail server a sandbox shows its mails, and production sends
 * none: the answer to whoever asked stays the same, and the operator is told at start.
 */
export function openProofs(
  config: Pick<ServerConfig, 'mode' | 'origin' | 'proofs'>,
  of: { clock: () => Date; log: Log },
): OpenProofs {
  const outbox = config.mode === 'sandbox' && !config.proofs.mail ? new Outbox() : undefined;
  const mailer = mailerOf(config, { ...of, outbox });
  const limit = new MailLimit();
  return {
    proofs: {
      mailCode: async ({ to, code, language, expiresAt, about }) => {
        // Neither is said: the answer must not depend on what others asked, or on what can be mailed.
        if (!isOneAddress(to) || !limit.admits(to)) return;
        await mailer?.send({
          to,
          ...codeMail(textsOf(language), { origin: config.origin, code, expiresAt, about }),
        });
      },
      txtRecords: txtRecordsOf(config.proofs.dnsServer),
    },
    news: {
      available: mailer !== undefined,
      // Confirmed by its owner: how often it is mailed is no matter of who typed it.
      mailNews: async ({ to, language, stop }) => {
        if (!mailer) throw new Problem('overloaded', { retryAfterSeconds: 3600 });
        await mailer.deliver({
          to,
          ...newsMail(textsOf(language), { origin: config.origin, stop }),
        });
      },
    },
    ...(outbox ? { outbox } : {}),
    close: async () => mailer?.close(),
  };
}

function mailerOf(
  { proofs, mode }: Pick<ServerConfig, 'mode' | 'proofs'>,
  of: { clock: () => Date; log: Log; outbox: Outbox | undefined },
): Mailer | undefined {
  const { outbox, log, clock } = of;
  if (proofs.mail) return smtpMailer(proofs.mail, (error) => log.fault('mail', error));
  if (outbox) {
    const send: Mailer['send'] = (mail) => Promise.resolve(outbox.add({ ...mail, at: clock() }));
    return {
      send,
      deliver: send,
      close: () => Promise.resolve(),
    };
  }
  if (mode === 'production') {
    log.progress(
      'No mail can be sent: nobody finds their cases by an email address until RECOURSE_SMTP_URL and RECOURSE_MAIL_FROM are set',
    );
  }
  return undefined;
}
