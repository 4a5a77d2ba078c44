import { Facts, Note, When } from '@recourse/design';
import type { OpOutput } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Loaded } from '../parts/loaded.tsx';
import { useRead } from '../registry/calls.ts';
import { ActForm } from './act-form.tsx';
import type { Act } from './acts.ts';

type Next = OpOutput<'oprf.next'>;

/** Announces the next key of tokens: number and key come from the server, and an operator says when it opens. */
export function Rotation({ act }: { readonly act: Act }): ReactNode {
  const query = useRead('oprf.next', {}, { everyMs: 60_000 });
  return <Loaded query={query}>{(next) => <Next act={act} next={next} />}</Loaded>;
}

function Next({ act, next }: { readonly act: Act; readonly next: Next }): ReactNode {
  const { epoch, publicKey, opensFrom, opensUntil } = next;
  if (publicKey === undefined) {
    return (
      <Without act={act} title={`This server has no secret of epoch ${epoch} yet.`}>
        Whoever runs the servers makes it by <code>oprf-key {epoch} --init</code>, and copies it to
        each of them. The form is here a minute later.
      </Without>
    );
  }
  if (Date.parse(opensFrom) > Date.parse(opensUntil)) {
    return (
      <Without act={act} title={`Epoch ${epoch} cannot be announced yet.`}>
        It may open from <When at={opensFrom} /> on: each epoch lasts 90 days or more. It is
        announced 90 days before at the earliest.
      </Without>
    );
  }
  const fields = act.fields.filter(({ name }) => name === 'opensAt');
  return (
    <ActForm act={{ ...act, fields }} known={{ epoch, publicKey }}>
      <Facts facts={{ Epoch: String(epoch), 'Public key': <code>{publicKey}</code> }} />
      <p>
        This server has its secret. Each other server needs it, too, before it opens. It may open
        from <When at={opensFrom} deadline /> to <When at={opensUntil} deadline />.
      </p>
    </ActForm>
  );
}

interface WithoutProps {
  readonly act: Act;
  readonly title: string;
  readonly children: ReactNode;
}

/** Why there is no form now. */
const Without = ({ act, title, children }: WithoutProps): ReactNode => (
  <section className="panel stack">
    <h2>{act.title}</h2>
    <p className="soft">{act.about}</p>
    <Note tone="wait" title={title}>
      <p>{children}</p>
    </Note>
  </section>
);
