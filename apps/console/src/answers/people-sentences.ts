import { dayText, instantText } from '@recourse/design/instants';
import { counted } from '../parts/words.ts';
import type { About, Sentences } from './said.ts';

/** What every desk says after acts on keys and people. */
export const peopleSentences = {
  'key added': ({ whom, activeFrom }: About & { readonly activeFrom: string }) => ({
    text: `Added: the key ${whom} signs for your party from ${instantText(activeFrom)}.`,
  }),
  'key revoked': ({ whom, suspended }: About & { readonly suspended: number }) => ({
    text: `Revoked: the key ${whom} signs nothing any more.${suspended === 0 ? '' : ` ${counted(suspended, 'record that it signed is', 'records that it signed are')} suspended.`}`,
  }),
  'person named': ({ whom, name }: About & { readonly name: string | undefined }) => ({
    text:
      name === undefined
        ? `Taken away: the name of ${whom}. Your colleagues see the key alone.`
        : `Named: ${name}. Your colleagues see it wherever this person did something.`,
  }),
  'person invited': ({ whom, expiresAt }: About & { readonly expiresAt: string }) => ({
    text: `Made: an invite for ${whom}. Hand its link to that person by ${dayText(expiresAt)}. It works once.`,
  }),
} satisfies Sentences;
