import type { OpOutput } from '@recourse/protocol';
import type { Operations } from '../operations.ts';
import type { Session } from '../session/session.ts';
import type { CallOptions } from '../transport/transport.ts';
import type { IdentifierHandover } from './challenge.ts';

/** Operations about identifiers. */
export type Subjects = Omit<Operations['subjects'], 'challenge'> & {
  /**
   * Asks reviewers to remove an identifier from records that the own party made or was told of. The registry does not
   * learn the identifier.
   * @throws RecourseError `not-found`: no such record
   */
  challenge(
    changed: IdentifierHandover,
    options?: CallOptions,
  ): Promise<OpOutput<'subjects.challenge'>>;
};

export const subjectsOver = (session: Session, operations: Operations['subjects']): Subjects => ({
  ...operations,
  challenge: async (changed, options) => {
    const { challenge } = await import('./challenge.ts');
    return challenge({ session, operations }, changed, options);
  },
});
