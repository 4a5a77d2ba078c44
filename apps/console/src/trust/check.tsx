import { Note, When } from '@recourse/design';
import { identifierKinds, purposes, type IdentifierKind, type Purpose } from '@recourse/protocol';
import type { CheckOptions, Creator, VerifiedMatch } from '@recourse/sdk';
import { useState, type ReactNode } from 'react';
import { Button, Group } from 'react-aria-components';
import { usePerson } from '../identity/session.ts';
import { Choice } from '../parts/choice.tsx';
import { DateChoice } from '../parts/date-choice.tsx';
import { Field } from '../parts/field.tsx';
import { instantOf, minuteOf } from '../parts/local-time.ts';
import { Page } from '../parts/page.tsx';
import { faultsAt, FormFaults, FormProblem } from '../parts/form-faults.tsx';
import { words } from '../parts/words.ts';
import { useRequest } from '../registry/calls.ts';
import { now } from '../identity/clock.ts';
import { withTokens } from '../registry/tokens.ts';
import { creatorOf } from './creator.ts';
import { MatchCard } from './match-card.tsx';
import { matchName } from './name-of.ts';
import { Outcome } from './outcome.tsx';
import { faultOfRef } from './own-words.ts';

interface Asked {
  readonly kind: IdentifierKind;
  readonly value: string;
}

interface Question {
  readonly creator: Creator<string>;
  readonly options: CheckOptions;
}

/** Asks about one person by hand, and reviews what is found. */
export function Check(): ReactNode {
  const person = usePerson();
  const [rows, setRows] = useState<readonly Asked[]>([{ kind: 'email', value: '' }]);
  const [purpose, setPurpose] = useState<Purpose>('signup');
  const [provenAt, setProvenAt] = useState(() => minuteOf(now()));
  const [ref, setRef] = useState('');
  const check = useRequest((_recourse, { creator, options }: Question) =>
    withTokens(person, 'check', creator, options),
  );
  const ask = (): void =>
    check.mutate({
      creator: creatorOf(rows),
      options: { ...asked(purpose, provenAt), ...(ref === '' ? {} : { ref }) },
    });
  return (
    <Page
      title="Check a person"
      about="The registry sees a blinded form of what you ask about, and of people without a record nothing that it keeps."
    >
      <div className="columns">
        <FormFaults
          error={check.error}
          read={(error) => faultsAt(error, (path) => placeOf(path, rows))}
        >
          <div className="stack">
            <Choice
              name="purpose"
              label="Purpose"
              options={purposes}
              value={purpose}
              onChange={setPurpose}
            />
            <Identifiers rows={rows} onChange={setRows} />
            <DateChoice
              name="provenAt"
              label="The person proved control"
              withTime
              value={provenAt}
              onChange={setProvenAt}
              about="At signup within the last 24 hours."
            />
            <Field
              name="ref"
              label="Your own case id"
              isOptional
              value={ref}
              error={faultOfRef(ref)}
              onChange={setRef}
              about="Up to 64 letters, digits and ._:/#- that say nothing about the person. A recall names the person by it."
            />
            <FormProblem />
            <div>
              <Button
                className="react-aria-Button main"
                isDisabled={rows.every(({ value }) => value.trim() === '')}
                isPending={check.isPending}
                onPress={ask}
              >
                {check.isPending ? 'Asking' : 'Check'}
              </Button>
            </div>
          </div>
        </FormFaults>
        <div className="aside stack" aria-live="polite">
          {check.data ? <Answer answer={check.data} /> : null}
        </div>
      </div>
    </Page>
  );
}

/** `email.1` is the second address among the rows that say something. */
function placeOf(path: string, rows: readonly Asked[]): string {
  const [kind, nth] = path.split('.');
  const places = rows.flatMap((row, at) =>
    row.kind === kind && row.value.trim() !== '' ? [at] : [],
  );
  const at = places[Number(nth) || 0];
  return at === undefined ? path : `identifier-${at}`;
}

interface IdentifiersProps {
  readonly rows: readonly Asked[];
  readonly onChange: (rows: readonly Asked[]) => void;
}

const Identifiers = ({ rows, onChange }: IdentifiersProps): ReactNode => (
  <>
    {rows.map((row, at) => (
      // oxlint-disable-next-line react/no-array-index-key -- a row has no other name while it is typed
      <Group key={at} aria-label={`Identifier ${at + 1}`} className="row">
        <Choice
          label="Kind"
          options={identifierKinds}
          value={row.kind}
          onChange={(kind) => onChange(rows.with(at, { ...row, kind }))}
        />
        <Field
          name={`identifier-${at}`}
          label="Identifier"
          value={row.value}
          onChange={(value) => onChange(rows.with(at, { ...row, value }))}
        />
      </Group>
    ))}
    <div>
      <Button onPress={() => onChange([...rows, { kind: 'phone', value: '' }])}>
        Add an identifier
      </Button>
    </div>
  </>
);

interface AnswerProps {
  readonly answer: {
    readonly advice: string;
    readonly matches: readonly VerifiedMatch[];
    readonly validUntil: Date;
  };
}

/** A check at signup needs the time of proof: without one the registry refuses it at its field. */
function asked(purpose: Purpose, provenAt: string): CheckOptions {
  if (purpose === 'signup') return { purpose, provenAt: instantOf(provenAt) };
  return provenAt === '' ? { purpose } : { purpose, provenAt: instantOf(provenAt) };
}

function Answer({ answer: { advice, matches, validUntil } }: AnswerProps): ReactNode {
  const [askedAt] = useState(now);
  if (matches.length === 0) {
    return (
      <Note tone="good" title="No record">
        <p>
          Nobody holds an open record that this purpose may ask about. Ask again after{' '}
          <When at={validUntil} deadline />.
        </p>
      </Note>
    );
  }
  return (
    <>
      <Note tone="wait" title={`${matches.length} found: ${words(advice)}`}>
        <p>
          No advice refuses. Review it yourself, never on this alone, and report the outcome within
          30 days.
        </p>
      </Note>
      {matches.map((match) => (
        <section key={match.match} className="panel stack">
          <MatchCard match={match} />
          <Outcome
            match={match.match}
            whom={matchName(match)}
            toldAt={askedAt}
            advice={match.advice}
          />
        </section>
      ))}
    </>
  );
}
