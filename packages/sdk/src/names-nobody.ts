import { namedInText } from '@recourse/protocol';
import { isIdentifier } from '@recourse/protocol/identifiers';
import { RecourseError, type Issue } from './errors.ts';

interface Written {
  readonly account?: string | undefined;
  readonly ref?: string | undefined;
}

/**
 * Refuses an account of facts that holds an address, a link, a number or a handle, and a case id that is an identifier
 * of a person: neither is blinded.
 * @throws RecourseError `invalid-input`; the path of what an account holds is `account` and its place in it
 */
export function needNamesNobody({ account = '', ref = '' }: Written): void {
  const issues: Issue[] = namedInText(account).map(({ code, from }) => ({
    path: `account.${from}`,
    code,
  }));
  if (isIdentifier(ref)) issues.push({ path: 'ref', code: 'names-somebody' });
  if (issues.length > 0) throw new RecourseError('invalid-input', { issues });
}
