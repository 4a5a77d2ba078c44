import { Problem } from '@recourse/protocol';

/** The secret opens nothing. Whoever sent it is nobody: not attributed, and counted as a guess. */
export class WrongSecret extends Problem {
  constructor() {
    super('not-found');
  }
}
