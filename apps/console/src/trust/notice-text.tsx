import type { OpOutput } from '@recourse/protocol';
import type { Language } from '@recourse/texts';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Loaded } from '../parts/loaded.tsx';
import { useAsked } from '../registry/calls.ts';

interface TextProps {
  readonly view: OpOutput<'sanctions.get'>;
  readonly caseCode: string;
  readonly account: string;
  readonly language: Language;
}

/** A statement of reasons for the own product; the registry's message never says why. */
export function NoticeText({ view, caseCode, account, language }: TextProps): ReactNode {
  const query = useAsked(['notice-text', view.sanction, view.version, language], (recourse) =>
    recourse.sanctions.noticeText({
      sanction: view.sanction,
      caseCode,
      account,
      language,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      channel: 'in-app',
      detectedByAutomatedMeans: false,
    }),
  );
  return (
    <section className="panel">
      <h2>A text for your own product</h2>
      <Loaded query={query}>
        {({ subject, text, reviewed, language: written }) => (
          <>
            {reviewed ? null : <p className="soft">This translation was made by a machine.</p>}
            <div lang={written} dir={written === 'ar' ? 'rtl' : 'ltr'}>
              <p>
                <strong>{subject}</strong>
              </p>
              {/* It scrolls, and so has to be reachable by the keyboard. */}
              <div className="quote long" role="region" aria-label={subject} tabIndex={0}>
                {text}
              </div>
            </div>
            <Button onPress={() => void navigator.clipboard.writeText(`${subject}\n\n${text}`)}>
              Copy
            </Button>
          </>
        )}
      </Loaded>
    </section>
  );
}
