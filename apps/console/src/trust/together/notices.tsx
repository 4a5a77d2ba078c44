import type { Id } from '@recourse/protocol';
import { languages, type Language } from '@recourse/texts';
import { useState, type ReactNode } from 'react';
import { usePerson } from '../../identity/session.ts';
import { Choice } from '../../parts/choice.tsx';
import { languageName } from '../../parts/language-name.ts';
import { counted } from '../../parts/words.ts';
import { creatorOf } from '../creator.ts';
import { entryIn, loadEntry } from '../journal.ts';
import { EachForm, Left, type TogetherProps } from './each-form.tsx';

/** Has the registry write to the creators of many records, at the addresses that their journals have. */
export function Notices({ rows, onClose }: TogetherProps): ReactNode {
  const person = usePerson();
  const [language, setLanguage] = useState<Language>();
  return (
    <EachForm
      rows={rows}
      onClose={onClose}
      title={`Notices to ${counted(rows.length, 'creator', 'creators')}`}
      button={(count) => `Have the registry write to ${counted(count, 'creator', 'creators')}`}
      what="creators are written to; each record shows when it arrives"
      isReady={language !== undefined}
      one={async (recourse, { id }) => {
        const sanction = id as Id<'snc'>;
        const known = await loadEntry({ person, recourse }, sanction);
        const { email = [], phone = [] } = creatorOf(entryIn(known)?.identifiers ?? []);
        const creator = { email, phone };
        const told = await recourse.sanctions.tell({ sanction, language: language!, creator });
        if (told.by !== 'registry') throw new Left(unwritten);
      }}
    >
      <p>
        The registry sends one fixed message to each address, which names it and you, and never the
        reason.
      </p>
      <Choice
        label="Language of these creators"
        about="Choose those who read another language apart."
        options={languages}
        value={language}
        onChange={setLanguage}
        text={languageName}
      />
    </EachForm>
  );
}

const unwritten =
  'No address that this browser knows can be written to. Open it, and tell the creator in your own product.';
