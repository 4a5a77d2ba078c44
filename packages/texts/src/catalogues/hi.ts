import type { Catalogue } from '../catalogue.ts';
import access from './hi/access.json' with { type: 'json' };
import codes from './hi/codes.json' with { type: 'json' };
import notice from './hi/notice.json' with { type: 'json' };
import pages from './hi/pages.json' with { type: 'json' };
import taxonomy from './hi/taxonomy.json' with { type: 'json' };

export const hi: Catalogue = {
  ...taxonomy,
  messages: { ...access, ...codes, ...notice, ...pages },
};
