import { readGovernance, readPolicies, type PolicyEntry } from '@recourse/registry';
import type { Hono } from 'hono';
import type { ServerConfig } from '../config/config.ts';
import { languageOf } from './choose-language.ts';
import type { HttpEnv, HttpServices } from './context.ts';
import { liveDocument, reading, wantsHtml } from './documents.ts';
import { governancePage, type GovernanceDocument } from './governance-page.ts';

/** `/governance` for people, `/governance.json` for programs. */
export function governance(app: Hono<HttpEnv>, http: HttpServices): void {
  const { services, config } = http;
  const read = async (): Promise<GovernanceDocument> => ({
    ...statedOf(config),
    witnesses: witnessesOf(await readPolicies(services.db)),
    ...(await readGovernance(services.db, {
      now: services.clock(),
      names: config.governance.people,
    })),
  });
  const json = liveDocument(http, read);
  app.get('/governance', (c) =>
    wantsHtml(c)
      ? reading(http, 'pages', async () => c.html(governancePage(await read(), languageOf(c))))
      : json(c),
  );
  app.get('/governance.json', json);
}

/** Statements of the operator about itself. */
const statedOf = ({ governance: { operator, panelPaidBy, noticeProcessors } }: ServerConfig) => ({
  operator: operator ?? null,
  panelPaidBy: panelPaidBy ?? null,
  noticeProcessors: noticeProcessors ?? null,
});

/** Witnesses of the newest policy. */
function witnessesOf(policies: readonly PolicyEntry[]): GovernanceDocument['witnesses'] {
  const { witnesses = [], threshold = 0 } = policies.at(-1)?.detail ?? {};
  return { parties: witnesses.map(({ party }) => party), threshold };
}
