import type { ServerConfig } from './config/config.ts';
import { sandboxFile } from './data-dir.ts';

/** Steps to try on a registry that has just started, with lines to copy. */
export function nextSteps(config: ServerConfig): string[] {
  const { origin, mode, dataDir, role } = config;
  if (role === 'worker') return [];
  if (mode === 'production') return [`  curl -s ${origin}/.well-known/recourse`];
  return [
    '',
    'This is a sandbox with three sample platforms, a panel and two operators. Try:',
    `  open ${origin}/                                      what this is`,
    `  open ${origin}/sandbox                               desks of sample people, sample cases, mails, the clock`,
    `  curl -s ${origin}/parties                            who takes part`,
    `  curl -s ${origin}/sandbox/clock -H 'Content-Type: application/json' -d '{"advanceSeconds":259200}'`,
    '                                                       three days later: what was held answers checks',
    `  npx recourse --sandbox ${dataDir} --as Tubely check --help`,
    '                                                       ask about somebody, as one of the platforms',
    '  npm run demo                                         1,000 records and 2,000 checks, told and verified',
    `Private keys of the sample parties: ${sandboxFile(dataDir)}`,
    'Stop with Ctrl-C; the data stays and the next start takes a second.',
  ];
}
