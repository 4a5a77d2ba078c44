import { isId, type Id, type ReviewId } from '@recourse/protocol';
import { CliError } from '../errors.ts';
import { value, type Flag } from '../options.ts';

const kinds = {
  snc: ['A sanction', 'recourse sanctions list'],
  apl: ['An appeal or inspection', 'recourse appeals list, or recourse review queue'],
  rcl: ['A recall', 'recourse recalls list'],
  qst: ['A question', 'recourse appeal show, or recourse questions list'],
  mat: ['A match', 'recourse check, or recourse recalls list'],
  fnd: ['A find', 'recourse appeal find'],
  itm: ['An item', 'recourse review items, or recourse standing'],
  evt: ['An event', 'recourse events poll'],
  plt: ['A platform', 'recourse parties'],
  hld: ['A holder', 'recourse keys list'],
} as const;

/** @throws CliError `usage` that says what such an id looks like, and where to copy it from */
export function idOf<P extends keyof typeof kinds>(prefix: P, text: string): Id<P> {
  if (isId(prefix, text)) return text;
  const [what, listedBy] = kinds[prefix];
  throw new CliError('usage', {
    message: `${what} is named by its id, such as ${prefix}_….`,
    next: `Copy it from ${listedBy}.`,
  });
}

/** An appeal, or an inspection. */
export const reviewId = (says = ''): Flag<ReviewId> =>
  value('id', says, (text) => (isId('itm', text) ? text : idOf('apl', text)));

export const id = <P extends keyof typeof kinds>(prefix: P, says = '', takes = 'id'): Flag<Id<P>> =>
  value(takes, says, (text) => idOf(prefix, text));
