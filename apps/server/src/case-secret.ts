import { groupedSecret } from '@recourse/protocol';

/** Makes the id that makes a request of a creator one act, however often it arrives. */
export const newJti = (random: (bytes: number) => Uint8Array): string =>
  Buffer.from(random(18)).toString('base64url');

/**
 * A secret as a person may paste it: in capitals, with spaces or without dashes, with an o for a zero, or the whole
 * link. Undefined when it is none.
 */
export function readCaseSecret(text: string): string | undefined {
  const pasted = text.slice(0, 400).toLowerCase();
  const [, code = '', number = ''] =
    /^([0-9a-z]{32})(\.\d{1,3})?$/.exec(
      pasted
        .split('#')
        .at(-1)
        ?.replaceAll(/[\s\u2010-\u2015-]/g, '') ?? '',
    ) ?? [];
  const exact = code.replaceAll('o', '0').replaceAll(/[il]/g, '1');
  return exact === '' || exact.includes('u') ? undefined : `${groupedSecret(exact)}${number}`;
}
