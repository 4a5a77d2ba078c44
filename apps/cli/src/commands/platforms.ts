import {
  b64u32,
  jcs,
  registrationRecord,
  registrationRecordName,
  registrationSchema,
  type Registration,
} from '@recourse/protocol';
import { isRecourseError } from '@recourse/sdk';
import { command, group } from '../command.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { ExitSignal, exitCodes } from '../exit-code.ts';
import {
  byTwoFlags,
  commandLine,
  inviteByTwo,
  outOrInvite,
  type InviteProgress,
} from '../invites/invite-by-two.ts';
import type { Invited } from '../invites/invite-code.ts';
import { dnsServer, lookUpTxt } from '../invites/look-up-txt.ts';
import {
  choice,
  fitting,
  idOf,
  numeric,
  optional,
  repeated,
  taking,
  text,
  toggle,
  value,
  type Values,
} from '../options.ts';
import { publicUrl } from '../profile/resolve-identity.ts';
import { facts, printable, type Output } from '../terminal.ts';
import { readParties } from './parties.ts';

const {
  domain,
  jurisdiction,
  group: groupOf,
  policies,
  contacts,
  language,
} = registrationSchema.shape;
const domainFlag = (says: string) =>
  value('domain', says, fitting(domain, 'a domain: acme.example'));
const address = fitting(contacts.shape.complaints, 'an email address');

const ownerOf = taking('a name and more than 10 %: "Acme Holding=80"', (given) => {
  const [, name = '', percent = ''] = /^(.{1,120})=(\d{1,3}(?:\.\d+)?)$/.exec(given) ?? [];
  const owner = { name, percent: Number(percent) };
  return registrationSchema.shape.owners.safeParse([owner]).success ? owner : undefined;
});

const registrationFlags = {
  name: text('name', 'legal name'),
  domain: domainFlag('its registered domain, which has to publish a DNS record'),
  jurisdiction: value(
    'code',
    'where it has its seat',
    fitting(jurisdiction, 'a country such as DE'),
  ),
  group: value(
    'group',
    'platforms of one owner have one group, and count as one',
    fitting(groupOf, 'a name of a-z, 0-9 and -, such as acme'),
  ),
  owner: optional(repeated(value('name=percent', 'an owner above 10 %; may be repeated', ownerOf))),
  notStateOwned: toggle(
    'you looked: no state owns or directs it. Needed, since others have no place',
  ),
  policy: repeated(
    value(
      'url',
      'a published policy; may be repeated, and records name it by its place',
      fitting(policies.element, 'an https address'),
    ),
  ),
  complaints: value('email', 'where creators complain', address),
  dataProtection: value('email', 'its contact for data protection', address),
  legalBasis: choice(registrationSchema.shape.legalBasis.options, 'to process data on offences'),
  language: value('tag', 'its language', fitting(language, 'a language such as en')),
  checkOnly: toggle('it submits nothing'),
  signupsPerDay: optional(
    value(
      'n',
      'as it declares them: checks are measured by it',
      numeric(/^[1-9]\d{0,7}$/, 'a number'),
    ),
  ),
};

const invite = command(
  {
    name: 'invite',
    about:
      'for operators, two of them: register a platform, and make the invite of its first admin',
    flags: { ...registrationFlags, ...byTwoFlags },
    help: `Run it again after each step: it goes on. Example:
  recourse platforms invite --name Acme --domain acme.example --jurisdiction DE --group acme --not-state-owned \\
    --policy https://acme.example/rules --complaints help@acme.example --data-protection dpo@acme.example \\
    --legal-basis none --language en --out acme.invite`,
    refuse: (given) => outOrInvite(given) || (given.notStateOwned !== true && stateUnknown),
  },
  async ({ out, invite: hash, notStateOwned: _notStateOwned, ...flags }, context) => {
    const registration = registrationOf(flags);
    const dns = (invite: string) => dnsRecord(registration.domain, invite);
    const byTwo = { ...(out === undefined ? {} : { out }), ...(hash && { invite: hash }) };
    let asked = '';
    const send = async (invite: string) => {
      asked = invite;
      return (await context.connect()).platforms.register({ registration, invite });
    };
    try {
      const invited = () => adminOf(context, registration);
      const done = await inviteByTwo(context, byTwo, { send, invited });
      const record = dns(done.invite);
      context.terminal.result({ ...done, record }, () => shown(done, { registration, record }));
    } catch (error) {
      if (!isRecourseError(error, 'control-not-proven')) throw error;
      const record = dns(asked);
      context.terminal.result({ state: 'dns-missing', invite: asked, record }, () => [
        'Not proposed yet: the registry does not see this DNS record. The platform publishes it, then run this again.',
        facts({ type: record.type, name: record.name, value: record.value }),
        `Look it up: recourse platforms check-dns ${registration.domain} --invite ${asked}`,
      ]);
      throw new ExitSignal(exitCodes.refused);
    }
  },
);

