export interface SentMail {
  readonly channel: 'email' | 'sms';
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly at: Date;
}

const most = 50;

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
