import { canonicalize } from './canonicalize.ts';
import { IdentifierError } from './errors.ts';
import { identifierKinds, type IdentifierKind } from './kinds.ts';

/** Whether a text is the whole of an identifier of some kind. `TICKET.4711` is no domain: none ends in a number. */
export const isIdentifier = (text: string): boolean =>
  identifierKinds.some(
    (kind) => (kind !== 'domain' || /\.\p{L}{2,}$/u.test(text)) && hasForm(kind, text),
  );

function hasForm(kind: IdentifierKind, text: string): boolean {
  try {
    return canonicalize(kind, text) !== '';
  } catch (error) {
    if (error instanceof IdentifierError) return false;
    throw error;
  }
}
