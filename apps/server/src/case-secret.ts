import { typedSecret } from '@recourse/protocol';

/** Makes the id that makes a request of a creator one act, however often it arrives. */
export const newJti = (random: (bytes: number) => Uint8Array): string =>
  Buffer.from(random(18)).toString('base64url');

const characters = 32;

/** The secret of a case as a person may paste it, with the number of a claimant behind it. Undefined when it is none. */
export function readCaseSecret(text: string): string | undefined {
  const typed = typedSecret(text, characters);
  return typed && /^(\.\d{1,3})?$/.test(typed.rest) ? typed.secret + typed.rest : undefined;
}
