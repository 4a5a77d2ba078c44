import { spawn } from 'node:child_process';
import type { SmsSettings } from '../config/proof-settings.ts';

/** A text message, as a gateway gets it. */
export interface Sms {
  /** E.164, such as +4915123456789 */
  readonly to: string;
  readonly text: string;
  /** Of this message: comes back with a bounce, and the same id is the same message */
  readonly id: string;
}

/** Resolves once the gateway took or refused it; rejects where it did neither. */
export type SmsGateway = (sms: Sms) => Promise<'taken' | 'refused'>;

const timeoutMs = 15_000;
/** No such number, not the number of a phone, or one that takes nothing. */
const refusals: ReadonlySet<number> = new Set([404, 410, 422]);
/** EX_NOUSER of sysexits.h */
const noSuchUser = 67;

export const smsGateway = (settings: SmsSettings): SmsGateway =>
  'command' in settings ? byCommand(settings.command) : byHttp(settings);

/**
 * `POST` of `{to, text, id}` as JSON, with the secret as bearer token. 2xx took it, 404, 410 and 422 refuse the number;
 * anything else is tried again.
 */
function byHttp({ url, secret }: Extract<SmsSettings, { url: URL }>): SmsGateway {
  return async (sms) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify(sms),
      // Another address would get the secret, and the number.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (response.ok) return 'taken';
    if (refusals.has(response.status)) return 'refused';
    throw new Error(`the gateway answered ${response.status}`);
  };
}

/** The same JSON on stdin of a program, which no shell reads. Exit 0 took it, 67 refuses the number. */
function byCommand(command: string): SmsGateway {
  return (sms) =>
    new Promise((resolve, reject) => {
      const child = spawn(command, [], { stdio: ['pipe', 'ignore', 'ignore'], timeout: timeoutMs });
      child.once('error', reject);
      child.once('close', (code) => {
        if (code === 0) resolve('taken');
        else if (code === noSuchUser) resolve('refused');
        else reject(new Error(`the command ended with ${code ?? 'a signal'}`));
      });
      // A program that reads nothing closes the pipe; its exit code says what that means.
      child.stdin.once('error', () => undefined);
      child.stdin.end(JSON.stringify(sms));
    });
}
