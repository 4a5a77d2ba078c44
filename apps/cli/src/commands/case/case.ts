import { group } from '../../command.ts';
import { accessCommand } from './access.ts';
import { contactCommand } from './contact.ts';
import { eraseCaseCommand } from './erase.ts';
import { verifyCaseCommand } from './verify.ts';

/** What is kept of a case, by its creator and by the registry; who else acts on it, and who hears of news. */
export const caseCommand = group({
  name: 'case',
  about:
    'check what you keep of your case against the public ledger, be told of news, give access, have it erased',
  commands: [verifyCaseCommand, contactCommand, accessCommand, eraseCaseCommand],
});
