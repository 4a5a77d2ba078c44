import type { Catalogue } from '../catalogue.ts';
import access from './fr/access.json' with { type: 'json' };
import codes from './fr/codes.json' with { type: 'json' };
import notice from './fr/notice.json' with { type: 'json' };
import pages from './fr/pages.json' with { type: 'json' };
import taxonomy from './fr/taxonomy.json' with { type: 'json' };

export const fr: Catalogue = {
  ...taxonomy,
  messages: { ...access, ...codes, ...notice, ...pages },
};
