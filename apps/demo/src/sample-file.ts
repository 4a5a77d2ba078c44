import { writeFileSync } from 'node:fs';
import { type Column, columns } from '@recourse/cli';

const dayMs = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * dayMs).toISOString();

export interface SampleFile {
  readonly path: string;
  readonly domains: readonly string[];
  /** Fixed for the run, so that the second import of a file is the same file with notices */
  readonly times: SampleTimes;
  readonly noticeSentAt?: Date;
}

export interface SampleTimes {
  readonly proven: string;
  readonly from: string;
  readonly to: string;
  readonly decided: string;
}

export const sampleTimes = (): SampleTimes => ({
  proven: ago(40),
  from: ago(30),
  to: ago(12),
  decided: ago(6),
});

/** Harbour's export: one record for each domain whose customer it terminated. All of it but the domain is made up. */
export function writeSampleFile(file: SampleFile): void {
  const lines = file.domains.map((domain, index) => {
    const row = rowOf(domain, { ...file, id: `${idPrefix(file.path)}${index}` });
    return columns.map((name) => `"${(row[name] ?? '').replaceAll('"', '""')}"`).join(',');
  });
  writeFileSync(file.path, [columns.join(','), ...lines, ''].join('\n'), { mode: 0o600 });
}

/** Ids are unique across the files of a run. */
const idPrefix = (path: string): string => `${path.split('/').at(-1)?.split('.')[0]}-`;

function rowOf(
  domain: string,
  { id, times, noticeSentAt }: SampleFile & { id: string },
): Partial<Record<Column, string>> {
  return {
    external_id: id,
    reason: 'fraud.phishing',
    action: 'account-terminated',
    incident_from: times.from,
    incident_to: times.to,
    decided_at: times.decided,
    decided_by: 'human',
    kind: 'domain',
    identifier: domain,
    control: 'dns',
    proven_at: times.proven,
    evidence_class: 'captured-artefact',
    evidence_text: `Sample capture ${id}: a page that asks for a wallet's seed phrase.`,
    account:
      'Sample: a counterfeit wallet page was served from a site of this customer; found by our own crawler.',
    policy: '0',
    age: 'unknown',
    origin: 'own-detection',
    attest: 'no-authority no-takeover',
    ...(noticeSentAt
      ? {
          notice_channel: 'letter',
          notice_language: 'en',
          notice_sent_at: noticeSentAt.toISOString(),
        }
      : {}),
  };
}
