import type { Catalogue } from '../catalogue.ts';
import codes from './fr/codes.json' with { type: 'json' };
import notice from './fr/notice.json' with { type: 'json' };
import pages from './fr/pages.json' with { type: 'json' };
import taxonomy from './fr/taxonomy.json' with { type: 'json' };

export const fr: Catalogue = { ...taxonomy, messages: { ...codes, ...notice, ...pages } };
