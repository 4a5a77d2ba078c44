import { Note } from '@recourse/design';
import type { Id } from '@recourse/protocol';
import type { EvidenceOpening } from '@recourse/sdk';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { usePerson } from '../identity/session.ts';
import { explain } from '../parts/refusals.ts';
import { useRequest, useAsked } from '../registry/calls.ts';
import { entryIn, loadEntry, opens, type KnownEntry } from './journal.ts';

/** Loads what an appeal and a notice need of one record. */
export function useEntry(sanction: Id<'snc'>): UseQueryResult<KnownEntry> {
  const person = usePerson();
  return useAsked(['journal-entry', sanction], (recourse) =>
    loadEntry({ person, recourse }, sanction),
  );
}

/** Loads what opens the evidence of one record. The newest version of a shared journal may be a colleague's error. */
export function useOpenings(sanction: Id<'snc'>) {
  const entry = useEntry(sanction);
  const [fitting, setFitting] = useState<readonly EvidenceOpening[]>();
  const openings = fitting ?? (entry.data && entryIn(entry.data)?.evidence) ?? [];
  const older = useRequest((recourse, files: readonly Uint8Array[]) =>
    recourse.journals.open(sanction, {
      fits: ({ evidence }) => evidence.some((one) => files.some((file) => opens(file, one))),
    }),
  );
  /** Finds what these files fit. */
  const findFor = async (files: readonly Uint8Array[]): Promise<readonly EvidenceOpening[]> => {
    const isKnown = files.every((file) => openings.some((one) => opens(file, one)));
    if (isKnown || entry.data?.from !== 'colleague') return openings;
    const found = await older.mutateAsync(files);
    if (found.state !== 'open') return openings;
    setFitting(found.evidence);
    return found.evidence;
  };
  return { entry, openings, findFor };
}

/** Whether colleagues could do this, too; or why it cannot be done here. */
export function Sharing({ known }: { readonly known: KnownEntry }): ReactNode {
  if (known.from === 'colleague') {
    return (
      <p className="soft">
        A colleague recorded this, and shared what opens its evidence. The files are with your
        platform: choose them here.
      </p>
    );
  }
  if (known.from === 'nowhere') {
    return known.why === 'none' ? (
      <p>
        This browser did not make the record, and its author shared nothing. The browser that made
        it delivers.
      </p>
    ) : (
      <p>
        This record was shared before your key was there. Ask a colleague who can open it to press
        “opens the records to colleagues” under “Keys and people”: then you can, too.
      </p>
    );
  }
  if (known.unshared === undefined) {
    return <p className="soft">Your colleagues can do this while you are away.</p>;
  }
  if (known.unshared === 'nobody') {
    return (
      <p className="soft">
        Only this browser can do this: no colleague with a trust key has opened this desk yet.
      </p>
    );
  }
  return (
    <Note tone="wait" title="Not shared with your colleagues">
      <p>{explain(known.unshared).title} It is tried again when you open this page.</p>
    </Note>
  );
}