const stateUnknown = new CliError('usage', {
  message: 'A body that a state owns or directs has no place here.',
  next: 'Find out, and say so: --not-state-owned.',
});

type RegistrationValues = Omit<Values<typeof registrationFlags>, 'notStateOwned'>;

function registrationOf(values: RegistrationValues): Registration {
  const { policy, owner, complaints, dataProtection, checkOnly, signupsPerDay, ...same } = values;
  return {
    ...same,
    owners: owner ?? [],
    stateOwned: false,
    policies: policy,
    contacts: { complaints, dataProtection },
    checkOnly: checkOnly === true,
    ...(signupsPerDay === undefined ? {} : { signupsPerDay }),
  };
}

/** The same command line for the other operator, who compares it with what the platform told them. */
const lineOf = (registration: Registration, hash: string): string =>
  commandLine('platforms invite', {
    name: registration.name,
    domain: registration.domain,
    jurisdiction: registration.jurisdiction,
    group: registration.group,
    owner: registration.owners.map(({ name, percent }) => `${name}=${percent}`),
    'not-state-owned': true,
    policy: registration.policies,
    complaints: registration.contacts.complaints,
    'data-protection': registration.contacts.dataProtection,
    'legal-basis': registration.legalBasis,
    language: registration.language,
    'check-only': registration.checkOnly || undefined,
    'signups-per-day': registration.signupsPerDay,
    invite: hash,
  });

function shown(
  done: InviteProgress,
  { registration, record }: { registration: Registration; record: DnsRecord },
): Output {
  if (done.state === 'proposed') {
    return [
      `Proposed, and public. The DNS record stays: ${record.name} TXT ${record.value}`,
      `Another operator compares it with what the platform says, and agrees by ${done.executeBefore}:`,
      lineOf(registration, done.invite),
      'Then run your command again: it writes the invite.',
    ];
  }
  if (done.state === 'agreed') {
    return `${registration.name} is registered. The operator who has the code runs the command again, and gets the invite.`;
  }
  return [
    `${done.party} is registered; the invite of its first admin is in ${done.file}, good for seven days.`,
    'Hand it over in private. It works once: recourse enrol "$(cat FILE)"',
  ];
}

/** The party that the registry made of this registration: the domain may be registered by another one. */
async function adminOf(
  { options, environment }: Context,
  registration: Registration,
): Promise<Invited> {
  const parties = await readParties(await publicUrl(options, environment));
  const wanted = jcs(registration);
  const party = parties.find(
    (party) => party['registration'] && jcs(party['registration']) === wanted,
  );
  if (!party) throw otherRegistration;
  return { party: idOf('plt', String(party['id'])), role: 'trust', admin: true };
}

const otherRegistration = new CliError('usage', {
  message: 'The domain is registered, with another registration than this.',
  next: 'Compare it with recourse parties --json. A platform that lost its keys: recourse keys anew.',
});

interface DnsRecord {
  readonly type: 'TXT';
  readonly name: string;
  readonly value: string;
}
const dnsRecord = (domain: string, hash: string): DnsRecord => ({
  type: 'TXT',
  name: registrationRecordName(domain),
  value: registrationRecord(hash),
});

const checkDns = command(
  {
    name: 'check-dns',
    about: 'look up the DNS record by which a platform proves its domain; 0: found, 1: not yet',
    args: { domain: domainFlag('the domain of the platform') },
    flags: {
      invite: value(
        'hash',
        'as platforms invite or keys anew printed it',
        fitting(b64u32, 'the 43 characters that platforms invite printed'),
      ),
      dnsServer,
    },
    help: 'Example: recourse platforms check-dns acme.example --invite HASH',
  },
  async ({ domain: of, invite: hash, dnsServer: server }, { terminal }) => {
    const record = dnsRecord(of, hash);
    const there = await lookUpTxt(record.name, server);
    const state = there.includes(record.value) ? 'found' : there.length > 0 ? 'other' : 'not-yet';
    terminal.result({ state, record, there }, () => [
      facts({ type: record.type, name: record.name, value: record.value }),
      state === 'found' && 'Found.',
      state === 'not-yet' && 'Not there yet. Name servers may take up to an hour, or longer.',
      state === 'other' && [
        'There is something else instead:',
        there.map((one) => `  ${printable(one)}`),
        'The platform publishes the value above, too, or in its place.',
      ],
    ]);
    if (state !== 'found') throw new ExitSignal(exitCodes.refused);
  },
);

/** Commands about who comes in. What platforms do themselves is under `parties`. */
export const platformsCommand = group({
  name: 'platforms',
  about: 'for operators: let a platform in',
  commands: [invite, checkDns],
});
