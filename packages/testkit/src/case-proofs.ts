import { randomBytes } from 'node:crypto';
import { newCaseSecret } from '@recourse/protocol';
import type { IdentityProofs, NewsMail, NoticeMessage, NoticeSender } from '@recourse/registry';

type Mail = Parameters<IdentityProofs['mailCode']>[0];
type Text = Parameters<IdentityProofs['textCode']>[0];
type News = Parameters<NewsMail['mailNews']>[0];

/** Mail and DNS without either: what was mailed is kept, and records are what a test sets. */
export class TestProofs implements IdentityProofs, NewsMail, NoticeSender {
  readonly mails: Mail[] = [];
  readonly news: News[] = [];
  readonly notices: NoticeMessage[] = [];
  readonly texts: Text[] = [];
  /** Pending decision about a text message */
  texting: Promise<void> = Promise.resolve();
  /** Channels that can be handed in, and addresses whose server refuses everything */
  channels: readonly NoticeMessage['channel'][] = ['email', 'sms'];
  readonly refusing = new Set<string>();
  smsCountries: readonly string[] = ['DE', 'GB'];
  available = true;
  readonly txt = new Map<string, readonly string[]>();
  /** Set to fail every mail */
  broken = false;

  async mailCode(mail: Mail): Promise<void> {
    if (this.broken) throw new Error(`550 no such mailbox: ${mail.to}`);
    this.mails.push(mail);
  }

  textCode(text: Text): void {
    this.texting = this.#text(text);
  }

  async #text(text: Text): Promise<void> {
    if (await text.isSought()) this.texts.push(text);
  }

  async mailNews(mail: News): Promise<void> {
    if (this.broken) throw new Error(`550 no such mailbox: ${mail.to}`);
    this.news.push(mail);
  }

  sends(channel: NoticeMessage['channel']): boolean {
    return this.channels.includes(channel);
  }

  async send(notice: NoticeMessage): Promise<'taken' | 'refused'> {
    if (this.broken) throw new Error(`no server takes mail for ${notice.to}`);
    if (this.refusing.has(notice.to)) return 'refused';
    this.notices.push(notice);
    return 'taken';
  }

  wake(): void {
    // A test delivers what waits when it says so.
  }

  async txtRecords(name: string): Promise<readonly string[]> {
    return this.txt.get(name) ?? [];
  }
}

/** A case code, a key or the secret of a ticket. */
export const newSecret = (): string => newCaseSecret((size) => randomBytes(size));
