import { reasonCodes, toNumericDate, type OpInput } from '@recourse/protocol';
import { isRecourseError } from '@recourse/sdk';
import { command, group } from '../command.ts';
import type { Context } from '../context.ts';
import { ExitSignal, exitCodes } from '../exit-code.ts';
import {
  byTwoFlags,
  commandLine,
  inviteByTwo,
  outOrInvite,
  type InviteProgress,
} from '../invites/invite-by-two.ts';
import type { Invited } from '../invites/invite-code.ts';
import { choice, id, optional, repeated, text, time } from '../options.ts';
import { publicUrl } from '../profile/resolve-identity.ts';
import type { Output } from '../terminal.ts';
import { readParties } from './parties.ts';

/** The terms of a seat. They are public, and nobody changes them. */
const seatFlags = {
  until: time('end of the term'),
  language: repeated(text('code', 'a language that they read; may be repeated')),
  optOut: optional(
    repeated(choice(reasonCodes, 'codes whose cases they do not take, up to nine', 'code')),
  ),
  affiliation: optional(
    repeated(id('plt', 'a platform that bars cases; may be repeated', 'party')),
  ),
};

type Seat = Omit<OpInput<'panel.invite'>, 'invite'>;

const invite = command(
  {
    name: 'invite',
    about: 'for operators, two of them: seat a reviewer whom two sitting reviewers signed for',
    flags: {
      ...seatFlags,
      countersignature: optional(
        repeated(text('jws', 'as recourse panel countersign printed it; two of them')),
      ),
      ...byTwoFlags,
    },
    help: `Run it again after each step: it goes on. Example:
  recourse panel invite --until 2028-01-01 --language en --language pl --out reviewer.invite`,
    refuse: outOrInvite,
  },
  async ({ out, invite: hash, countersignature, ...terms }, context) => {
    const seat: Seat = {
      affiliations: (terms.affiliation ?? []).map((party) => ({ party })),
      languages: terms.language,
      optOut: terms.optOut ?? [],
      termUntil: toNumericDate(terms.until),
      ...(countersignature && { countersignatures: countersignature }),
    };
    let asked = '';
    const send = async (invite: string) => {
      asked = invite;
      return (await context.connect()).panel.invite({ ...seat, invite });
    };
    const byTwo = { ...(out === undefined ? {} : { out }), ...(hash && { invite: hash }) };
    try {
      const done = await inviteByTwo(context, byTwo, { send, invited: () => reviewer(context) });
      context.terminal.result(done, () => shown(done, seat));
    } catch (error) {
      if (!isUnsigned(error)) throw error;
      context.terminal.result({ state: 'unsigned', invite: asked }, () => [
        'Not proposed yet: sitting reviewers sign first, two of them. Each compares the terms, and runs:',
        lineOf('panel countersign', { seat, invite: asked }),
        'Then run this again with what they got: --countersignature JWS --countersignature JWS',
      ]);
      throw new ExitSignal(exitCodes.refused);
    }
  },
);

const isUnsigned = (error: unknown): boolean =>
  isRecourseError(error, 'state-conflict') && error.hasIssue('missing', 'countersignatures');

const lineOf = (
  name: string,
  { seat, invite: hash }: { seat: Seat; invite: string },
  signed?: readonly string[],
): string =>
  commandLine(name, {
    until: new Date(seat.termUntil * 1000).toISOString(),
    language: seat.languages,
    'opt-out': seat.optOut,
    affiliation: seat.affiliations.map(({ party }) => party),
    countersignature: signed,
    invite: hash,
  });

function shown(done: InviteProgress, seat: Seat): Output {
  if (done.state === 'proposed') {
    return [
      `Proposed, and public. Another operator agrees by ${done.executeBefore}:`,
      lineOf('panel invite', { seat, invite: done.invite }, seat.countersignatures),
      'Then run your command again: it writes the invite.',
    ];
  }
  if (done.state === 'agreed') {
    return 'Agreed. The operator who has the code runs the command again, and gets the invite.';
  }
  return [
    `The invite of the reviewer is in ${done.file}, good for seven days.`,
    'Hand it over in private. It works once: recourse enrol "$(cat FILE)"',
    !done.admin && 'An admin of the panel then adds their key: recourse keys add KEY',
  ];
}

/** Until a reviewer has enrolled, each is invited as an admin: the first of them is the root of the chain. */
async function reviewer({ options, environment }: Context): Promise<Invited> {
  const parties = await readParties(await publicUrl(options, environment));
  const panel = parties.find(({ id: party }) => party === 'panel');
  return { party: 'panel', role: 'reviewer', admin: panel?.['enrolmentKid'] === undefined };
}

const countersign = command(
  {
    name: 'countersign',
    about: 'for reviewers: sign for a new one, with the terms that are published',
    flags: { invite: text('hash', 'hash of the invite, from an operator'), ...seatFlags },
  },
  async (
    { until: termUntil, language: languages, optOut = [], affiliation = [], invite: hash },
    { terminal, connect },
  ) => {
    const affiliations = affiliation.map((party) => ({ party }));
    const { review } = await connect();
    const seat = { invite: hash, affiliations, languages, optOut, termUntil };
    const countersignature = await review.countersign(seat);
    terminal.result({ countersignature }, () => [
      countersignature,
      'Give it to the operator: recourse panel invite takes two of them, as --countersignature.',
    ]);
  },
);

export const panelCommand = group({
  name: 'panel',
  about: 'seat reviewers: for operators, and for reviewers who sign for a new one',
  commands: [invite, countersign],
});
