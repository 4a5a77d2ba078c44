import { identifierKinds } from '@recourse/protocol';
import { isRecourseError } from '@recourse/sdk';
import type { FormFault } from '../../parts/field-fault.tsx';
import { faultsAt } from '../../parts/form-faults.tsx';
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

/** Fields by what the SDK calls the members of its input. */
const fieldOfPath: Readonly<Record<string, string>> = {
  'incident.from': 'incidentFrom',
  'incident.to': 'incidentTo',
  expires: 'gravity',
};

/** Refusals of the registry or the SDK, by the field at which each is shown. */
export function faultsOf(error: unknown, form: RecordForm): readonly FormFault[] {
  if (!isRecourseError(error)) return [];
  const at = fieldOfCode[error.code];
  if (error.issues.length === 0 && at !== undefined) {
    return [{ at, text: textOf[error.code] ?? '' }];
  }
  return faultsAt(error, (path) => fieldOf(path, form));
}

const textOf: Readonly<Record<string, string>> = {
  'reason-not-accepted': 'This reason is not enabled for your platform.',
  'authority-origin-not-accepted': 'A demand of an authority never becomes a record here.',
  'control-not-proven': 'Prove control yourself, from 90 days before the incident until its end.',
  'proof-too-weak': 'This is below the proof floor of the reason. Add what it asks for.',
  'retention-too-long': 'The incident is too long ago, or the record would live too long.',
  'already-decided': 'This was recorded and ended before. Only later conduct is a new record.',
};

/** `creator.email.1.provenAt` is when the second email address was proven. */
function fieldOf(path: string, form: RecordForm): string {
  const [start = '', number = '0', ...rest] = path.split('.');
  const kind = identifierKinds.find((kind) => kind === start);
  if (kind) {
    const places = form.identifiers.flatMap((row, at) => (row.kind === kind ? [at] : []));
    const part = rest.includes('provenAt') || number === 'provenAt' ? 'provenAt' : 'value';
    return `identifiers.${places[Number(number) || 0] ?? 0}.${part}`;
  }
  if (start === 'evidence') return `evidence.${number}.file`;
  return fieldOfPath[path] ?? start;
}
