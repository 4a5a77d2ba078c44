import type { Issue } from '@recourse/sdk';

/** The codes that stand in `issues`, in words: what is wrong, and so what is allowed. */
const texts: Readonly<Record<string, string>> = {
  required: 'Fill this in.',
  missing: 'Fill this in.',
  unknown: 'This is not one of the allowed values.',
  'not-allowed': 'This is not one of the allowed values.',
  'wrong-type': 'Fill this in.',
  malformed: 'This does not have the right form.',
  'in-the-future': 'This lies in the future. Give a time that has passed.',
  'in-the-past': 'This lies in the past. Give a later time.',
  'too-early': 'This is too early.',
  'too-late': 'This is too late.',
  'too-small': 'This is too small.',
  'too-big': 'This is too big, or above 4 MiB.',
  'too-short': 'This is too short.',
  'too-long': 'This is too long.',
  'too-many': 'There are too many.',
  'too-few': 'There are too few.',
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

/** What is wrong, and every allowed value where the list is closed. */
export const issueText = ({ code, allowed }: Issue): string =>
  (texts[code] ?? `Not accepted (${code}).`) +
  (allowed === undefined ? '' : ` Allowed: ${allowed.join(', ')}.`);
