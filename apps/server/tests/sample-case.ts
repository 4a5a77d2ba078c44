import { fromBase64url, signCompact, signerFromJwk, utf8 } from '@recourse/protocol';
import type { Page } from 'playwright-core';
import postgres from 'postgres';
import type { TestHome } from './run-server.ts';
import type { HttpAnswer, SandboxParty, TestServer } from './test-server.ts';

/** The code in the notice of a sample. */
export async function codeOfSample(server: TestServer, label: string): Promise<string> {
  const { body } = await server.get('/sandbox');
  return body.cases.find((key: { label: string }) => key.label === label).code;
}

const json = { headers: { 'Content-Type': 'application/json' } };

/** An act of a creator, as a program sends it. */
export const creatorAct = (server: TestServer, op: string, input: object): Promise<HttpAnswer> =>
  server.post(`/trpc/${op}`, JSON.stringify({ jti: newJti(), ...input }), json);

export const newJti = (): string => `test-${crypto.randomUUID()}`;

/** Moves the clock of the sandbox; calls are then signed by it. */
export async function advance(server: TestServer, seconds: number): Promise<number> {
  const { body } = await server.post(
    '/sandbox/clock',
    JSON.stringify({ advanceSeconds: seconds }),
    json,
  );
  return body.offsetSeconds;
}

/** The platform takes a record back under an appeal: it ends as conceded. */
export async function concede(
  server: TestServer,
  platform: SandboxParty,
  sanction: string,
): Promise<HttpAnswer> {
  const signer = await signerFromJwk(platform.privateJwk);
  const { body } = await server.get('/sandbox/clock');
  const iat = Math.floor(new Date(body.now).getTime() / 1000);
  const withdrawal = await signCompact(signer, 'recourse-withdrawal+jwt', {
    iss: platform.party,
    aud: server.origin,
    sub: sanction,
    cause: 'error',
    iat,
  });
  return server.call(platform, 'sanctions.withdraw', { withdrawal }, { iat, exp: iat + 60 });
}

/** The sanction that a case page shows. */
export async function sanctionOn(page: Page): Promise<string> {
  const text = await page.locator('main').textContent();
  return /snc_[0-9a-z]{26}/.exec(text ?? '')?.[0] ?? '';
}

export const payloadOf = (jws: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(fromBase64url(jws.split('.')[1] ?? '')).toString('utf8'));

export const bytesOf = (text: string): Buffer => Buffer.from(utf8(text));

/** As if their claimant had proved every identifier of the record. */
export async function proveAll(home: TestHome, sanction: string): Promise<void> {
  const db = postgres(home.database.ownerUrl, { max: 1 });
  await db`insert into claimant_ways (claimant, sanction, way, position, by_phone, at, proven_at)
    select distinct c.id, c.sanction, 'proof', s.position, s.kind = 'phone', now(), now()
    from claimants c join subjects s on s.sanction = c.sanction where c.sanction = ${sanction}`;
  await db.end();
}
