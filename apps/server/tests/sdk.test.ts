import { connect, type Recourse } from '@recourse/sdk';
import { signerFromJwk } from '@recourse/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newHome, type SandboxParty, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let server: TestServer;

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
});
afterAll(() => home.close());

async function connected(keys: { service: SandboxParty; trust?: SandboxParty }): Promise<Recourse> {
  const { body } = await server.get('/.well-known/jwks.json');
  const { service, trust } = keys;
  return connect({
    registry: { origin: server.origin, logKid: body.keys[0].kid, url: server.url },
    party: service.party,
    signers: {
      service: await signerFromJwk(service.privateJwk),
      ...(trust ? { trust: await signerFromJwk(trust.privateJwk) } : {}),
    },
  });
}

describe('the SDK, over a socket', () => {
  const asked = { purpose: 'signup', provenAt: new Date() } as const;

  test('finds and verifies a sample record, with who else holds one', async () => {
    const tubely = await connected({ service: server.party('Tubely', 'service') });
    const creator = { email: 'best.deals@mail.example', phone: '+4915123456789' };
    const { advice, matches, receipts } = await tubely.check(creator, asked);
    expect([advice, receipts.length]).toEqual(['review', 2]);
    const [marketo] = server.parties.filter((p) => p.name === 'Marketo');
    const record = matches.find((match) => match.statement?.iss === marketo?.party);
    expect(record).toMatchObject({
      corroboration: 'one-other',
      statement: { reason: 'fraud.scam' },
    });
  });

  test.each([
    ['a stranger', 'nobody.at.all@mail.example'],
    ['somebody whose record was withdrawn', 'real.singer@mail.example'],
    ['somebody whose record is held', 'five.stars@mail.example'],
    ['somebody whose record has no notice', 'hello.friend@mail.example'],
  ])('hears no-record of %s', async (_, email) => {
    const harbour = await connected({ service: server.party('Harbour', 'service') });
    const { advice, matches } = await harbour.check({ email }, asked);
    expect([advice, matches]).toEqual(['no-record', []]);
  });
});
