import type { IdentifierKind, IssueCode } from '@recourse/protocol';
import type { Issue } from '@recourse/sdk';
import { words } from '../words.ts';
import { nameOf } from './member-names.ts';
import { ofArtefacts, ofDates, ofForms, ofIdentifiers } from './of-forms.ts';
import { ofParties } from './of-parties.ts';
import { ofRecords } from './of-records.ts';
import { ofReview } from './of-review.ts';

const unwritten = (what: string): string =>
  `Nothing was sent to the ${what} of the record yet. Write to it, too.`;

const ofNotices = {
  'email-not-written-to': unwritten('email address'),
  'phone-not-written-to': unwritten('phone number'),
  'domain-not-written-to': unwritten('domain'),
  'account-not-written-to': unwritten('account'),
  'wallet-not-written-to': unwritten('wallet'),
  'iban-not-written-to': unwritten('IBAN'),
} as const satisfies Record<`${IdentifierKind}-not-written-to`, string>;

/** A sentence for each code that an issue can have: what is wrong, and so what to do. */
export const issueTexts: Readonly<Record<string, string>> = {
  ...ofForms,
  ...ofIdentifiers,
  ...ofArtefacts,
  ...ofDates,
  ...ofNotices,
  ...ofRecords,
  ...ofReview,
  ...ofParties,
} satisfies Record<IssueCode, string>;

/** What a code means at one place, where that is more than it says everywhere. */
export const textsAtPlaces: Readonly<Record<string, string>> = {
  'appeal closed': 'The case was closed meanwhile.',
  'expires in-the-past': 'Choose a day that lies ahead, or reverse the record.',
  'outcome too-late': 'An appeal is dismissed in the first days only. Choose another.',
  'book too-big': 'This does not fit. Make it shorter, or take away what is done.',
  'book.rows too-many':
    'Your platform gave as many rows to people as it can. Give back some of them, or take comments away.',
  'book.away too-many': 'As many absences are kept as there can be. End one of them first.',
  'book.people too-many': 'The list holds 256 people. Take away the name of somebody who left.',
  'evidence not-delivered': 'The platform has not delivered all evidence yet.',
  'questions too-late': 'Nothing is asked after day 30 of an assignment. Decide on what is there.',
  'questions too-many': 'A round has ten questions. The next begins once the first is due.',
  'tie missing': 'Say what ties this creator to the evidence, or that nothing does.',
  'sanction ended': 'The record has ended, so nothing is left to suspend.',
  'until in-the-past': 'Choose a day that lies ahead.',
  'until too-late': 'Choose a day within the next 14 days.',
  'vote closed': 'The vote was closed meanwhile.',
};

const unknown = 'This was refused for a reason that this desk does not know. Load the page again.';

type Said = Pick<Issue, 'code' | 'allowed'> & Partial<Pick<Issue, 'path'>>;

/** Says the fault of a field, with every allowed value where that is a closed list. */
export function issueText({ path, code, allowed }: Said): string {
  const text = textsAtPlaces[`${path} ${code}`] ?? issueTexts[code] ?? unknown;
  return allowed === undefined ? text : `${text} Allowed: ${allowed.map(words).join(', ')}.`;
}

/** The same with the name of the field in front, for where it stands beside no field. */
export function namedIssue(issue: Issue): string {
  const name = nameOf(issue.path);
  return name === undefined ? issueText(issue) : `${name}: ${issueText(issue)}`;
}
