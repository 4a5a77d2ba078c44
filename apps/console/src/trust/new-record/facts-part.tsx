import { actions, ages, attestations, gravities } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Choice, Radios, Ticks } from '../../parts/choice.tsx';
import { DateChoice } from '../../parts/date-choice.tsx';
import { Field } from '../../parts/field.tsx';
import { faultOfAccount, faultOfRef } from '../own-words.ts';
import { longestAccount, type RecordForm } from './record-form.ts';

interface FactsPartProps {
  readonly form: RecordForm;
  readonly change: (part: Partial<RecordForm>) => void;
  readonly policies: readonly string[];
}

const attestationTexts = {
  'no-authority': 'No public body asked for this record, and nobody acting for one.',
  'no-takeover': 'We looked whether somebody else had taken the account over.',
} as const;

/** Dates, action, account of facts, and what only a person can state. */
export function FactsPart({ form, change, policies }: FactsPartProps): ReactNode {
  return (
    <>
      <DateChoice
        name="incidentFrom"
        label="The incident began"
        value={form.incidentFrom}
        onChange={(incidentFrom) => change({ incidentFrom })}
      />
      <DateChoice
        name="incidentTo"
        label="The incident ended"
        value={form.incidentTo}
        onChange={(incidentTo) => change({ incidentTo })}
        about="At most 24 months ago. The life of the record runs from here."
      />
      <DateChoice
        name="decidedAt"
        label="A person of your team decided"
        value={form.decidedAt}
        onChange={(decidedAt) => change({ decidedAt })}
        about="At most 90 days ago. A decision of a machine is refused."
      />
      <Choice
        name="action"
        label="What you did on your own service"
        options={actions}
        value={form.action}
        onChange={(action) => change({ action })}
      />
      <Field
        name="account"
        label="Account of facts"
        rows={7}
        most={longestAccount}
        value={form.account}
        error={faultOfAccount(form.account)}
        onChange={(account) => change({ account })}
        about={`For the creator and the reviewer. Name no third person, address, link, number or handle. ${form.account.length} of ${longestAccount} characters.`}
      />
      <Choice
        name="policy"
        label="The policy that was broken"
        options={policies}
        value={policies[form.policy]}
        onChange={(policy) => change({ policy: policies.indexOf(policy) })}
        text={(policy) => policy}
      />
      <Stated form={form} change={change} />
    </>
  );
}

function Stated({ form, change }: Omit<FactsPartProps, 'policies'>): ReactNode {
  return (
    <>
      <Radios
        name="origin"
        label="Where this came from"
        options={['own-detection', 'user-report', 'authority-request']}
        value={form.origin}
        onChange={(origin) => change({ origin })}
        closed={(origin) =>
          origin === 'authority-request'
            ? 'Never a record here. Report the demand instead.'
            : undefined
        }
      />
      <Radios
        name="age"
        label="Age of the person"
        options={ages}
        value={form.age}
        onChange={(age) => change({ age })}
      />
      <Choice
        name="gravity"
        label="Gravity"
        options={['none', ...gravities]}
        value={form.gravity}
        onChange={(gravity) => change({ gravity })}
        about="Without one the record lives half of the longest life."
      />
      <Ticks
        name="attest"
        label="You attest"
        options={attestations}
        value={form.attest}
        onChange={(attest) => change({ attest })}
        text={(one) => attestationTexts[one]}
        about="Both are needed. Your signature says them."
      />
      {form.reason === 'network.ban-evasion' ? (
        <Field
          name="evades"
          label="Your live record that was evaded"
          value={form.evades}
          onChange={(evades) => change({ evades })}
        />
      ) : null}
      <Field
        name="ref"
        label="Your own case id"
        isOptional
        value={form.ref}
        error={faultOfRef(form.ref)}
        onChange={(ref) => change({ ref })}
        about="Up to 64 letters, digits and ._:/#- that say nothing about the person. Recalls and lists name the record by it."
      />
    </>
  );
}
