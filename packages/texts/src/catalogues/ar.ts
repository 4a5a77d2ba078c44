import type { Catalogue } from '../catalogue.ts';
import access from './ar/access.json' with { type: 'json' };
import codes from './ar/codes.json' with { type: 'json' };
import notice from './ar/notice.json' with { type: 'json' };
import pages from './ar/pages.json' with { type: 'json' };
import taxonomy from './ar/taxonomy.json' with { type: 'json' };

export const ar: Catalogue = {
  ...taxonomy,
  messages: { ...access, ...codes, ...notice, ...pages },
};
