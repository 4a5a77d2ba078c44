import { tilePath } from '@recourse/ledger';
import {
  checkLog,
  type HeldLog,
  type LogFault,
  type SeenLog,
  type ServedLog,
} from '../check-log.ts';

/**
 * The script of `/ledger`: checks the log in the reader's browser, and says in words what it found. It is built into one
 * file by `scripts/page-scripts.ts`, asks nobody but the registry, and keeps one checkpoint in this browser.
 */

/** The little of a browser that this script uses. */
interface PageElement {
  className: string;
  textContent: string | null;
  append(...children: (PageElement | string)[]): void;
  replaceChildren(...children: PageElement[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(type: 'click', act: () => void): void;
}
declare const document: {
  getElementById(id: string): PageElement | null;
  createElement(name: string): PageElement;
};
declare const localStorage: {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
};

const place = 'recourse-ledger';

async function get(path: string): Promise<Response> {
  const response = await fetch(path, { redirect: 'error', cache: 'no-cache' });
  if (response.ok) return response;
  throw new Error(response.status === 404 ? 'not there yet' : `status ${response.status}`);
}

async function readServed(): Promise<ServedLog> {
  const registry = (await (await get('/.well-known/recourse')).json()) as {
    ledger: { key: string; policies: { detail: ServedLog['policy'] }[] };
  };
  const { key, policies } = registry.ledger;
  return {
    key,
    policy: policies.at(-1)?.detail ?? { threshold: 0, witnesses: [] },
    note: await (await get('/ledger/checkpoint')).text(),
    readTile: async (level, index, width) =>
      new Uint8Array(
        await (await get(`/ledger/${tilePath({ level, index, width })}`)).arrayBuffer(),
      ),
  };
}

/** Ids of parties as the directory names them; an id where it names none. */
async function readNames(): Promise<Map<string, string>> {
  const { parties } = (await (await get('/parties')).json()) as {
    parties: { id: string; name: string }[];
  };
  return new Map(parties.map(({ id, name }) => [id, name]));
}

function readSeen(): SeenLog | undefined {
  const stored = localStorage.getItem(place);
  return stored === null ? undefined : (JSON.parse(stored) as SeenLog);
}

const meanings: Readonly<Record<LogFault, readonly [title: string, meaning: string]>> = {
  'rolled-back': [
    'This log was rolled back.',
    'It is shorter than what this browser saw before. A log only ever grows, so entries were taken out.',
  ],
  forked: [
    'This log is not the one that this browser saw before.',
    'It does not begin with what was signed then. Somebody is shown another history.',
  ],
  'key-changed': [
    'Another key signs this log.',
    'This browser saw it signed by another key before. A new key could sign another history.',
  ],
  forged: [
    'This checkpoint is not signed.',
    'A signature on it does not hold. Nothing that it says counts.',
  ],
  'witnesses-missing': [
    'Too few witnesses have cosigned this checkpoint.',
    'Without them nobody knows whether others are shown the same log.',
  ],
};

const numbers = new Intl.NumberFormat('en');
const instants = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short' });
const lists = new Intl.ListFormat('en');

function heldWords(held: HeldLog, names: ReadonlyMap<string, string>): [string, string] {
  const { signedBy, size, cosigned, witnesses, since } = held;
  const by = lists.format(cosigned.map(({ party }) => names.get(party) ?? party));
  const newest = Math.max(...cosigned.map(({ time }) => time));
  const witnessed =
    cosigned.length === 0
      ? 'cosigned by nobody'
      : `cosigned by ${cosigned.length} of ${witnesses} witnesses (${by})`;
  const at = cosigned.length === 0 ? '' : `, at ${instants.format(new Date(newest * 1000))}`;
  return [
    `Verified in your browser: signed by ${signedBy}, ${witnessed}, size ${numbers.format(size)}${at}.`,
    since === undefined
      ? 'This browser sees the log for the first time. It keeps this checkpoint, and compares the next one with it.'
      : `It continues the checkpoint of size ${numbers.format(since)} that this browser saw before.`,
  ];
}

function element(name: string, text: string): PageElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function show(kind: 'good' | 'bad' | '', children: PageElement[]): void {
  const box = document.getElementById('checked');
  if (!box) return;
  box.className = `note ${kind}`.trim();
  box.setAttribute('role', kind === 'bad' ? 'alert' : 'status');
  box.replaceChildren(...children);
}

/** Loud, with both checkpoints: together they prove it to anybody who has the key. */
function showFault(fault: LogFault, { served, seen }: { served: ServedLog; seen?: SeenLog }): void {
  const [title, meaning] = meanings[fault];
  const children = [
    element('h2', title),
    element('p', meaning),
    element(
      'p',
      'Trust no entry of it. Copy what follows, and show it to a platform, a witness or a journalist.',
    ),
    element('pre', `served now, under the key ${served.key}\n\n${served.note}`),
  ];
  if (seen) {
    children.push(element('pre', `seen before, under the key ${seen.key}\n\n${seen.note}`));
    const forget = element('button', 'I kept both: forget the earlier one');
    forget.className = 'quiet';
    forget.addEventListener('click', () => {
      localStorage.removeItem(place);
      void check();
    });
    children.push(forget);
  }
  show('bad', children);
}

async function check(): Promise<void> {
  show('', [element('p', 'Your browser is checking the log.')]);
  try {
    const served = await readServed();
    const seen = readSeen();
    const checked = await checkLog(served, seen);
    if (!checked.holds) {
      showFault(checked.fault, { served, ...(seen ? { seen } : {}) });
      return;
    }
    const { key, note } = served;
    localStorage.setItem(place, JSON.stringify({ key, note } satisfies SeenLog));
    const [verdict, history] = heldWords(checked, await readNames());
    const first = element('p', '');
    first.append(element('strong', verdict));
    show('good', [first, element('p', history)]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    show('', [
      element(
        'p',
        `Your browser could not check the log (${why}). Load this page again in a minute.`,
      ),
    ]);
  }
}

void check();
