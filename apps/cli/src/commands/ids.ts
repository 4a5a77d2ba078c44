import { isId, type Id } from '@recourse/protocol';
import { CliError } from '../errors.ts';

/** @throws CliError `usage` */
export const appealId = (text: string): Id<'apl'> => idOf('apl', text, 'An appeal');
export const sanctionId = (text: string): Id<'snc'> => idOf('snc', text, 'A sanction');
export const recallId = (text: string): Id<'rcl'> => idOf('rcl', text, 'A recall');
export const questionId = (text: string): Id<'qst'> => idOf('qst', text, 'A question');
export const matchId = (text: string): Id<'mat'> => idOf('mat', text, 'A match');
export const itemId = (text: string): Id<'itm'> => idOf('itm', text, 'An item');
export const findId = (text: string): Id<'fnd'> => idOf('fnd', text, 'A find');

const listedBy = {
  snc: 'recourse sanctions list',
  apl: 'recourse appeals list, or recourse review queue',
  rcl: 'recourse recalls list',
  qst: 'recourse appeal show, or recourse questions list',
  mat: 'recourse check, or recourse recalls list',
  fnd: 'recourse appeal find',
  itm: 'recourse review items, or recourse standing',
} as const;

function idOf<P extends keyof typeof listedBy>(prefix: P, text: string, what: string): Id<P> {
  if (isId(prefix, text)) return text;
  throw new CliError('usage', {
    message: `${what} is named by its id, such as ${prefix}_….`,
    next: `Copy it from ${listedBy[prefix]}.`,
  });
}
