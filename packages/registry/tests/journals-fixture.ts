import {
  journalBlock,
  signCompact,
  thumbprint,
  toNumericDate,
  type Id,
  type JournalJwe,
  type SealingKey,
} from '@recourse/protocol';
import { testOrigin, type TestAnswer, type TestKey, type TestRegistry } from '@recourse/testkit';
import { newSealingKey, seal } from './appeals-harness.ts';

export const sealingStatement = (
  registry: TestRegistry,
  sealing: { by: TestKey; iss: string; key: SealingKey; aud?: string },
): Promise<string> =>
  signCompact(sealing.by.signer, 'recourse-sealing-key+jwt', {
    iss: sealing.iss,
    aud: sealing.aud ?? testOrigin,
    key: sealing.key,
    iat: toNumericDate(registry.now()),
  });

/** Publishes a fresh sealing key of a trust key. */
export async function publishKey(
  registry: TestRegistry,
  { by, iss }: { by: TestKey; iss: string },
): Promise<{ key: SealingKey; answer: TestAnswer }> {
  const key = await newSealingKey();
  const statement = await sealingStatement(registry, { by, iss, key });
  return { key, answer: await registry.call(by, 'journals.addKey', { statement }) };
}

/** Sealed to keys, of one of the sizes that a journal has. The registry opens none, so its bytes are of nothing. */
export async function sealedJournal(to: readonly SealingKey[]): Promise<JournalJwe> {
  const jwe = await seal(to);
  const ciphertext = Buffer.alloc(journalBlock, thumbprint(to[0]!)).toString('base64url');
  return { ...jwe, ciphertext };
}

export const putJournal = (
  registry: TestRegistry,
  journal: { by: TestKey; sanction: string; jwe: JournalJwe },
): Promise<TestAnswer> =>
  registry.call(journal.by, 'journals.put', {
    sanction: journal.sanction as Id<'snc'>,
    jwe: journal.jwe,
  });
