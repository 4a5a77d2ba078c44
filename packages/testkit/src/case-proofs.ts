import { randomBytes } from 'node:crypto';
import type { IdentityProofs } from '@recourse/registry';

type Mail = Parameters<IdentityProofs['mailCode']>[0];

/** Mail and DNS without either: what was mailed is kept, and records are what a test sets. */
export class TestProofs implements IdentityProofs {
  readonly mails: Mail[] = [];
  readonly txt = new Map<string, readonly string[]>();
  /** Set to fail every mail */
  broken = false;

  async mailCode(mail: Mail): Promise<void> {
    if (this.broken) throw new Error(`550 no such mailbox: ${mail.to}`);
    this.mails.push(mail);
  }

  async txtRecords(name: string): Promise<readonly string[]> {
    return this.txt.get(name) ?? [];
  }
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A case code, a key or the secret of a ticket: eight groups of four. */
export function newSecret(): string {
  const text = [...randomBytes(32)].map((byte) => alphabet.charAt(byte & 31)).join('');
  return text.match(/.{4}/g)?.join('-') ?? '';
}
