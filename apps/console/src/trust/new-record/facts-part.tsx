import { actions, ages, attestations, gravities } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Choice, Radios, Ticks } from '../../parts/choice.tsx';
import { DateChoice } from '../../parts/date-choice.tsx';
import { Field } from '../../parts/field.tsx';
import { longestAccount, type RecordForm } from './record-form.ts';

interface FactsPartProps {
  readonly form: RecordForm;
  readonly change: (part: Partial<RecordForm>) => void;
  readonly faults: Readonly<Record<string, string>>;
  readonly policies: readonly string[];
}

const attestationTexts = {
  'no-authority': 'No public body asked for this record, and nobody acting for one.',
  'no-takeover': 'We looked whether somebody else had taken the account over.',
} as const;

/** Dates, action, account of facts, and what only a person can state. */
export function FactsPart({ form, change, faults, policies }: FactsPartProps): ReactNode {
  return (
    <>
      <DateChoice
        label="The incident began"
        value={form.incidentFrom}
        onChange={(incidentFrom) => change({ incidentFrom })}
        error={faults['incidentFrom']}
      />
      <DateChoice
        label="The incident ended"
        value={form.incidentTo}
        onChange={(incidentTo) => change({ incidentTo })}
        about="At most 24 months ago. The life of the record runs from here."
        error={faults['incidentTo']}
      />
      <DateChoice
        label="A person of your team decided"
        value={form.decidedAt}
        onChange={(decidedAt) => change({ decidedAt })}
        about="At most 90 days ago. A decision of a machine is refused."
        error={faults['decidedAt']}
      />
      <Choice
        label="What you did on your own service"
        options={actions}
        value={form.action}
        onChange={(action) => change({ action })}
        error={faults['action']}
      />
      <Field
        name="account"
        label="Account of facts"
        rows={7}
        most={longestAccount}
        value={form.account}
        onChange={(account) => change({ account })}
        about={`For the creator and the reviewer. Name no third person and no identifier. ${form.account.length} of ${longestAccount} characters.`}
        error={faults['account']}
      />
      <Choice
        label="The policy that was broken"
        options={policies}
        value={policies[form.policy]}
        onChange={(policy) => change({ policy: policies.indexOf(policy) })}
        text={(policy) => policy}
        error={faults['policy']}
      />
      <Stated form={form} change={change} faults={faults} />
    </>
  );
}

function Stated({ form, change, faults }: Omit<FactsPartProps, 'policies'>): ReactNode {
  return (
    <>
      <Radios
        label="Where this came from"
        options={['own-detection', 'user-report', 'authority-request']}
        value={form.origin}
        onChange={(origin) => change({ origin })}
        closed={(origin) =>
          origin === 'authority-request'
            ? 'Never a record here. Report the demand instead.'
            : undefined
        }
        error={faults['origin']}
      />
      <Radios
        label="Age of the person"
        options={ages}
        value={form.age}
        onChange={(age) => change({ age })}
        error={faults['age']}
      />
      <Choice
        label="Gravity"
        options={['none', ...gravities]}
        value={form.gravity}
        onChange={(gravity) => change({ gravity })}
        about="Without one the record lives half of the longest life."
        error={faults['gravity']}
      />
      <Ticks
        label="You attest"
        options={attestations}
        value={form.attest}
        onChange={(attest) => change({ attest })}
        text={(one) => attestationTexts[one]}
        about="Both are needed. Your signature says them."
        error={faults['attest']}
      />
      {form.reason === 'network.ban-evasion' ? (
        <Field
          name="evades"
          label="Your live record that was evaded"
          value={form.evades}
          onChange={(evades) => change({ evades })}
          error={faults['evades']}
        />
      ) : null}
      <Field
        name="ref"
        label="Your own case id"
        isOptional
        value={form.ref}
        onChange={(ref) => change({ ref })}
        about="16 to 64 characters: letters, digits, - and _. Recalls and lists name the record by it."
        error={faults['ref']}
      />
    </>
  );
}
