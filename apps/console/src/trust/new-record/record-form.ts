import {
  actions,
  controls,
  gravities,
  identifierKinds,
  isId,
  reasonCodes,
  type Action,
  type Control,
  type EvidenceClass,
  type Gravity,
  type IdentifierKind,
  type ReasonCode,
} from '@recourse/protocol';
import type { SanctionInput } from '@recourse/sdk';
import { dayOf, instantOf } from '../../parts/local-time.ts';
import { now } from '../../identity/clock.ts';
import { faultOfAccount, faultOfRef } from '../own-words.ts';

export interface IdentifierRow {
  readonly kind: IdentifierKind;
  readonly value: string;
  readonly control: Control;
  readonly provenAt: string;
}

export interface EvidenceRow {
  /** Names the row while it is typed: two files may have one name */
  readonly key: string;
  readonly class: EvidenceClass | undefined;
  readonly count: string;
  readonly name: string;
  readonly size: number;
}

/** A record as it is being written. Files stay outside of it. */
export interface RecordForm {
  readonly reason: ReasonCode | undefined;
  readonly action: Action | undefined;
  readonly incidentFrom: string;
  readonly incidentTo: string;
  readonly decidedAt: string;
  readonly identifiers: readonly IdentifierRow[];
  readonly evidence: readonly EvidenceRow[];
  readonly account: string;
  readonly policy: number;
  readonly origin: 'own-detection' | 'user-report' | 'authority-request' | undefined;
  readonly age: SanctionInput['age'] | undefined;
  readonly gravity: Gravity | 'none';
  readonly attest: SanctionInput['attest'];
  readonly evades: string;
  readonly ref: string;
}

/** Draft of the form, kept sealed. Nobody finds a tick that they would sign: what is attested is said anew. */
export interface RecordDraft extends Omit<RecordForm, 'attest'> {
  /** When somebody typed last */
  readonly changedAt: string;
}

/** Where all of them are kept, each by its id. */
export const recordDrafts = 'record/';
export const recordDraftName = (id: string): string => `${recordDrafts}${id}`;

export const longestAccount = 2_000;

const newIdentifier = (kind: IdentifierKind = 'email', value = ''): IdentifierRow => ({
  kind,
  value,
  control: controls[0],
  provenAt: '',
});

const emptyForm: Omit<RecordForm, 'attest'> = {
  reason: undefined,
  action: undefined,
  incidentFrom: '',
  incidentTo: '',
  decidedAt: '',
  identifiers: [newIdentifier()],
  evidence: [],
  account: '',
  policy: 0,
  origin: undefined,
  age: undefined,
  gravity: 'none',
  evades: '',
  ref: '',
};

const among = <T extends string>(list: readonly T[], value: unknown): T | undefined =>
  list.find((one) => one === value);

