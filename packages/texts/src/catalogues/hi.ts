import type { Catalogue } from '../catalogue.ts';
import codes from './hi/codes.json' with { type: 'json' };
import notice from './hi/notice.json' with { type: 'json' };
import pages from './hi/pages.json' with { type: 'json' };
import taxonomy from './hi/taxonomy.json' with { type: 'json' };

export const hi: Catalogue = { ...taxonomy, messages: { ...codes, ...notice, ...pages } };
