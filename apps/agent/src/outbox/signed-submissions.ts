import type { Outbox, SubmissionIntent } from '@recourse/sdk';

type Keep = (submission: SubmissionIntent) => void;

/**
 * The outbox of the SDK, for the one submission that is being delivered: submissions have one lane. What was signed is on
 * the disk before it is sent.
 */
export class SignedSubmissions implements Outbox {
  #keep: Keep | undefined;

  /** Runs one delivery; what it signs goes to `keep`. */
  async during<T>(keep: Keep, deliver: () => Promise<T>): Promise<T> {
    if (this.#keep) throw new TypeError('one submission at a time');
    this.#keep = keep;
    try {
      return await deliver();
    } finally {
      this.#keep = undefined;
    }
  }

  async save(submission: SubmissionIntent): Promise<void> {
    if (!this.#keep) throw new TypeError('a submission outside of the outbox');
    this.#keep(submission);
  }

  /** The entry of the outbox ends with the result; there is nothing to remove. */
  async done(): Promise<void> {}
}
