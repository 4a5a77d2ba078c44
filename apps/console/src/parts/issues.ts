import { dateForms } from '@recourse/protocol';
import type { Issue } from '@recourse/sdk';
import { sentence, words } from './words.ts';

/** The codes that stand in `issues`, in words: what is wrong, and so what is allowed. */
const texts: Readonly<Record<string, string>> = {
  required: 'Fill this in.',
  missing: 'Fill this in.',
  'not-allowed': 'Choose one of the allowed values.',
  'wrong-type': 'This does not have the right form.',
  malformed: 'This does not have the right form.',
  'too-small': 'This is too small.',
  'too-big': 'This is too large; a file may have 4 MiB.',
  'too-short': 'This is too short.',
  'too-long': 'This is too long.',
  'too-many': 'There are too many.',
  'in-the-future': 'This lies in the future. Give a time that has passed.',
  'in-the-past': 'This lies in the past. Give a later time.',
  'too-early': 'This is too early.',
  'too-late': 'This is too late.',
  'too-few': 'There are too few.',
  'not-a-date': `This names no date. Write ${dateForms.join(', ')}.`,
  'two-digit-year': 'Write the year with four digits.',
  'order-unknown': 'Choose above which number is the day.',
  'orders-mixed':
    'This column has dates with the day first and dates with the month first. Write them as 2026-03-01.',
  duplicate: 'The same stands here twice.',
  'duplicate-subject': 'The same identifier stands here twice.',
  'duplicate-commitment': 'The same file stands here twice.',
  twice: 'The same stands here twice.',
  'not-committed': 'This was not committed to when the record was made.',
  'unknown-policy': 'Your platform has published no such policy.',
  'unknown-flagger': 'This flagger is not known to the registry.',
  'second-holder-required': 'A second person of your platform has to confirm this.',
  'same-holder': 'Somebody other than its author has to do this.',
  'verify-identity-first': 'No match of this check may be refused: verify the identity first.',
  'too-soon': 'Review a match for ten minutes at least before you report this.',
  'not-fresh': 'Control has to be proven within the last 24 hours.',
  'no-sms-gateway': 'This registry sends no text messages. Tell the person in your product.',
  'unsupported-chain': 'Wallets of this chain are not supported.',
};

/** Says the fault of a field, with every allowed value where that is a closed list. */
export const issueText = ({ code, allowed }: Pick<Issue, 'code' | 'allowed'>): string => {
  const text = texts[code] ?? `${sentence(code)}.`;
  return allowed === undefined ? text : `${text} Allowed: ${allowed.map(words).join(', ')}.`;
};
