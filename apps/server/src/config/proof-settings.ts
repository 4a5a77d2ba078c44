import { isIP } from 'node:net';
import { ServerError } from '../errors.ts';
import { asProgram, hidden, withoutPassword, type Settings } from './settings.ts';

/** Text messages a day for people who look for their cases, unless the operator says otherwise. */
const usualFinds = 200;

/** Where text messages are handed in: JSON over HTTPS with a secret, or a program. */
export type SmsSettings =
  | { readonly url: URL; readonly secret: string }
  | { readonly command: string };

export interface ProofSettings {
  /** Where mail is handed in; `from` is the sender a creator sees */
  readonly mail?: { readonly url: URL; readonly from: string };
  /** None: nobody is written to by phone, and nobody proves one */
  readonly sms?: SmsSettings;
  /** Codes by text message a day, for those who look for their cases */
  readonly smsFindsADay: number;
  /** Countries that text messages go to, beside those of the members: ISO 3166-1 alpha-2 */
  readonly smsCountries?: readonly string[];
  /** `address` or `address:port` of the resolver; the machine's own without it */
  readonly dnsServer?: string;
}

const oneAddress = /^[^\s\p{C}@,;:<>()[\]\\"]+@[^\s\p{C}@,;:<>()[\]\\"]+$/u;

/**
 * One plain address, as far as mail servers read it as one: a list, a route, a comment or a line break in what somebody
 * typed would send the code to others as well.
 */
export const isOneAddress = (text: string): boolean => text.length <= 254 && oneAddress.test(text);

export function readProofs(settings: Settings): ProofSettings {
  const url = settings.find('RECOURSE_SMTP_URL', { read: smtpUrl, shown: withoutPassword });
  const from = settings.find('RECOURSE_MAIL_FROM', { read: sender });
  if (url && !settings.has('RECOURSE_MAIL_FROM')) settings.refuse(whatSender);
  const sms = smsIn(settings);
  const smsFindsADay = settings.take('RECOURSE_SMS_FINDS_A_DAY', {
    preset: String(usualFinds),
    read: budgetIn,
  });
  const smsCountries = settings.find('RECOURSE_SMS_COUNTRIES', { read: countriesIn });
  const dnsServer = settings.find('RECOURSE_DNS_SERVER', { read: resolverIn });
  return {
    ...(url && from ? { mail: { url, from } } : {}),
    ...(sms ? { sms } : {}),
    smsFindsADay,
    ...(smsCountries ? { smsCountries } : {}),
    ...(dnsServer ? { dnsServer } : {}),
  };
}

function smsIn(settings: Settings): SmsSettings | undefined {
  const url = settings.find('RECOURSE_SMS_URL', { read: smsUrl });
  const secret = settings.find('RECOURSE_SMS_SECRET', { read: gatewaySecret, shown: hidden });
  const command = settings.find('RECOURSE_SMS_COMMAND', asProgram);
  if (url && command) settings.refuse('RECOURSE_SMS_URL and RECOURSE_SMS_COMMAND: one of the two.');
  if (command) return { command };
  if (url && !settings.has('RECOURSE_SMS_SECRET')) settings.refuse(whatSecret);
  return url && secret ? { url, secret } : undefined;
}

const whatSecret =
  'RECOURSE_SMS_SECRET takes what the gateway knows this registry by: 16 characters or more.';

function gatewaySecret(text: string): string {
  if (/^[\x21-\x7e]{16,}$/.test(text)) return text;
  throw invalid(whatSecret);
}

function budgetIn(text: string): number {
  const smsFindsADay = Number(text);
  if (Number.isInteger(smsFindsADay) && smsFindsADay >= 0) return smsFindsADay;
  throw invalid('RECOURSE_SMS_FINDS_A_DAY takes a whole number, such as 200.');
}

function countriesIn(text: string): readonly string[] {
  const countries = text.split(',').map((country) => country.trim());
  if (countries.every((country) => /^[A-Z]{2}$/.test(country))) return countries;
  throw invalid('RECOURSE_SMS_COUNTRIES takes codes of two capital letters: FR,JP.');
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

const whatSender =
  'RECOURSE_MAIL_FROM takes the address that mail is sent from: recourse@example.org.';

function sender(text: string): string {
  if (isOneAddress(text)) return text;
  throw invalid(whatSender);
}

function resolverIn(text: string): string {
  const [, address = '', port = '53'] =
    /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text) ?? /^([^:]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const isServer =
    isIP(text) !== 0 || (isIP(address) !== 0 && Number(port) > 0 && Number(port) < 65_536);
  if (isServer) return text;
  throw invalid('RECOURSE_DNS_SERVER takes an address, perhaps with a port: 192.0.2.53:5353.');
}

const invalid = (message: string): ServerError => new ServerError('config_invalid', message);
