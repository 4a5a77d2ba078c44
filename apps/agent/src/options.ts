export interface Option {
  /** Form of its value; a switch has none */
  readonly takes?: string;
  readonly several?: true;
  readonly text: string;
}

/** Each is also a variable: `--listen` is `RECOURSE_AGENT_LISTEN`. A SOURCE is file:PATH, env:NAME or command:LINE. */
export const options = {
  config: {
    takes: 'FILE',
    text: 'profiles, as recourse enrol writes them; ~/.config/recourse/config.json',
  },
  profile: { takes: 'NAME', text: 'which of them; the standard one of the file' },
  sandbox: { takes: 'DIR', text: 'instead: the data directory of a sandbox on this machine' },
  as: { takes: 'NAME', text: 'and the sample platform to act as, such as Harbour' },
  url: { takes: 'URL', text: 'where to reach the registry, when that is not its origin' },
  state: {
    takes: 'DIR',
    text: 'outbox, events and pins; ~/.local/state/recourse-agent. One agent for each',
  },
  listen: {
    takes: 'ADDRESS',
    text: 'host:port or unix:PATH; 127.0.0.1:4810',
  },
  host: {
    takes: 'NAME',
    several: true,
    text: 'a name by which services reach it, beside localhost',
  },
  token: {
    takes: 'SOURCE',
    text: 'what services send as Authorization: Bearer; the file token of the state, made at the first start',
  },
  'no-token': { text: 'ask for none: whatever runs on this machine may ask, and no other may' },
  desk: { text: 'serve the desks to browsers of this machine, at /desk/' },
  key: {
    takes: 'ROLE=SOURCE',
    several: true,
    text: 'a private key as JWK, instead of the file of the profile: trust=command:vault …',
  },
  'outbox-key': {
    takes: 'SOURCE',
    text: '32 bytes as base64url that the outbox is encrypted under; outbox.key beside the profile',
  },
  'poll-seconds': { takes: 'N', text: 'between two questions for events; 10' },
  'within-ms': { takes: 'N', text: 'after which a check is answered as unavailable; 3000' },
  'settle-ms': {
    takes: 'N',
    text: 'before which none is answered, so that its time tells a form nothing; 0',
  },
  'always-match': { text: 'ask the registry about everyone, without prefix sets' },
  webhook: { takes: 'URL', text: 'where events are posted to, on this machine' },
  'webhook-secret': { takes: 'SOURCE', text: 'with which they are signed (Standard Webhooks)' },
  'webhook-private': { text: 'also to a private address, such as another container' },
  inbox: {
    takes: 'FILE',
    text: 'take webhooks of others at a listener of its own: docs/signup.md',
  },
  'witness-key': {
    takes: 'FILE',
    text: 'be a witness too, with the key of recourse witness keygen',
  },
  'witness-log': { takes: 'KEY', several: true, text: 'verifier key of a ledger to cosign' },
  'witness-begin': {
    text: 'begin its state: the first time that this key is used, and never again',
  },
  'witness-listen': { takes: 'HOST:PORT', text: 'where registries ask; 127.0.0.1:8470' },
  help: { text: 'this' },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof options;

/** Text of `--help`. */
export function helpText(): string {
  const all: readonly [string, Option][] = Object.entries(options);
  const lines = all.map(([name, { takes, several, text }]) => {
    const usage = `--${name}${takes === undefined ? '' : ` ${takes}`}${several ? ' …' : ''}`;
    return `  ${usage.padEnd(26)} ${text}`;
  });
  return [
    'recourse-agent: the registry as plain HTTP for the services of a platform, beside them',
    '',
    ...lines,
    '',
    'A SOURCE is file:PATH, env:NAME or command:LINE, which the shell runs and which prints it.',
    'Each option is also a variable: --listen is RECOURSE_AGENT_LISTEN.',
    'What it answers is at /docs, and as OpenAPI 3.1 at /openapi.json.',
    '',
  ].join('\n');
}
