import type { SanctionState } from '@recourse/protocol';
import type { Tone } from '@recourse/design';

/** The colour of a state; its words stand beside it. */
export const toneOfState: Readonly<Record<SanctionState, Tone>> = {
  draft: 'wait',
  held: 'wait',
  visible: 'good',
  suspended: 'wait',
  expired: 'quiet',
  withdrawn: 'quiet',
  reversed: 'bad',
  undecided: 'quiet',
};
