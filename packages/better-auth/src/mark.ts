const dayMs = 86_400_000;
/** A hold that nobody reviewed ends after so long. */
export const holdMs = 7 * dayMs;
/** A proof serves for so long. */
export const proofMs = dayMs;

/** What somebody proved. */
export type Proven = 'email' | 'phone';

/**
 * What is known of an account, as one text in its row.
 * - `ask`: a proof of `what` at an instant has to be handed to the agent
 * - `asked`: the agent has the question
 * - `free`: nothing was found, or nobody could be asked in time
 * - `verify`: have another identifier proven
 * - `held`: a match is there since an instant, and a person has to look
 */
export type Mark = {
  /** A hash of the identifiers that it is about: the same ones are asked about once */
  readonly about: string;
} & (
  | { readonly state: 'ask'; readonly at: Date; readonly what: Proven }
  | { readonly state: 'asked'; readonly question: string }
  | { readonly state: 'free' | 'verify' }
  | { readonly state: 'held'; readonly at: Date }
);

export function textOf(mark: Mark): string {
  const { state, about } = mark;
  if (state === 'ask') return `${state} ${about} ${mark.at.toISOString()} ${mark.what}`;
  if (state === 'asked') return `${state} ${about} ${mark.question}`;
  return state === 'held' ? `${state} ${about} ${mark.at.toISOString()}` : `${state} ${about}`;
}

/** Undefined where nothing was ever written, or something that is no mark. */
export function markOf(text: unknown): Mark | undefined {
  const [state, about = '', value = '', what] = typeof text === 'string' ? text.split(' ') : [];
  if (state === 'ask')
    return { state, about, at: new Date(value), what: what === 'phone' ? what : 'email' };
  if (state === 'asked') return { state, about, question: value };
  if (state === 'held') return { state, about, at: new Date(value) };
  return state === 'free' || state === 'verify' ? { state, about } : undefined;
}
