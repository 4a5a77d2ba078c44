import type { IdentifierKind } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { canonicalForm } from '../canonical-form.ts';
import { tokenLookups } from '../token-lookups.ts';
import type { Subjects } from './notify.ts';

export interface AddressToken {
  readonly kind: IdentifierKind;
  readonly canonical: string;
  readonly lookups: Awaited<ReturnType<typeof tokenLookups>>;
}

/** An address in canonical form, with its tokens. @param path of the address in the input */
export async function addressToken(
  { services }: CallContext,
  raw: string,
  path: string,
): Promise<AddressToken> {
  const kind = raw.includes('@') ? 'email' : 'phone';
  const canonical = canonicalForm({ kind, raw }, path);
  return { kind, canonical, lookups: await tokenLookups(services, { kind, canonical }) };
}

export const isOf = ({ kind, lookups }: AddressToken, subject: Subjects[number]): boolean =>
  kind === subject.kind &&
  lookups.some(
    ({ lookup, epoch }) =>
      epoch === subject.epoch && Buffer.from(lookup).equals(Buffer.from(subject.lookup)),
  );
