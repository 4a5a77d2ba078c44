import type { Catalogue } from '../catalogue.ts';
import access from './es/access.json' with { type: 'json' };
import codes from './es/codes.json' with { type: 'json' };
import notice from './es/notice.json' with { type: 'json' };
import pages from './es/pages.json' with { type: 'json' };
import taxonomy from './es/taxonomy.json' with { type: 'json' };

export const es: Catalogue = {
  ...taxonomy,
  messages: { ...access, ...codes, ...notice, ...pages },
};
