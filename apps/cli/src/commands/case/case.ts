import { Command } from 'commander';
import type { Environment } from '../../environment.ts';
import { accessCommand } from './access.ts';
import { contactCommand } from './contact.ts';
import { eraseCaseCommand } from './erase.ts';
import { verifyCaseCommand } from './verify.ts';

/** What is kept of a case, by its creator and by the registry; who else acts on it, and who hears of news. */
export const caseCommand = (environment: Environment): Command =>
  new Command('case')
    .description(
      'check what you keep of your case against the public ledger, be told of news, give access, have it erased',
    )
    .addCommand(verifyCaseCommand(environment))
    .addCommand(contactCommand(environment))
    .addCommand(accessCommand(environment))
    .addCommand(eraseCaseCommand(environment));
