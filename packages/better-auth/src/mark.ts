const dayMs = 86_400_000;
/** A hold that nobody reviewed ends after so long. */
export const holdMs = 7 * dayMs;
/** A proof serves for so long. */
export const proofMs = dayMs;

/** What somebody proved. */
export type Proven = 'email' | 'phone';

/**
 * What was found of an account, as one text in its row. `about` is a hash of the identifiers that it is about: the same
 * ones are asked about once.
 * - `free`: nothing, or nobody could be asked in time
 * - `verify`: have another identifier proven
 * - `held`: a match is there since an instant, and a person has to look
 */
export type Mark =
  | { readonly state: 'free' | 'verify'; readonly about: string }
  | { readonly state: 'held'; readonly about: string; readonly since: Date };

/**
 * What is to be done for an account, as another text; empty where that is nothing, so that an index finds the rest.
 * - `ask`: a proof has to be handed to the agent. It is written with what was proven, in one statement
 * - `asked`: the agent has the question
 */
export type Waiting =
  | { readonly state: 'ask'; readonly at: Date; readonly what: Proven }
  | { readonly state: 'asked'; readonly about: string; readonly question: string };

export const textOfMark = (mark: Mark): string =>
  mark.state === 'held'
    ? `held ${mark.about} ${mark.since.toISOString()}`
    : `${mark.state} ${mark.about}`;

export const textOfWaiting = (waiting: Waiting): string =>
  waiting.state === 'ask'
    ? `ask ${waiting.at.toISOString()} ${waiting.what}`
    : `asked ${waiting.about} ${waiting.question}`;

/** Undefined where nothing was written, or something that is no mark. */
export function markOf(text: string | null | undefined): Mark | undefined {
  const [state, about = '', since = ''] = (text ?? '').split(' ');
  if (state === 'held') return { state, about, since: new Date(since) };
  return state === 'free' || state === 'verify' ? { state, about } : undefined;
}

export function waitingOf(text: string | null | undefined): Waiting | undefined {
  const [state, first = '', second = ''] = (text ?? '').split(' ');
  if (state === 'ask')
    return { state, at: new Date(first), what: second === 'phone' ? second : 'email' };
  return state === 'asked' ? { state, about: first, question: second } : undefined;
}
