import { identifierKinds } from '@recourse/protocol';
import { isRecourseError } from '@recourse/sdk';
import { issueText } from '../../parts/issues.ts';
import type { RecordForm } from './record-form.ts';

/** Refusals without a path, by the field that mends them. */
const fieldOfCode: Readonly<Record<string, string>> = {
  'reason-not-accepted': 'reason',
  'authority-origin-not-accepted': 'origin',
  'control-not-proven': 'identifiers.0.provenAt',
  'proof-too-weak': 'evidence',
  'retention-too-long': 'incidentTo',
  'already-decided': 'incidentTo',
};

/** Fields by what the wire calls them. */
const fieldOfPath: readonly (readonly [start: string, field: string])[] = [
  ['statement.incident_from', 'incidentFrom'],
  ['incident_from', 'incidentFrom'],
  ['statement.incident_to', 'incidentTo'],
  ['incident_to', 'incidentTo'],
  ['statement.decided_at', 'decidedAt'],
  ['decided_at', 'decidedAt'],
  ['statement.policy', 'policy'],
  ['policy', 'policy'],
  ['statement.attest', 'attest'],
  ['attest', 'attest'],
  ['statement.age', 'age'],
  ['statement.origin', 'origin'],
  ['statement.gravity', 'gravity'],
  ['statement.exp', 'gravity'],
  ['account', 'account'],
  ['evades', 'evades'],
  ['ref', 'ref'],
];

/** What the registry or the SDK refused, by the field at which it is shown. */
export function faultsOf(error: unknown, form: RecordForm): Record<string, string> {
  if (!isRecourseError(error)) return {};
  const faults: Record<string, string> = {};
  for (const issue of error.issues) faults[fieldOf(issue.path, form)] = issueText(issue);
  const field = fieldOfCode[error.code];
  if (error.issues.length === 0 && field !== undefined) faults[field] = textOf[error.code] ?? '';
  return faults;
}

const textOf: Readonly<Record<string, string>> = {
  'reason-not-accepted': 'This reason is not enabled for your platform.',
  'authority-origin-not-accepted': 'A demand of an authority never becomes a record here.',
  'control-not-proven': 'Prove control yourself, from 90 days before the incident until its end.',
  'proof-too-weak': 'This is below the proof floor of the reason. Add what it asks for.',
  'retention-too-long': 'The incident is too long ago, or the record would live too long.',
  'already-decided': 'This was recorded and ended before. Only later conduct is a new record.',
};

/** `email.1` is the second email address of the creator; `subjects.1` the second subject of the statement. */
function fieldOf(path: string, form: RecordForm): string {
  const [start = '', number = '0', ...rest] = path.split('.');
  const kind = identifierKinds.find((one) => one === start);
  if (kind) {
    const places = form.identifiers.flatMap((row, at) => (row.kind === kind ? [at] : []));
    const part = rest.includes('provenAt') || number === 'provenAt' ? 'provenAt' : 'value';
    return `identifiers.${places[Number(number) || 0] ?? 0}.${part}`;
  }
  if (start === 'evidence') return `evidence.${number}.file`;
  return fieldOfPath.find(([begin]) => path.startsWith(begin))?.[1] ?? path;
}
