import { identifierKinds, type IdentifierKind } from '@recourse/protocol';
import type { Creator } from '@recourse/sdk';

interface Named {
  readonly kind: IdentifierKind;
  readonly value: string;
}

/** Identifiers of one person as the SDK takes them, without those that say nothing. */
export const creatorOf = (named: readonly Named[]): Creator<string> =>
  Object.fromEntries(
    identifierKinds
      .map((kind) => {
        const ofKind = named.filter((one) => one.kind === kind && one.value.trim() !== '');
        return [kind, ofKind.map(({ value }) => value.trim())] as const;
      })
      .filter(([, values]) => values.length > 0),
  );
