import { Facts, Note, When } from '@recourse/design';
import {
  isId,
  panelRules,
  type CountedCase,
  type Id,
  type OpOutput,
  type PanelOutcome,
} from '@recourse/protocol';
import { useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { Button, Link } from 'react-aria-components';
import { Radios, Ticks } from '../parts/choice.tsx';
import { Field } from '../parts/field.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { words } from '../parts/words.ts';
import { useAct } from '../answers/use-act.ts';
import { useRead } from '../registry/calls.ts';
import { usePartyName } from './case-data.ts';
import { useDraft, type Draft } from '../identity/draft.ts';
import { FormFaults, FormProblem } from '../parts/form-faults.tsx';
import { SignDialog } from './sign-dialog.tsx';
import { panelKindTexts, panelOutcomeTexts } from './words.ts';

type Item = OpOutput<'review.items'>['items'][number];

/** One item that the panel votes on, blind to the other votes. */
export function VotePage(): ReactNode {
  const { id } = useParams({ strict: false });
  const query = useRead('review.items', {});
  return (
    <Page title="Vote">
      <Loaded query={query}>
        {({ items }) => {
          const item = items.find((item) => item.item === id);
          if (item && isId('itm', item.item)) return <ItemView key={item.item} of={item} />;
          return <Note title="This is not, or no longer, put to your vote." />;
        }}
      </Loaded>
    </Page>
  );
}

interface VoteDraft {
  readonly outcome: PanelOutcome | '';
  /** Of an earlier draft none */
  readonly strikes?: readonly CountedCase[];
  readonly reasons: string;
}

function ItemView({ of }: { readonly of: Item }): ReactNode {
  const platform = usePartyName(of.party);
  const draft = useDraft<VoteDraft>(`vote/${of.item}`, { outcome: '', reasons: '' });
  return (
    <>
      <h2>{panelKindTexts[of.kind]}</h2>
      <Facts
        facts={{
          Platform: platform,
          'Vote by': <When at={of.dueAt} deadline />,
          'Decided appeals of 365 days': of.figures?.decided,
          'Reversed of them': of.figures?.reversed,
          'Reversed in 90 days': of.figures?.reversedIn90Days,
          Record: of.record && <code>{of.record.sanction}</code>,
          'Identifier in question': of.challenge && `number ${of.challenge.place + 1}`,
          'Somebody else’s since': of.challenge && <When at={of.challenge.changedAt} />,
        }}
      />
      {of.record === undefined ? null : (
        <ul>
          {of.record.subjects.map(({ place, kind, control, provenAt }) => (
            <li key={place}>
              Identifier {place + 1}: {words(kind)}, proven by {words(control)},{' '}
              <When at={provenAt} />
            </li>
          ))}
        </ul>
      )}
      {of.objections?.map((objection) => (
        <p key={JSON.stringify(objection)}>
          Objection:{' '}
          {Object.values(objection)
            .filter((part) => typeof part === 'string')
            .join(', ')}
        </p>
      ))}
      {of.voted ? <Note tone="good" title="Your vote is in. The others are not shown." /> : null}
      {draft && !of.voted ? <VoteForm of={of} draft={draft} platform={platform} /> : null}
    </>
  );
}

interface VoteFormProps {
  readonly of: Item;
  readonly draft: Draft<VoteDraft>;
  readonly platform: string;
}

function VoteForm({ of, draft: { value, change, drop }, platform }: VoteFormProps): ReactNode {
  const { harsher, milder, votes } = panelRules[of.kind];
  const [isSigning, setSigning] = useState(false);
  const { outcome, strikes = [] } = value;
  const vote = useAct(
    'vote cast',
    async (recourse, by: { item: Id<'itm'>; outcome: PanelOutcome }) => {
      const named = by.outcome === 'strike' ? { strikes } : {};
      const { state } = await recourse.review.vote({ ...by, ...named, reasons: value.reasons });
      await drop();
      const whom = `“${panelOutcomeTexts[by.outcome]}” for ${platform}`;
      return { whom, isLast: state === 'closed' };
    },
  );
  const sign = (): void => {
    setSigning(false);
    if (outcome !== '') vote.mutate({ item: of.item, outcome });
  };
  return (
    <FormFaults error={vote.error}>
      <div className="stack">
        <Radios
          name="vote"
          label="Your vote"
          options={[harsher, milder]}
          value={outcome === '' ? undefined : outcome}
          onChange={(chosen) => void change({ outcome: chosen })}
          text={(one) => panelOutcomeTexts[one]}
        />
        {outcome === 'strike' ? (
          <Cases of={of} value={strikes} onChange={(chosen) => void change({ strikes: chosen })} />
        ) : null}
        <Field
          name="reasons"
          label="Reasons"
          about="For the platform. Nobody reads them before every vote is in."
          rows={6}
          most={20_000}
          value={value.reasons}
          onChange={(reasons) => void change({ reasons })}
        />
        <FormProblem />
        <div className="row">
          <Button
            className="react-aria-Button main"
            isDisabled={!isWhole(value)}
            isPending={vote.isPending}
            onPress={() => setSigning(true)}
          >
            Check what happens
          </Button>
          <Link href="/review/queue">Back to the queue</Link>
        </div>
        <SignDialog
          isOpen={isSigning}
          sentences={[
            `You vote on ${platform}: ${outcome === '' ? '' : panelOutcomeTexts[outcome].toLowerCase()}.`,
            `${votes} reviewers vote, blind to each other. Without a majority nothing changes.`,
          ]}
          onSign={sign}
          onClose={() => setSigning(false)}
        />
      </div>
    </FormFaults>
  );
}

const isWhole = ({ outcome, strikes = [], reasons }: VoteDraft): boolean =>
  outcome !== '' && (outcome !== 'strike' || strikes.length > 0) && reasons.trim() !== '';

interface CasesProps {
  readonly of: Item;
  readonly value: readonly CountedCase[];
  readonly onChange: (value: CountedCase[]) => void;
}

/** The cases that count, any of which may be struck. */
function Cases({ of: { cases = [] }, value, onChange }: CasesProps): ReactNode {
  const said = new Map(
    cases.map(({ case: id, closedAt, reversed }) => [
      id,
      `${id}, ${closedAt.slice(0, 10)}, ${reversed ? 'reversed' : 'not reversed'}`,
    ]),
  );
  return (
    <Ticks
      name="strikes"
      label="Cases to strike"
      about="Those that look made, wrong, or done by a stolen key. Two of three reviewers strike a case."
      options={[...said.keys()]}
      value={value}
      onChange={onChange}
      text={(one) => said.get(one) ?? one}
    />
  );
}