const textIn = (search: Readonly<Record<string, unknown>>, name: string): string => {
  const value = search[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const dayIn = (search: Readonly<Record<string, unknown>>, name: string): string => {
  const at = instantOf(textIn(search, name));
  return Number.isNaN(at.getTime()) ? '' : dayOf(at);
};

/**
 * A form as a link of the house tool fills it in: `#/trust/new?reason=fraud.scam&email=a@b.example&ref=…`. The link is
 * attacker-controlled: it chooses values of fields that a person reads and signs, and nothing else. What a person has
 * to state (attestations, origin, how control was proven) no link can.
 */
export function prefilled(search: Readonly<Record<string, unknown>>): RecordDraft | undefined {
  const identifiers = identifierKinds.flatMap((kind) => {
    const value = textIn(search, kind);
    return value === '' ? [] : [newIdentifier(kind, value)];
  });
  const reason = among(reasonCodes, search['reason']);
  if (identifiers.length === 0 && reason === undefined) return undefined;
  return {
    ...emptyForm,
    changedAt: now().toISOString(),
    reason,
    action: among(actions, search['action']),
    incidentFrom: dayIn(search, 'incidentFrom'),
    incidentTo: dayIn(search, 'incidentTo'),
    decidedAt: dayIn(search, 'decidedAt'),
    account: textIn(search, 'facts').slice(0, longestAccount),
    ref: textIn(search, 'ref'),
    identifiers: identifiers.length > 0 ? identifiers : emptyForm.identifiers,
  };
}

export const freshForm = (): RecordDraft => ({
  ...emptyForm,
  changedAt: now().toISOString(),
  decidedAt: dayOf(now()),
});

/** Fields that are missing, each where it is shown. */
export function gapsIn(
  form: RecordForm,
  files: readonly (File | undefined)[],
): Record<string, string> {
  const gaps: Record<string, string> = {};
  const need = (name: string, isThere: boolean, next: string): void => {
    if (!isThere) gaps[name] = next;
  };
  need('reason', form.reason !== undefined, 'Choose the reason.');
  need('action', form.action !== undefined, 'Choose what you did on your own service.');
  need('incidentFrom', form.incidentFrom !== '', 'Say when it began.');
  need('incidentTo', form.incidentTo !== '', 'Say when it ended.');
  need('decidedAt', form.decidedAt !== '', 'Say when a person of your team decided.');
  need('account', form.account.trim() !== '', 'Write what was done, when, and how you found it.');
  const faults = { account: faultOfAccount(form.account), ref: faultOfRef(form.ref) };
  for (const [name, fault] of Object.entries(faults)) need(name, !fault, fault ?? '');
  need('origin', form.origin !== undefined, 'Say where this came from.');
  need('age', form.age !== undefined, 'Say what you know of the age.');
  need('evidence', form.evidence.length > 0, 'Add at least one file.');
  form.identifiers.forEach(({ value, provenAt }, at) => {
    need(`identifiers.${at}.value`, value.trim() !== '', 'Fill this in, or remove it.');
    need(`identifiers.${at}.provenAt`, provenAt !== '', 'Say when control was proven.');
  });
  form.evidence.forEach(({ class: name }, at) => {
    need(`evidence.${at}.class`, name !== undefined, 'Say what this file is.');
    need(
      `evidence.${at}.file`,
      files[at] !== undefined,
      'Add the file again: a draft keeps no files.',
    );
  });
  return gaps;
}

/** The input of the SDK, with each member named, or undefined while something is missing. */
export function inputOf(
  form: RecordForm,
  files: readonly (File | undefined)[],
): Required<SanctionInput> | undefined {
  const { reason, action, origin, age } = form;
  if (!reason || !action || !origin || !age || Object.keys(gapsIn(form, files)).length > 0) {
    return undefined;
  }
  const ofKind = (kind: IdentifierKind) =>
    form.identifiers
      .filter((row) => row.kind === kind)
      .map(({ value, control, provenAt }) => ({
        value: value.trim(),
        control,
        provenAt: instantOf(provenAt),
      }));
  return {
    creator: Object.fromEntries(
      identifierKinds
        .map((kind) => [kind, ofKind(kind)] as const)
        .filter(([, of]) => of.length > 0),
    ),
    reason,
    action,
    incident: { from: instantOf(form.incidentFrom), to: instantOf(form.incidentTo) },
    decidedAt: instantOf(form.decidedAt),
    decidedBy: 'human',
    evidence: form.evidence.flatMap(({ class: name, count }, at) => {
      const source = files[at];
      return name && source
        ? [{ class: name, source, ...(count === '' ? {} : { count: Number(count) }) }]
        : [];
    }),
    account: form.account.trim(),
    policy: form.policy,
    origin,
    attest: [...form.attest],
    age,
    // The desk asks for no shorter life.
    expires: undefined,
    gravity: form.gravity === 'none' ? undefined : among(gravities, form.gravity),
    evades: isId('snc', form.evades) ? form.evades : undefined,
    ref: form.ref === '' ? undefined : form.ref,
  };
}
