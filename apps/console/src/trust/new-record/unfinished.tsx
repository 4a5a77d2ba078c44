import { When } from '@recourse/design';
import { reasons } from '@recourse/protocol';
import { useState, type ReactNode } from 'react';
import { Button, Link } from 'react-aria-components';
import { useDrafts, type KeptDraft } from '../../identity/draft.ts';
import { recordDrafts, type RecordDraft } from './record-form.ts';

/** Records that somebody began in this browser and never sent, newest first: to go on with, or to delete. */
export function Unfinished({ except = '' }: { readonly except?: string }): ReactNode {
  const { drafts, remove } = useDrafts<RecordDraft>(recordDrafts);
  const others = drafts
    .filter(({ name }) => name !== except)
    .toSorted((a, b) => b.value.changedAt.localeCompare(a.value.changedAt));
  if (others.length === 0) return null;
  return (
    <section aria-labelledby="unfinished" className="panel">
      <h2 id="unfinished">Unfinished records</h2>
      <p className="soft">Nobody else sees them. They lie in this browser, sealed.</p>
      <ul>
        {others.map((draft) => (
          <Row key={draft.name} draft={draft} onDelete={() => void remove(draft.name)} />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  readonly draft: KeptDraft<RecordDraft>;
  readonly onDelete: () => void;
}

function Row({ draft: { name, value }, onDelete }: RowProps): ReactNode {
  const [isSure, setSure] = useState(false);
  const { reason, account, changedAt } = value;
  const title = titleOf(value);
  return (
    <li>
      <Link href={`/trust/new/${name.slice(recordDrafts.length)}`}>
        <bdi>{title}</bdi>
      </Link>
      {reason ? `, ${reasons[reason].texts.en.title}` : ''}, typed <When at={changedAt} deadline />{' '}
      <bdi className="soft">{startOf(account)}</bdi>
      <div className="row">
        {isSure ? (
          <>
            <span>What was typed is lost.</span>
            <Button className="react-aria-Button danger" onPress={onDelete}>
              Yes, delete it
            </Button>
            <Button autoFocus onPress={() => setSure(false)}>
              Keep it
            </Button>
          </>
        ) : (
          <Button aria-label={`Delete ${title}`} onPress={() => setSure(true)}>
            Delete
          </Button>
        )}
      </div>
    </li>
  );
}

/** Names the creator it is about, as far as somebody said so. */
function titleOf({ identifiers, ref }: RecordDraft): string {
  const [named] = identifiers.filter(({ value }) => value.trim() !== '');
  return named?.value ?? (ref === '' ? 'Nobody named yet' : ref);
}

const shownLetters = 60;
const startOf = (account: string): string =>
  account.length > shownLetters ? `${account.slice(0, shownLetters)}…` : account;
