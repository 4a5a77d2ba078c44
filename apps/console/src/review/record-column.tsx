import { Facts, When } from '@recourse/design';
import type { ReactNode } from 'react';
import { causeTexts, inspectionTexts } from './words.ts';
import { words } from '../parts/words.ts';
import { isInspection, ruleOf, usePartyName, type ReviewCase } from './case-data.ts';

/** The record, and its rule with what it excludes. */
export function RecordColumn({ of }: { readonly of: ReviewCase }): ReactNode {
  const stated = of.signed;
  const platform = usePartyName(stated.iss);
  const rule = ruleOf(of);
  return (
    <section aria-labelledby="record-title">
      <h2 id="record-title">The record</h2>
      {isInspection(of) ? <p>{inspectionTexts[of.why]}</p> : null}
      {isInspection(of) && of.unexamined ? (
        <p>
          {of.why === 'relay' ? '' : 'Nobody examined it in time. '}
          Until you decide, checks hear verify-identity alone.
        </p>
      ) : null}
      {isInspection(of) && of.after ? (
        <p>That record was reversed: {causeTexts[of.after.cause]}.</p>
      ) : null}
      <Facts
        facts={{
          Platform: platform,
          Reason: rule.texts.en.title,
          Action: words(stated.action),
          Incident: (
            <>
              <When at={stated.incident_from} /> to <When at={stated.incident_to} />
            </>
          ),
          Decided: (
            <>
              <When at={stated.decided_at} />, by {stated.decided_by}
            </>
          ),
          Until: <When at={stated.exp} />,
          Age: stated.age,
          Gravity: stated.gravity,
          Identifiers: <Identifiers of={of} />,
          Record: <code>{of.sanction}</code>,
        }}
      />
      <h3>The rule</h3>
      <p>{rule.act}</p>
      <p>
        <strong>Excluded: </strong>
        {rule.isNot}
      </p>
      {rule.speechAdjacent ? (
        <p>It stands close to speech: reporting, comment and pseudonymity weigh more.</p>
      ) : null}
      <h3>What {platform} says happened</h3>
      <div className="quote" dir="auto">
        {of.account}
      </div>
    </section>
  );
}

/** Lists identifiers by kind and by how control was proven: a reviewer never reads an identifier. */
const Identifiers = ({ of }: { readonly of: ReviewCase }): ReactNode => (
  <ul>
    {of.subjects.map(({ index, kind, control, detachedAt }) => (
      <li key={index}>
        Identifier {index + 1}: {words(kind)}, proven by {words(control)}
        {detachedAt === undefined ? null : (
          <>
            , taken out on <When at={detachedAt} />
          </>
        )}
      </li>
    ))}
  </ul>
);
