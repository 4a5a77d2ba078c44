import { isId, type Id } from '@recourse/protocol';
import { CliError } from '../errors.ts';

/** The holder that an option names. */
export function holderOf(text: string): Id<'hld'> {
  if (isId('hld', text)) return text;
  throw new CliError('input-invalid', {
    message: 'The holder is not an id such as hld_….',
    next: 'Copy it from recourse keys list, or leave it out for a new holder.',
  });
}
