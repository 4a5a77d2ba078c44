import { toNumericDate, type IdentifierKind, type OpOutput } from '@recourse/protocol';
import { evaluateTokens } from '../checks/tokens.ts';
import { RecourseError } from '../errors.ts';
import type { Operations } from '../operations.ts';
import type { Session } from '../session/session.ts';
import type { CallOptions } from '../transport/transport.ts';

/** An identifier that changed hands, as the platform knows it. */
export interface IdentifierHandover {
  /** Kind of the identifier */
  readonly kind: IdentifierKind;

  /** The identifier in any spelling; it is never sent */
  readonly value: string;
  /** From when it is somebody else's */
  readonly since: Date;
}

/** Every live record has tokens of the older epoch while two are live: that one is asked. */
export async function challenge(
  { session, operations }: { session: Session; operations: Operations['subjects'] },
  { kind, value, since }: IdentifierHandover,
  options?: CallOptions,
): Promise<OpOutput<'subjects.challenge'>> {
  const identifiers = [{ kind, value, path: 'value' }];
  const request = { identifiers, purpose: 'safety-review', epochs: 'records' } as const;
  const { tokens } = await evaluateTokens(session, { ...request, signal: options?.signal });
  const [asked] = tokens;
  if (!asked) throw new RecourseError('answer-invalid');
  const { epoch, token } = asked;
  const input = { token, epoch, ground: 'recycled', date: toNumericDate(since) } as const;
  return operations.challenge(input, options);
}
