import { blind } from '@recourse/blind';
import { signerFromJwk, toBase64url, type PartyId, type Role } from '@recourse/protocol';
import { buildSubmission } from '@recourse/testkit';
import { randomBytes } from 'node:crypto';
import type { HttpAnswer, TestServer } from './run-server.ts';

/** What is stated of a domain answers at once. */
export const noHold = { RECOURSE_HOLD_HOURS: '0' };

/** Lets Harbour record as often as a test needs. */
export async function raiseQuota(server: TestServer): Promise<void> {
  const { party } = server.party('Harbour', 'trust');
  const quota = { party, submissionsPerDay: 100_000, elementsPerDay: 1_000_000 };
  const operators = server.parties.filter(({ name }) => name === 'Operator');
  for (const operator of operators) await server.call(operator, 'platforms.setQuota', quota);
}

/** Records a sanction that answers. @returns its token */
export async function listed(server: TestServer): Promise<string> {
  const key = server.party('Harbour', 'trust');
  const signer = await signerFromJwk(key.privateJwk);
  const identity = { party: key.party as PartyId, role: key.role as Role, signer, statement: '' };
  const submission = await buildSubmission({
    signedBy: { ...key, ...identity },
    audience: server.origin,
    now: new Date(),
  });
  const { body } = await server.call(key, 'sanctions.submit', submission);
  const { sanction } = body.result;
  const sentAt = Math.floor(Date.now() / 1000);
  const notice = { sanction, channel: 'letter', language: 'en', sentAt };
  await server.call(key, 'sanctions.stateNotice', notice);
  return submission.tokens[0]!.token;
}

/** May ask so many tokens. */
export async function openCheck(server: TestServer, tokens = 2): Promise<OpenCheck> {
  const elements = Array.from({ length: tokens }, () => randomBytes(16));
  const blinded = blind(elements).blinded.map(toBase64url);
  const input = { purpose: 'monetisation', epochs: [1], blinded };
  const { body } = await server.call(server.party('Tubely', 'service'), 'checks.evaluate', input);
  return { server, check: body.result.check };
}

export interface OpenCheck {
  readonly server: TestServer;
  readonly check: string;
}

export const sign = ({ server, check }: OpenCheck, token: string): Promise<string> => {
  const tokens = [{ epoch: 1, token }];
  return server.sign(server.party('Tubely', 'service'), 'checks.match', { check, tokens });
};

export const ask = async (check: OpenCheck, token: string): Promise<HttpAnswer> =>
  check.server.post('/call/checks.match', await sign(check, token));
