import type { Catalogue } from '../catalogue.ts';
import access from './de/access.json' with { type: 'json' };
import codes from './de/codes.json' with { type: 'json' };
import notice from './de/notice.json' with { type: 'json' };
import pages from './de/pages.json' with { type: 'json' };
import taxonomy from './de/taxonomy.json' with { type: 'json' };

export const de: Catalogue = {
  ...taxonomy,
  messages: { ...access, ...codes, ...notice, ...pages },
};
