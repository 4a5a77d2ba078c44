export interface SentMail {
  readonly channel: 'email' | 'sms';
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly at: Date;
}

/** Twice what one act at a desk writes: 500 rows, whose mails come in no fixed order. */
const most = 1_000;

/** What a sandbox would have mailed, or sent to a phone: in memory alone, the newest first, and the oldest forgotten. */
export class Outbox {
  readonly #mails: SentMail[] = [];

  add(mail: SentMail): void {
    this.#mails.unshift(mail);
    this.#mails.length = Math.min(this.#mails.length, most);
  }

  list(): readonly SentMail[] {
    return this.#mails;
  }
}
