import { Facts, When } from '@recourse/design';
import { defaultExpiry, longestExpiry, reasons } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { instantOf } from '../../parts/local-time.ts';
import { words } from '../../parts/words.ts';
import type { RecordForm } from './record-form.ts';

/** Always on the right: what the creator will read, and what other platforms will see. */
export function Preview({
  form,
  platform,
}: {
  readonly form: RecordForm;
  readonly platform: string;
}): ReactNode {
  return (
    <div className="aside stack">
      <section className="panel" aria-labelledby="creator-reads">
        <h2 id="creator-reads">What the creator will read</h2>
        <Creator form={form} platform={platform} />
      </section>
      <section className="panel" aria-labelledby="platforms-see">
        <h2 id="platforms-see">What other platforms will see</h2>
        <Platforms form={form} platform={platform} />
      </section>
    </div>
  );
}

const unsaid = <span className="soft">not said yet</span>;

const dayOr = (text: string): ReactNode => (text === '' ? unsaid : <When at={instantOf(text)} />);

function Creator({
  form,
  platform,
}: {
  readonly form: RecordForm;
  readonly platform: string;
}): ReactNode {
  const { reason, account } = form;
  if (!reason) return <p className="soft">Choose a reason first.</p>;
  const { title, meaning, appeal } = reasons[reason].texts.en;
  return (
    <>
      <p>
        <strong>
          {platform} says: {title}.
        </strong>
      </p>
      <p>{meaning}</p>
      <p className="quote">{account === '' ? unsaid : account}</p>
      <Facts
        facts={{
          'It happened': (
            <>
              {dayOr(form.incidentFrom)} to {dayOr(form.incidentTo)}
            </>
          ),
          'They decided': dayOr(form.decidedAt),
          'They did': form.action ? words(form.action) : unsaid,
          'It ends': expiryOf(form) ?? unsaid,
        }}
      />
      <p>You can appeal. It is free, and a reviewer of neither side decides. {appeal}</p>
    </>
  );
}

function Platforms({
  form,
  platform,
}: {
  readonly form: RecordForm;
  readonly platform: string;
}): ReactNode {
  const { reason, evidence, gravity, identifiers } = form;
  return (
    <>
      <p>
        Only a platform that asks about one of these identifiers, and only codes and dates: no word
        of yours.
      </p>
      <Facts
        facts={{
          Submitter: platform,
          Reason: reason ? <code>{reason}</code> : unsaid,
          Action: form.action ? words(form.action) : unsaid,
          Incident: (
            <>
              {dayOr(form.incidentFrom)} to {dayOr(form.incidentTo)}
            </>
          ),
          Evidence:
            evidence.length === 0
              ? unsaid
              : evidence.map((one) => words(one.class ?? 'unsaid')).join(', '),
          Gravity: gravity === 'none' ? undefined : words(gravity),
          Age: form.age ?? unsaid,
          'Control proven by': identifiers
            .map(({ kind, control }) => `${words(kind)}: ${words(control)}`)
            .join('; '),
          Ends: expiryOf(form) ?? unsaid,
        }}
      />
      <p className="soft">Never the identifiers, the account, the files or their names.</p>
    </>
  );
}

function expiryOf({ reason, incidentTo, age, gravity, identifiers }: RecordForm): ReactNode {
  if (!reason || incidentTo === '' || !age) return undefined;
  const life = {
    reason,
    age,
    incidentTo: instantOf(incidentTo),
    kinds: identifiers.map(({ kind }) => kind),
  };
  const end = gravity === 'none' ? defaultExpiry(life) : longestExpiry({ ...life, gravity });
  return end > life.incidentTo ? <When at={end} /> : 'no life under this reason';
}
