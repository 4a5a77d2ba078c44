import { randomBytes } from 'node:crypto';
import {
  generateKey,
  logVerifierKey,
  reasonCodes,
  signerFromJwk,
  toBase64url,
  type PrivateJwk,
} from '@recourse/protocol';
import type { NoteSigner } from '@recourse/ledger';
import { Sequencer, signCheckpoint } from '@recourse/registry';
import { testOrigin, type TestRegistry } from '@recourse/testkit';
import { expect, test } from 'vitest';
import { drain, keeping } from '../ledger-fixture.ts';
import { filesOf, ownerUrlOf } from '../recovery-fixture.ts';
import { RotatingRegistry } from '../rotation-fixture.ts';
import { copyDatabase, type DatabaseCopy } from './database-copy.ts';
import { recordHistory } from './history.ts';
import { readRecording, writeRecording } from './recording.ts';

/** An old copy of the database is taken after so many signed calls. */
const callsBetween = 330;

test('a history, recorded', { timeout: 3_600_000 }, async () => {
  const vaultKey = randomBytes(32);
  const logKey = await generateKey();
  const rotating = await RotatingRegistry.start({ vaultKey });
  const { registry } = rotating;
  await registry.ownerDb
    .updateTable('parties')
    .set({ enabled_reasons: [...reasonCodes] })
    .execute();
  const copies = takeCopies(registry);
  const logSigner = await signerFromJwk(logKey);
  const signer = await noteSigner(logKey);
  const log = async (): Promise<void> => {
    await drain(new Sequencer(registry.db));
    const outside = keeping(async () => undefined);
    await signCheckpoint({ db: registry.db, signer, now: registry.now(), outside });
  };
  const copy = async (): Promise<void> => {
    copies.push(await copyDatabase(ownerUrlOf(registry)));
  };
  await recordHistory({ rotating, logSigner, log, copy });
  await copy();
  const endedAt = registry.now().toISOString();
  const keys = { endedAt, vaultKey: toBase64url(vaultKey), logKey };
  const recording = { keys, copies, files: await filesOf(registry) };
  writeRecording(recording);
  await registry.close();
  expect([...readRecording().files.keys()]).toEqual([...recording.files.keys()]);
});

async function noteSigner(jwk: PrivateJwk): Promise<NoteSigner> {
  const signer = await signerFromJwk(jwk);
  const { publicJwk } = signer;
  if (publicJwk.kty !== 'OKP') throw new TypeError('not Ed25519');
  return { key: logVerifierKey(testOrigin, publicJwk), sign: (text) => signer.sign(text) };
}

/** Of the database in the midst of whatever happens. */
function takeCopies(registry: TestRegistry): DatabaseCopy[] {
  const copies: DatabaseCopy[] = [];
  const call = registry.call.bind(registry);
  let calls = 0;
  registry.call = async (...args) => {
    const answer = await call(...args);
    if (++calls % callsBetween === 0) copies.push(await copyDatabase(ownerUrlOf(registry)));
    return answer;
  };
  return copies;
}
