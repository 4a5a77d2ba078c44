import {
  accountCommitment,
  caseKey,
  defaultExpiry,
  fromNumericDate,
  signCompact,
  subjectCommitments,
  subjectsRoot,
  toNumericDate,
  type Id,
  type SanctionStatement,
  type Subject,
  type Submission,
  fromBase64url,
  toBase64url,
} from '@recourse/protocol';
import { deliverNotices } from '@recourse/registry';
import { blind, finalize, ready, token, tokenInput } from '@recourse/blind';
import { canonicalize } from '@recourse/protocol/identifiers';
import type { SamplePlatform } from './cast.ts';
import { firstEpoch } from '../keys/epoch-keys.ts';
import { sampleCode } from './sample-cases.ts';
import type { SandboxRegistry, SandboxKey } from './sandbox-registry.ts';
import type { Sample, SampleIdentifier } from './samples.ts';
import { ServerError } from '../errors.ts';

const leaves = 8;
const day = 86_400;

/** Submits one sample as its platform would, then notifies and withdraws as its dates say. */
export async function submitSample(
  registry: SandboxRegistry,
  sample: Sample,
  platform: SamplePlatform,
): Promise<void> {
  const { seed, clock } = registry;
  const { label } = sample;
  clock.standAt(seed.daysAgo(sample.submitted));
  const { submission, sanction } = await buildSubmission(registry, {
    sample,
    platform,
    at: clock.now(),
    epoch: firstEpoch,
  });
  await registry.call(platform.service, 'sanctions.submit', { in: submission, idem: label });
  if (sample.notified !== undefined) {
    clock.standAt(seed.daysAgo(sample.notified));
    const addresses = sample.identifiers
      .filter(({ kind }) => kind === 'email' || kind === 'phone')
      .map(({ raw }) => raw);
    await registry.call(platform.trust, 'sanctions.notify', {
      in: { sanction, language: 'en', addresses },
      idem: `${label}/notice`,
    });
    // By the clock of that day.
    await deliverNotices(registry.services);
  }
  if (sample.withdrawn !== undefined) {
    clock.standAt(seed.daysAgo(sample.withdrawn));
    await withdraw(registry, { sanction, platform, label });
  }
}

interface Building {
  readonly sample: Pick<Sample, 'label' | 'reason' | 'identifiers' | 'evidence' | 'account'>;
  readonly platform: Pick<SamplePlatform, 'id' | 'trust' | 'service'>;
  /** When it is signed */
  readonly at: Date;
  readonly epoch: number;
}

/** A submission as its platform would make it; its label and time derive everything in it. */
export async function buildSubmission(
  registry: SandboxRegistry,
  { sample, platform, at, epoch }: Building,
): Promise<{ submission: Submission; sanction: Id<'snc'> }> {
  const { seed } = registry;
  const tokens = await sampleTokens(registry, {
    service: platform.service,
    identifiers: sample.identifiers,
    epoch,
  });
  const salt = (name: string): string => seed.text(`${sample.label}/${name}`);
  const provenAt = toNumericDate(at) - 20 * day;
  const subjects = sample.identifiers.map(({ kind, control }, index): Subject => {
    const token = tokens[index] ?? '';
    return {
      index,
      epoch,
      kind,
      control,
      provenAt,
      salt: salt(`subject/${index}`),
      token,
    };
  });
  const padding = Array.from({ length: leaves - tokens.length }, (_, i) => salt(`padding/${i}`));
  const account = { text: sample.account, salt: salt('account') };
  const sanction = seed.id('snc', sample.label, at);
  const { signer } = await seed.key(platform.trust.label);
  const statement = await signCompact(signer, 'recourse-sanction+jwt', {
    ...timesOf(sample, at),
    ...STATED,
    iss: platform.id,
    aud: registry.services.origin,
    jti: sanction,
    reason: sample.reason,
    subjects: subjectsRoot(subjectCommitments(subjects, padding)),
    evidence: [{ class: sample.evidence, commitment: salt('evidence') }],
    account: accountCommitment(account),
  } satisfies SanctionStatement);
  const code = caseKey(sampleCode(seed, sample));
  return { submission: { statement, tokens: subjects, padding, account, caseKey: code }, sanction };
}

/** What all samples state alike. */
const STATED = {
  taxonomy: '1',
  action: 'account-terminated',
  policy: 0,
  decided_by: 'human',
  origin: 'own-detection',
  attest: ['no-authority', 'no-takeover'],
  age: 'unknown',
} satisfies Partial<SanctionStatement>;

function timesOf(sample: Building['sample'], submitted: Date) {
  const now = toNumericDate(submitted);
  const incidentTo = now - 5 * day;
  const expires = defaultExpiry({
    reason: sample.reason,
    incidentTo: fromNumericDate(incidentTo),
    kinds: sample.identifiers.map(({ kind }) => kind),
    age: STATED.age,
  });
  return {
    iat: now,
    exp: toNumericDate(expires),
    decided_at: now - day,
    incident_from: now - 15 * day,
    incident_to: incidentTo,
  };
}

async function withdraw(
  registry: SandboxRegistry,
  record: { sanction: Id<'snc'>; platform: SamplePlatform; label: string },
): Promise<void> {
  const { signer } = await registry.seed.key(record.platform.trust.label);
  const withdrawal = await signCompact(signer, 'recourse-withdrawal+jwt', {
    iss: record.platform.id,
    aud: registry.services.origin,
    sub: record.sanction,
    cause: 'mistaken-identity',
    iat: toNumericDate(registry.clock.now()),
  });
  await registry.call(record.platform.trust, 'sanctions.withdraw', {
    in: { withdrawal },
    idem: `${record.label}/withdrawal`,
  });
}

/** Tokens of a sample's identifiers, by the same blind evaluation that every platform makes. */
async function sampleTokens(
  registry: SandboxRegistry,
  {
    service,
    identifiers,
    epoch,
  }: { service: SandboxKey; identifiers: readonly SampleIdentifier[]; epoch: number },
): Promise<string[]> {
  await ready();
  const inputs = identifiers.map(({ kind, raw }) => tokenInput(kind, canonicalize(kind, raw)));
  const { blinds, blinded } = blind(inputs);
  const { evaluated } = await registry.call(service, 'checks.evaluate', {
    in: { purpose: 'safety-review', epochs: [epoch], blinded: blinded.map(toBase64url) },
  });
  const [batch] = evaluated;
  const live = registry.services.tokens.epochs().find((one) => one.epoch === epoch);
  if (!batch || !live) throw new ServerError('sandbox_failed', 'No token could be evaluated.');
  const outputs = finalize({
    inputs,
    blinds,
    blinded,
    evaluated: batch.elements.map(fromBase64url),
    proof: fromBase64url(batch.proof),
    publicKey: fromBase64url(live.publicKey),
  });
  return outputs.map((output) => toBase64url(token(output)));
}
