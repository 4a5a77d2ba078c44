import { implement } from '../procedure.ts';
import { askAgain } from './asking-again.ts';
import { decide } from './deciding.ts';

/** Beside what `appeals/router.ts` has. */
export const redecide = implement('appeals.redecide', askAgain);
export const decideReview = implement('review.decide', decide);
