import { namedInText, ownRef, type NameInText } from '@recourse/protocol';

const whats: Readonly<Record<NameInText, string>> = {
  'names-an-address': 'an address',
  'names-a-link': 'a link',
  'names-a-number': 'a number',
  'names-a-handle': 'a handle',
};
const mostShown = 60;

/** What an account of facts names and may not; undefined where it names nobody. */
export function faultOfAccount(account: string): string | undefined {
  const [first] = namedInText(account);
  if (!first) return undefined;
  const name = account.slice(first.from, Math.min(first.to, first.from + mostShown));
  return `Take out “${name}”: ${whats[first.code]} belongs to the identifiers or to the evidence.`;
}

/** What is wrong with a case id of one's own; one that is left out has no fault. */
export const faultOfRef = (ref: string): string | undefined =>
  ref === '' || ownRef.safeParse(ref).success
    ? undefined
    : 'Use up to 64 letters, digits and ._:/#-, as in TICKET-4711.';
