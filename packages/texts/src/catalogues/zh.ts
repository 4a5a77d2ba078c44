import type { Catalogue } from '../catalogue.ts';
import codes from './zh/codes.json' with { type: 'json' };
import notice from './zh/notice.json' with { type: 'json' };
import pages from './zh/pages.json' with { type: 'json' };
import taxonomy from './zh/taxonomy.json' with { type: 'json' };

export const zh: Catalogue = { ...taxonomy, messages: { ...codes, ...notice, ...pages } };
