import type { AppealDecision, AppealGround } from '@recourse/protocol';

export type DecidedCause = NonNullable<AppealDecision['cause']>;

const causes: Readonly<Partial<Record<AppealGround, DecidedCause>>> = {
  'not-me': 'mistaken-identity',
  recycled: 'mistaken-identity',
  disproportionate: 'disproportionate',
  procedure: 'insufficient-evidence',
};

/** What the reviewers find, by what the creator said. */
export const causeOf = (ground: AppealGround): DecidedCause => causes[ground] ?? 'error';
