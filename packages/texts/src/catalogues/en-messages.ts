import access from './en/access.json' with { type: 'json' };
import codes from './en/codes.json' with { type: 'json' };
import notice from './en/notice.json' with { type: 'json' };
import pages from './en/pages.json' with { type: 'json' };

export const enMessages = { ...access, ...codes, ...notice, ...pages };
