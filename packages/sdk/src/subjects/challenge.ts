import { toNumericDate, type IdentifierKind, type OpOutput } from '@recourse/protocol';
import { evaluateTokens } from '../checks/tokens.ts';
import { isRecourseError, RecourseError } from '../errors.ts';
import type { Operations } from '../operations.ts';
import type { Session } from '../session.ts';
import type { CallOptions } from '../transport/transport.ts';

/** An identifier that changed hands, as the platform knows it. */
export interface ChangedHands {
  readonly kind: IdentifierKind;
  readonly value: string;
  /** Since when it is somebody else's */
  readonly since: Date;
}

/** A record is listed under a token of the epoch in which it was made: each live one is tried. */
export async function challenge(
  { session, operations }: { session: Session; operations: Operations['subjects'] },
  { kind, value, since }: ChangedHands,
  options?: CallOptions,
): Promise<OpOutput<'subjects.challenge'>> {
  const identifiers = [{ kind, value, path: 'value' }];
  const request = { identifiers, purpose: 'safety-review', signal: options?.signal } as const;
  const { tokens } = await evaluateTokens(session, request);
  const items: OpOutput<'subjects.challenge'>['items'] = [];
  for (const { epoch, token } of tokens) {
    const input = { token, epoch, ground: 'recycled', date: toNumericDate(since) } as const;
    try {
      items.push(...(await operations.challenge(input, options)).items);
    } catch (error) {
      if (!isRecourseError(error, 'not-found')) throw error;
    }
  }
  if (items.length === 0) throw new RecourseError('not-found');
  return { items };
}
