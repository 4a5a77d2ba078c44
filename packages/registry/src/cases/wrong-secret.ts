import { Problem } from '@recourse/protocol';

/** The secret opens nothing. Whoever sent it is nobody: not attributed, not audited, counted as a guess. */
export class WrongSecret extends Problem {
  constructor() {
    super('not-found');
  }
}
