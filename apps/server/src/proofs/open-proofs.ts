import { randomBytes } from 'node:crypto';
import { hashText, Problem } from '@recourse/protocol';
import type { IdentityProofs, NewsMail, NoticeSender, NoticeMessage } from '@recourse/registry';
import { deliveredNotice } from '@recourse/texts';
import type { ServerConfig } from '../config/config.ts';
import type { Log } from '../log.ts';
import { txtRecordsOf } from './dns.ts';
import { MailLimit } from './mail-limit.ts';
import { codeMail, newsMail } from './mail-text.ts';
import { MailRefused, smtpMailer, type Mailer } from './mail.ts';
import { Outbox } from './outbox.ts';
import { isOneAddress } from '../config/proof-settings.ts';
import { SmsBudget } from './sms-budget.ts';
import { smsGateway, type SmsGateway } from './sms.ts';
import { textsOf } from '../texts-in.ts';

export interface OpenProofs {
  readonly proofs: IdentityProofs;
  readonly news: NewsMail;
  readonly notices: NoticeSender;
  /** Outbox of a sandbox that sends nothing to anybody */
  readonly outbox?: Outbox;
  /** Has somebody told when a notice waits to be sent */
  onNotice(wake: () => void): void;
  close(): Promise<void>;
}

type Config = Pick<ServerConfig, 'mode' | 'origin' | 'proofs'>;

/**
 * How this process sends codes and notices, and looks up names. Without a mail server or an SMS gateway a sandbox shows
 * what it would have sent, and production sends nothing: the answer to whoever asked stays the same, and the operator is
 * told at start.
 */
export function openProofs(config: Config, context: { clock: () => Date; log: Log }): OpenProofs {
  const { mail, sms, smsCountries = [] } = config.proofs;
  const outbox = config.mode === 'sandbox' && !(mail && sms) ? new Outbox() : undefined;
  const mailer = mailerOf(config, { ...context, outbox });
  const gateway = gatewayOf(config, { ...context, outbox });
  const limit = new MailLimit();
  const budget = new SmsBudget(config.proofs.smsFindsADay);
  const waking: { wake?: () => void } = {};
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
      textCode: (sms) => {
        void (async () => {
          if (!gateway || !limit.admits(sms.to)) return;
          // Notices have no part in this budget: whoever types numbers keeps nobody from being told.
          if (!(await sms.isSought()) || !budget.admits()) return;
          const registry = new URL(config.origin).host;
          const text = textsOf(sms.language).say('sms.code', { registry, code: sms.code });
          await gateway({ to: sms.to, text, id: randomBytes(16).toString('base64url') });
        })().catch(() => undefined);
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
    notices: {
      smsCountries,
      sends: (channel) => (channel === 'email' ? mailer : gateway) !== undefined,
      send: (notice) => sendNotice({ mailer, gateway, origin: config.origin }, notice),
      wake: () => waking.wake?.(),
    },
    ...(outbox ? { outbox } : {}),
    onNotice: (wake) => Object.assign(waking, { wake }),
    close: async () => mailer?.close(),
  };
}

function mailerOf(
  { proofs, mode }: Config,
  parts: { clock: () => Date; log: Log; outbox: Outbox | undefined },
): Mailer | undefined {
  const { outbox, log, clock } = parts;
  if (proofs.mail) return smtpMailer(proofs.mail, (error) => log.fault('mail', error));
  if (outbox) {
    const send: Mailer['send'] = ({ to, subject, text }) =>
      isNowhere(to)
        ? Promise.reject(new MailRefused())
        : Promise.resolve(outbox.add({ channel: 'email', to, subject, text, at: clock() }));
    return {
      send: (mail) => send(mail).catch(() => undefined),
      deliver: send,
      close: () => Promise.resolve(),
    };
  }
  if (mode === 'production') {
    log.progress(
      'No mail can be sent: nobody is told of a record by email, nor finds their cases by an address, until RECOURSE_SMTP_URL and RECOURSE_MAIL_FROM are set',
    );
  }
  return undefined;
}

/** As a mail server would: RFC 2606 keeps this name out of the DNS. */
const isNowhere = (to: string): boolean => to.endsWith('.invalid');

function gatewayOf(
  { proofs, mode }: Config,
  parts: { clock: () => Date; log: Log; outbox: Outbox | undefined },
): SmsGateway | undefined {
  const { outbox, log, clock } = parts;
  if (proofs.sms) {
    const gateway = smsGateway(proofs.sms);
    return (sms) =>
      gateway(sms).catch((error: unknown) => {
        log.fault('sms', error);
        throw error;
      });
  }
  if (outbox) {
    return ({ to, text }) => {
      outbox.add({ channel: 'sms', to, subject: '', text, at: clock() });
      return Promise.resolve('taken');
    };
  }
  if (mode === 'production') {
    log.progress(
      'No text message can be sent: nobody is told of a record by phone, nor proves one, until RECOURSE_SMS_URL or RECOURSE_SMS_COMMAND is set',
    );
  }
  return undefined;
}

/**
 * The one fixed message of a record to one address. It names registry and submitter, and never the reason: others may read
 * it.
 */
async function sendNotice(
  senders: { mailer: Mailer | undefined; gateway: SmsGateway | undefined; origin: string },
  { channel, to, code, language, submitter, id }: NoticeMessage,
): Promise<'taken' | 'refused'> {
  const { mailer, gateway, origin } = senders;
  const facts = { registry: origin, caseCode: code, platform: submitter };
  const written = { texts: textsOf(language), english: textsOf('en') };
  const { subject, text } = deliveredNotice(written, facts, channel);
  if (channel === 'sms') {
    if (!gateway) throw new Error('no gateway');
    return gateway({ to, text, id });
  }
  if (!mailer) throw new Error('no mail server');
  // As far as mail servers read it, it is not one address: nobody else may get the code.
  if (!isOneAddress(to)) return 'refused';
  try {
    // Whoever reads the message knows its id, and not the token that a bounce has to name.
    const messageId = `<${hashText(id)}@${new URL(origin).hostname}>`;
    await mailer.deliver({ to, subject, text, messageId, bounceToken: id });
    return 'taken';
  } catch (error) {
    if (error instanceof MailRefused) return 'refused';
    throw error;
  }
}
