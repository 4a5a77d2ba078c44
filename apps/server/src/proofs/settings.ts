import { isIP } from 'node:net';
import { ServerError } from '../errors.ts';

/** Where text messages are handed in: JSON over HTTPS with a secret, or a program. */
export type SmsSettings =
  { readonly url: URL; readonly secret: string } | { readonly command: string };

export interface ProofSettings {
  /** Where mail is handed in; `from` is the sender a creator sees */
  readonly mail?: { readonly url: URL; readonly from: string };
  /** None: nobody is written to by phone, and nobody proves one */
  readonly sms?: SmsSettings;
  /** Codes by text message a day, for those who look for their cases */
  readonly smsFindsADay?: number;
  /** `address` or `address:port` of the resolver; the machine's own without it */
  readonly dnsServer?: string;
}

const oneAddress = /^[^\s\p{C}@,;:<>()[\]\\"]+@[^\s\p{C}@,;:<>()[\]\\"]+$/u;

/**
 * One plain address, as far as mail servers read it as one: a list, a route, a comment or a line break in what somebody
 * typed would send the code to others as well.
 */
export const isOneAddress = (text: string): boolean => text.length <= 254 && oneAddress.test(text);

/** @throws ServerError `config_invalid` */
export function readProofs(env: Readonly<Record<string, string | undefined>>): ProofSettings {
  const url = env['RECOURSE_SMTP_URL'];
  const from = env['RECOURSE_MAIL_FROM'];
  const dnsServer = env['RECOURSE_DNS_SERVER'];
  if (dnsServer && !isServer(dnsServer)) {
    throw invalid('RECOURSE_DNS_SERVER takes an address, perhaps with a port: 192.0.2.53:5353.');
  }
  return {
    ...(url ? { mail: { url: smtpUrl(url), from: sender(from ?? '') } } : {}),
    ...smsIn(env),
    ...budgetIn(env['RECOURSE_SMS_FINDS_A_DAY']),
    ...(dnsServer ? { dnsServer } : {}),
  };
}

function smsIn(env: Readonly<Record<string, string | undefined>>): Pick<ProofSettings, 'sms'> {
  const url = env['RECOURSE_SMS_URL'];
  const command = env['RECOURSE_SMS_COMMAND'];
  if (url && command) throw invalid('RECOURSE_SMS_URL and RECOURSE_SMS_COMMAND: one of the two.');
  if (command) return { sms: { command } };
  if (!url) return {};
  const secret = env['RECOURSE_SMS_SECRET'] ?? '';
  if (!/^[\x21-\x7e]{16,}$/.test(secret)) {
    throw invalid(
      'RECOURSE_SMS_SECRET takes what the gateway knows this registry by: 16 characters or more.',
    );
  }
  return { sms: { url: smsUrl(url), secret } };
}

function budgetIn(text: string | undefined): Pick<ProofSettings, 'smsFindsADay'> {
  if (!text) return {};
  const smsFindsADay = Number(text);
  if (Number.isInteger(smsFindsADay) && smsFindsADay >= 0) return { smsFindsADay };
  throw invalid('RECOURSE_SMS_FINDS_A_DAY takes a whole number, such as 200.');
}

/** Without TLS whoever is between reads numbers and codes; nobody is between this machine and itself. */
function smsUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHere = url && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const isPlain = url?.protocol === 'http:' && isHere;
  if (url && (url.protocol === 'https:' || isPlain) && !url.username && !url.password) return url;
  throw invalid(
    'RECOURSE_SMS_URL takes an address that begins with https://, without a password in it.',
  );
}

/** The value holds a password and is never repeated. */
function smtpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['smtp:', 'smtps:'].includes(url.protocol) && url.hostname !== '') return url;
  throw invalid('RECOURSE_SMTP_URL takes smtps://user:password@host:465, or smtp:// and port 587.');
}

function sender(text: string): string {
  if (isOneAddress(text)) return text;
  throw invalid(
    'RECOURSE_MAIL_FROM takes the address that mail is sent from: recourse@example.org.',
  );
}

function isServer(text: string): boolean {
  const [, address = '', port = '53'] =
    /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text) ?? /^([^:]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  return isIP(text) !== 0 || (isIP(address) !== 0 && Number(port) > 0 && Number(port) < 65_536);
}

const invalid = (message: string): ServerError => new ServerError('config_invalid', message);
