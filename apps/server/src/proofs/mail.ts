import { createTransport, type Transporter } from 'nodemailer';
import { Problem } from '@recourse/protocol';
import type { ProofSettings } from '../config/proof-settings.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId?: string;
  /** Secret of a message: stands in the envelope alone, `name+token@host`, where a bounce goes */
  readonly bounceToken?: string;
}

/** A mail server said at once that there is no such mailbox, or that it takes nothing. */
export class MailRefused extends Error {
  constructor() {
    super('the mail server refused the address');
  }
}

/** Hands mail in; whether it arrives is never known here. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
  /** Resolves once the mail server took it; rejects where it did not, with MailRefused where it never will */
  deliver(mail: Mail): Promise<void>;
  close(): Promise<void>;
}

const timeoutMs = 15_000;
const drainMs = 5_000;
/** Mails on their way at once; more hear `overloaded`, so that a slow mail server cannot fill the memory. */
const mostPending = 500;

/**
 * Mail by SMTP, in the background: how long a mail server takes, or that it refuses, is no answer to whoever asked.
 * `smtps://` is encrypted from the start, `smtp://` by STARTTLS, which must succeed unless the server is this machine.
 */
export function smtpMailer(
  { url, from }: NonNullable<ProofSettings['mail']>,
  onFailure: (error: unknown) => void,
): Mailer {
  const transport = transportTo(url);
  const pending = new Set<Promise<void>>();
  const deliver = async (mail: Mail): Promise<void> => {
    try {
      // An object is one recipient, whatever the address looks like; text would be parsed as a list.
      const to = { name: '', address: mail.to };
      const { bounceToken: token, ...message } = mail;
      const sender = token === undefined ? from : from.replace(/@(?=[^@]*$)/, `+${token}@`);
      await transport.sendMail({
        ...message,
        from,
        to,
        envelope: { from: sender, to: mail.to },
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    } catch (error) {
      // No cause: what a mail server says quotes the address.
      if (refusesAddress(error)) throw new MailRefused();
      onFailure(error);
      throw error;
    }
  };
  return {
    send: (mail) => {
      if (pending.size >= mostPending) {
        return Promise.reject(new Problem('overloaded', { retryAfterSeconds: 30 }));
      }
      const sending = deliver(mail)
        .catch((error: unknown) => {
          // Whoever asked is told nothing of it; its sender waits for nothing.
          if (error instanceof MailRefused) onFailure(error);
        })
        .finally(() => pending.delete(sending));
      pending.add(sending);
      return Promise.resolve();
    },
    deliver,
    close: async () => {
      const late = new Promise((resolve) => setTimeout(resolve, drainMs).unref());
      await Promise.race([Promise.all(pending), late]);
      transport.close();
    },
  };
}

/** 5xx to RCPT is of the address, but for 5.7.x, which is of who sends: another day it may be taken. */
function refusesAddress(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { command, responseCode, response } = error as SmtpError;
  const isFinal = responseCode !== undefined && responseCode >= 500 && responseCode < 600;
  return command === 'RCPT TO' && isFinal && !/^\d{3}[ -]5\.7\./.test(response ?? '');
}

interface SmtpError extends Error {
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

function transportTo(url: URL): Transporter {
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
  const port = url.port === '' ? (secure ? 465 : 587) : Number(url.port);
  const [user, pass] = [url.username, url.password].map(decodeURIComponent);
  return createTransport({
    host,
    port,
    secure,
    requireTLS: !secure && !isHere,
    ignoreTLS: !secure && isHere,
    ...(user ? { auth: { user, pass: pass ?? '' } } : {}),
    pool: true,
    maxConnections: 4,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // A text is what is sent, never a path or an address to fetch it from.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
