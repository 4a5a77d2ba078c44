import { Facts, Note, When } from '@recourse/design';
import { fromNumericDate, reasons, toTimestamp, type SeatTerms } from '@recourse/protocol';
import { useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Copied } from '../parts/copied.tsx';
import { languageName } from '../parts/language-name.ts';
import { dayOf } from '../parts/local-time.ts';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { seatIn } from '../parts/seat-link.ts';
import { useRequest } from '../registry/calls.ts';
import { useDirectory } from '../registry/directory.ts';

/** `#/review/seat?terms=…`: a sitting reviewer reads the terms of a new seat, and signs for it. */
export function SeatPage(): ReactNode {
  const search: { readonly terms?: unknown } = useSearch({ strict: false });
  const terms = seatIn(search.terms);
  return (
    <Page
      title="Sign for a new reviewer"
      about="Operators alone seat nobody. From the fourth seat on, two sitting reviewers sign for each."
    >
      {terms ? (
        <Seat terms={terms} />
      ) : (
        <Note tone="bad" title="This address has no terms of a seat.">
          <p>Ask the operator for the whole link. It ends with a long text.</p>
        </Note>
      )}
    </Page>
  );
}

function Seat({ terms }: { readonly terms: SeatTerms }): ReactNode {
  const [signature, setSignature] = useState<string>();
  const sign = useRequest(
    ({ review }) => review.countersign({ ...terms, termUntil: fromNumericDate(terms.termUntil) }),
    setSignature,
  );
  return (
    <div className="stack">
      <section className="panel stack">
        <h2>Terms of the seat</h2>
        <p className="soft">They are published with it, and no call changes them.</p>
        <Terms terms={terms} />
      </section>
      <Problem error={sign.error} />
      {signature === undefined ? (
        <div>
          <Button
            className="react-aria-Button main"
            isPending={sign.isPending}
            onPress={() => sign.mutate(undefined)}
          >
            Sign for this reviewer
          </Button>
        </div>
      ) : (
        <Note tone="good" title="Give this to the operator who asked you." announce>
          <p>It counts for this seat and these terms alone.</p>
          <Copied what="signature" text={signature} />
        </Note>
      )}
    </div>
  );
}

function Terms({ terms }: { readonly terms: SeatTerms }): ReactNode {
  const { data: parties = [] } = useDirectory();
  const nameOf = (id: string): string => parties.find((party) => party.id === id)?.name ?? id;
  const { languages, affiliations, optOut, termUntil } = terms;
  return (
    <Facts
      facts={{
        Until: <When at={toTimestamp(fromNumericDate(termUntil))} />,
        Reads: languages.map(languageName).join(', '),
        'No case of': listed(
          affiliations.map(({ party, until }) =>
            until === undefined
              ? nameOf(party)
              : `${nameOf(party)} until ${dayOf(fromNumericDate(until))}`,
          ),
        ),
        'No case about': listed(optOut.map((code) => reasons[code].texts.en.title)),
        Invite: <code>{terms.invite}</code>,
      }}
    />
  );
}

const listed = (names: readonly string[]): ReactNode =>
  names.length === 0 ? 'Nothing is left out' : <bdi>{names.join(', ')}</bdi>;
