import type { IdentifierKind } from '@recourse/protocol';
import { canonicalize, IdentifierError } from '@recourse/protocol/identifiers';
import { invalid } from '../kernel/refusal.ts';

/**
 * An identifier of an input in canonical form.
 * @throws Problem `invalid-input` at its path, without its value
 */
export function canonicalForm(
  { kind, raw }: { kind: IdentifierKind; raw: string },
  path = 'identifier',
): string {
  try {
    return canonicalize(kind, raw);
  } catch (error) {
    if (error instanceof IdentifierError) throw invalid(path, error.code);
    throw error;
  }
}
