import { Note, Status } from '@recourse/design';
import { reviewIdOf, type OpOutput } from '@recourse/protocol';
import type { KeptEvidence } from '@recourse/sdk';
import { useState, type ReactNode } from 'react';
import { Button, DropZone, FileTrigger, Text, type FileDropItem } from 'react-aria-components';
import { usePerson } from '../identity/session.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Problem } from '../parts/problem.tsx';
import { sentence } from '../parts/words.ts';
import { useAct } from '../answers/use-act.ts';
import { useAsked } from '../registry/calls.ts';
import { journalOf, opens } from './journal.ts';
import { Sharing, useOpenings } from './sharing.tsx';

type ReviewView = OpOutput<'appeals.get'>;

interface DeliveringProps {
  readonly review: ReviewView;
  /** The record, in words */
  readonly whom: string;
}

/** The items of the statement, each with whether a file here is the one that was committed to. */
export function Delivering({ review, whom }: DeliveringProps): ReactNode {
  const person = usePerson();
  const journal = journalOf(person);
  const [dropped, setDropped] = useState<ReadonlyMap<string, Uint8Array>>(new Map());
  const [strangers, setStrangers] = useState<readonly string[]>([]);
  const { entry, openings, findFor } = useOpenings(review.sanction);
  const commitments = openings.map(({ commitment }) => commitment);
  const keptFiles = useAsked(['kept-evidence', ...commitments], async () => {
    const files = commitments.map(
      async (commitment) => [commitment, await journal.file(commitment)] as const,
    );
    return new Map(await Promise.all(files));
  });
  const bytesOf = (commitment: string): Uint8Array | undefined =>
    dropped.get(commitment) ?? keptFiles.data?.get(commitment);
  const add = async (files: readonly File[]): Promise<void> => {
    const found = new Map(dropped);
    const none: string[] = [];
    const read = await Promise.all(
      files.map(async (file) => new Uint8Array(await file.arrayBuffer())),
    );
    const known = await findFor(read);
    for (const [at, bytes] of read.entries()) {
      const opening = known.find((one) => opens(bytes, one));
      if (opening) found.set(opening.commitment, bytes);
      else none.push(files[at]!.name);
    }
    setDropped(found);
    setStrangers(none);
  };
  const act = useAct('evidence delivered', async (recourse, evidence: readonly KeptEvidence[]) => {
    const appeal = reviewIdOf(review);
    const { items, missing } = await recourse.evidence.deliver({ appeal, evidence });
    return { whom, received: items.length, missing: missing.length };
  });
  const ready = openings.flatMap((opening) => {
    const source = bytesOf(opening.commitment);
    // A home reversal is shown by its complaint, and anything else by the evidence of the statement.
    const owed = review.evidence.find((one) => one.commitment === opening.commitment);
    return source && owed && !owed.delivered ? [{ opening, source }] : [];
  });
  const isWaiting = review.state === 'open' && review.evidence.some(({ delivered }) => !delivered);
  return (
    <section>
      <h2>Evidence</h2>
      <Items review={review} has={(commitment) => bytesOf(commitment) !== undefined} />
      {strangers.length === 0 ? null : (
        <Note tone="bad" title="Not what was committed to" announce>
          <p>
            <bdi>{strangers.join(', ')}</bdi>: one changed byte makes it another file. Look for the
            file as it was when the record was made.
          </p>
        </Note>
      )}
      {isWaiting ? (
        <div className="stack">
          <Loaded query={entry}>{(known) => <Sharing known={known} />}</Loaded>
          {openings.length === 0 ? null : <Missing onFiles={(files) => void add(files)} />}
          {review.claims.length === 0 ? (
            <p className="soft">
              No reviewer has a key on the case yet: there is nobody to seal to.
            </p>
          ) : null}
          <Problem error={act.error} />
          <div>
            <Button
              className="react-aria-Button main"
              isDisabled={ready.length === 0 || review.claims.length === 0}
              isPending={act.isPending}
              onPress={() => act.mutate(ready)}
            >
              {act.isPending
                ? 'Sealing'
                : `Seal and deliver ${ready.length} of ${review.evidence.length}`}
            </Button>
          </div>
        </div>
      ) : null}
    </section>
  );
}

interface MissingProps {
  readonly onFiles: (files: readonly File[]) => void;
}

const Missing = ({ onFiles }: MissingProps): ReactNode => (
  <DropZone
    aria-label="Files to deliver"
    onDrop={({ items }) => {
      const files = items.filter((item): item is FileDropItem => item.kind === 'file');
      void Promise.all(files.map((item) => item.getFile())).then(onFiles);
    }}
  >
    <Text slot="label">Drop a file that is missing. It is compared with the commitment here.</Text>
    <FileTrigger allowsMultiple onSelect={(list) => onFiles([...(list ?? [])])}>
      <Button>Choose files</Button>
    </FileTrigger>
  </DropZone>
);

interface ItemsProps {
  readonly review: ReviewView;
  readonly has: (commitment: string) => boolean;
}

const Items = ({ review, has }: ItemsProps): ReactNode => (
  <table>
    <thead>
      <tr>
        <th scope="col">Item</th>
        <th scope="col">File here</th>
        <th scope="col">Delivery</th>
      </tr>
    </thead>
    <tbody>
      {review.evidence.map(({ item, class: name, commitment, delivered, rejected, disputed }) => (
        <tr key={item}>
          <td>
            {item + 1}. {sentence(name)}
          </td>
          <td>
            {has(commitment) ? (
              <Status tone="good">✓ Fits</Status>
            ) : (
              <Status tone="quiet">Not here</Status>
            )}
          </td>
          <td>
            {rejected === undefined ? (delivered ? 'Delivered' : 'Owed') : `Rejected: ${rejected}`}
            {disputed ? ', disputed' : ''}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);
