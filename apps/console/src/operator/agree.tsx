import { Facts, Note } from '@recourse/design';
import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { sentence } from '../parts/words.ts';
import { isOperatorOp, titleOf, type OperatorOp } from './acts.ts';
import { useOperatorAct } from './act-form.tsx';
import { Answered, linkedInput } from './proposal.tsx';

/** The second operator reads what the first proposed, and signs the same. The link is anybody's text. */
export function Agree(): ReactNode {
  const { op, input } = useSearch({ strict: false });
  const wanted: unknown = linkedInput(String(input ?? ''));
  const name = String(op ?? '');
  if (!isOperatorOp(name) || typeof wanted !== 'object' || wanted === null) {
    return (
      <Page title="Agree to an act">
        <Note tone="bad" title="This link is not whole.">
          <p>Ask the operator who proposed the act to send it again.</p>
        </Note>
      </Page>
    );
  }
  return <Agreement op={name} input={wanted} />;
}

function Agreement({ op, input }: { readonly op: OperatorOp; readonly input: object }): ReactNode {
  const sending = useOperatorAct(op);
  return (
    <Page
      title={titleOf(op)}
      about="Compare every line with what you know from elsewhere. Your signature carries it out."
    >
      <Facts facts={linesOf(input)} />
      <Problem error={sending.error} />
      {sending.data ? (
        <Answered op={op} input={input} answer={sending.data} />
      ) : (
        <div>
          <Button
            className="react-aria-Button main"
            isPending={sending.isPending}
            onPress={() => sending.mutate(input)}
          >
            Sign as the second operator
          </Button>
        </div>
      )}
    </Page>
  );
}

/** Every member in a line of its own, so that nothing is signed unread. */
function linesOf(input: object, prefix = ''): Record<string, ReactNode> {
  return Object.fromEntries(
    Object.entries(input).flatMap(([name, value]: [string, unknown]) => {
      const label = prefix === '' ? sentence(name) : `${prefix}, ${name}`;
      const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
      return isGroup
        ? Object.entries(linesOf(value, label))
        : [[label, <bdi key={label}>{lineOf(value)}</bdi>]];
    }),
  );
}

const lineOf = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(lineOf).join(', ')
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
