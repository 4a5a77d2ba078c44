import type { Catalogue } from '../catalogue.ts';
import access from './pt/access.json' with { type: 'json' };
import codes from './pt/codes.json' with { type: 'json' };
import notice from './pt/notice.json' with { type: 'json' };
import pages from './pt/pages.json' with { type: 'json' };
import taxonomy from './pt/taxonomy.json' with { type: 'json' };

export const pt: Catalogue = {
  ...taxonomy,
  messages: { ...access, ...codes, ...notice, ...pages },
};
