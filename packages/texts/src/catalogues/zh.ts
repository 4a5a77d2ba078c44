import type { Catalogue } from '../catalogue.ts';
import access from './zh/access.json' with { type: 'json' };
import codes from './zh/codes.json' with { type: 'json' };
import notice from './zh/notice.json' with { type: 'json' };
import pages from './zh/pages.json' with { type: 'json' };
import taxonomy from './zh/taxonomy.json' with { type: 'json' };

export const zh: Catalogue = {
  ...taxonomy,
  messages: { ...access, ...codes, ...notice, ...pages },
};
