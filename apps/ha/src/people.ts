import { randomBytes } from 'node:crypto';
import { connectAs, sandboxIdentity, sandboxRegistry } from '@recourse/cli';
import type { EvidenceOpening, Recourse, SanctionInput } from '@recourse/sdk';
import { caseClient, newCaseKey, type CaseClient } from '@recourse/sdk/case';
import type { Recorder } from './recorder.ts';
import type { Registry } from './registry.ts';

/** Actors of a story: two platforms, two reviewers, and creators, each through the SDK. */
export interface People {
  readonly harbour: Recourse;
  readonly marketo: Recourse;
  readonly reviewers: readonly Recourse[];
  creator(): Promise<CaseClient>;
}

export async function callPeople(registry: Registry, recorder: Recorder): Promise<People> {
  const { dataDir } = registry.server;
  const party = async (name: string): Promise<Recourse> =>
    connectAs(await sandboxIdentity(dataDir, name, registry.url), {
      prefixes: 'always-match',
      fetch: recorder.fetch,
      // Until the machines are whole again
      retry: { attempts: 60, maxWaitSeconds: 60, timeoutSeconds: 10 },
    });
  return {
    harbour: await party('Harbour'),
    marketo: await party('Marketo'),
    reviewers: [await party('Panel:1'), await party('Panel:2')],
    creator: async () => {
      const network = randomBytes(4)
        .toString('hex')
        .replace(/(....)/, '$1:');
      const at = await sandboxRegistry(dataDir, registry.url);
      return caseClient({ ...at, fetch: recorder.patientFetch(`2001:db8:${network}::1`) });
    },
  };
}

/** A record as its platform keeps it. */
export interface Filing {
  readonly sanction: `snc_${string}`;
  readonly code: string;
  readonly email: string;
  readonly evidence: readonly { readonly source: Uint8Array; readonly opening: EvidenceOpening }[];
}

const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);

/** Records something, and has its creator told. */
export async function file({ harbour }: People): Promise<Filing> {
  const source = randomBytes(48);
  const email = `creator-${randomBytes(8).toString('hex')}@mail.example`;
  const creator = { email: { value: email, control: 'otp', provenAt: daysAgo(40) } } as const;
  const input: SanctionInput = {
    creator,
    reason: 'fraud.phishing',
    action: 'account-terminated',
    incident: { from: daysAgo(30), to: daysAgo(12) },
    decidedAt: daysAgo(6),
    decidedBy: 'human',
    evidence: [{ class: 'captured-artefact', source }],
    account: 'Made up for a fault.',
    policy: 0,
    origin: 'own-detection',
    attest: ['no-authority', 'no-takeover'],
    age: 'adult',
  };
  const { sanction, caseCode: code, evidence } = await harbour.sanctions.submit(input);
  await harbour.sanctions.tell({ sanction, language: 'en', creator: { email } });
  return { sanction, code, email, evidence: evidence.map((opening) => ({ source, opening })) };
}

/** @returns the key of the case */
export async function enter(creator: CaseClient, { code }: Filing): Promise<string> {
  const newKey = newCaseKey();
  await creator.claim({ code, newKey });
  return newKey;
}
