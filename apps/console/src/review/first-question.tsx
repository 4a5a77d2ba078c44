import { Facts, When } from '@recourse/design';
import type { ReviewId } from '@recourse/protocol';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { ruleOf, usePartyName, type ReviewCase } from './case-data.ts';
import type { CaseDraft } from './case-draft.ts';
import type { Draft } from '../identity/draft.ts';
import { RecuseForm } from './recuse-form.tsx';

interface FirstQuestionProps {
  readonly of: ReviewCase;
  readonly id: ReviewId;
  readonly draft: Draft<CaseDraft>;
}

/** Before anything is read: somebody who knows the people concerned does not judge. */
export function FirstQuestion({ of, id, draft }: FirstQuestionProps): ReactNode {
  const [knows, setKnows] = useState(false);
  const stated = of.signed;
  const platform = usePartyName(stated.iss);
  return (
    <>
      <h2>Do you know anybody concerned?</h2>
      <Facts
        facts={{
          Platform: platform,
          Reason: ruleOf(of).texts.en.title,
          Incident: <When at={stated.incident_to} />,
        }}
      />
      <p>
        The creator, somebody harmed, or somebody who worked on it at {platform}. If you find out
        while you read, give the case back then.
      </p>
      {knows ? (
        <RecuseForm of={of} id={id} onRecused={draft.drop} />
      ) : (
        <div className="row">
          <Button
            className="react-aria-Button main"
            autoFocus
            onPress={() => void draft.change({ knowsNobody: true })}
          >
            I know nobody concerned
          </Button>
          <Button onPress={() => setKnows(true)}>I know somebody</Button>
        </div>
      )}
    </>
  );
}
