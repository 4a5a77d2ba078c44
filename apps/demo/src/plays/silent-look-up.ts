import { randomBytes } from 'node:crypto';
import { connectAs } from '@recourse/cli';
import type { Recourse } from '@recourse/sdk';
import { fileAndNotify, newEmail } from './acts.ts';
import { prepared, type Play } from './play.ts';
import type { Stage } from './stage.ts';

/** A window that is judged holds 10,000 elements; an identifier is one. */
const elements = 10_240;
const ofOneCheck = 64;
const asked = { purpose: 'account-recovery' } as const;

export const silentLookUp: Play = {
  name: 'silent-look-up',
  says: 'A member looks everybody up in the set that it holds, asks about nobody, and sends invented tokens behind published prefixes for show.',
  bound:
    'its bucket, and one hit in a hundred false; the registry says on /governance that no alarm stops this',
  async run(stage) {
    const harbour = await stage.as('Harbour');
    const targets = Array.from({ length: 10 }, () => newEmail('target'));
    const filed = [];
    for (const email of targets) filed.push(await fileAndNotify(stage, harbour, { email }));
    const silent = await silentMember(stage);
    const { member, hits } = silent;
    const lookUp = (email: string[]) =>
      member.check({ email }, { ...asked, provenAt: stage.now() });
    await seesAll(silent, () => lookUp(targets), targets.length);
    for (let at = 0; at < elements / ofOneCheck; at++) {
      await lookUp(Array.from({ length: ofOneCheck }, () => newEmail('stranger')));
      if (at % 40 === 39) stage.tell(`${(at + 1) * ofOneCheck} of ${elements} looked up`);
    }
    const shown = await sendForShow(stage, silent);
    await stage.advance(0.1);
    // A full window is judged an hour later, by the next evaluation.
    await lookUp([newEmail('stranger')]);
    const { checks } = await (await stage.as('Tubely')).parties.standing({});
    const looked = hits();
    const told = await Promise.all(
      filed.map(async ({ sanction }) => (await harbour.sanctions.get({ sanction })).toldPlatforms),
    );
    const stopped = checks.alarms.length > 0;
    const said = (await governanceOf(stage)).includes('invents tokens');
    const held = stopped || said;
    return {
      held,
      gained: stopped
        ? 'nothing before it was stopped'
        : `${targets.length} of ${targets.length} found, nobody told, no alarm, within its bucket; ${said ? 'the registry says so' : 'no page says so'}`,
      figures: {
        elements,
        hits: looked,
        inventedTokensSent: shown,
        recordsTold: told.filter((number) => number !== 'none').length,
        stopped,
        said,
      },
    };
  },
};

async function governanceOf({ registry }: Stage): Promise<string> {
  const answer = await fetch(`${registry.origin}/governance`, { headers: { Accept: 'text/html' } });
  return answer.text();
}

interface SilentMember {
  readonly member: Recourse;
  /** Checks whose questions are let through */
  readonly forShow: Set<string>;
  readonly hits: () => number;
}

/** Tubely, whose questions about hits never leave. */
async function silentMember(stage: Stage): Promise<SilentMember> {
  const seen = new Set<string>();
  const forShow = new Set<string>();
  const member = connectAs(await stage.identity('Tubely'), {
    clock: () => stage.now(),
    retry: { attempts: 1 },
    fetch: async (url, init) => {
      if (!url.endsWith('/checks.match') || typeof init.body !== 'string') return fetch(url, init);
      const [, payload = ''] = init.body.split('.');
      const { in: input } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
        in: { tokens: readonly { token: string }[]; check: string };
      };
      if (input.tokens.length === 1 && forShow.has(input.check)) return fetch(url, init);
      for (const { token } of input.tokens) seen.add(token);
      throw new Error('kept back');
    },
  });
  return { member, forShow, hits: () => seen.size };
}

/** A version of the set comes every ten seconds: the first that the member holds may lack the last records. */
async function seesAll(
  { member, hits }: SilentMember,
  lookUp: () => Promise<unknown>,
  all: number,
): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    await member.prefixes.renew();
    await lookUp();
    if (hits() >= all) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  prepared(false, 'the set shows who is listed');
}

/** Tokens of nobody that the set holds, each under a check that evaluated somebody. */
async function sendForShow(stage: Stage, { member, forShow }: SilentMember): Promise<number> {
  const held = await member.session.prefixes?.fresh(1);
  prepared(held !== undefined, 'the member holds a fresh set');
  let sent = 0;
  while (sent < 80) {
    const token = randomBytes(32);
    if (!held.set.has(token)) continue;
    const { check } = await member.check(
      { email: newEmail('stranger') },
      { ...asked, provenAt: stage.now() },
    );
    if (check === undefined) continue;
    forShow.add(check);
    await member.checks.match({
      check,
      tokens: [{ epoch: 1, token: token.toString('base64url') }],
    });
    sent += 1;
  }
  return sent;
}
