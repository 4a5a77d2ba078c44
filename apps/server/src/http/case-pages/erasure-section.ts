import type { CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import { time, type Markup } from '../markup.ts';
import { page } from '../page.ts';
import { form, textArea, type Drawing } from './forms.ts';
import { isHolder, type ShownCase } from './shown-case.ts';

/** What can be had erased, and what was. */
export function erasureSection(shown: ShownCase): Markup {
  const { view, secret } = shown;
  const texts = view.textsErasedAt
    ? html`<p>
        What was written in this case, its files, the evidence and the tokens of your identifiers
        were erased on ${time(view.textsErasedAt)}.
      </p>`
    : '';
  if (!isHolder(shown)) return html`${texts}`;
  if (view.erasure) {
    return html`<h2>Erasure</h2>
      ${texts}
      <p>
        You asked for it on ${time(view.erasure.requestedAt)}. The case is erased once the record
        has ended and no appeal and no recall is open.
      </p>`;
  }
  return html`<h2>Erasure</h2>
    ${texts}
    <p>
      ${
        view.endedAt
          ? 'This case is erased 180 days after its end. You need not wait for that.'
          : 'You may object to this record. An appeal decides that, and what is kept goes when the record ends.'
      }
    </p>
    ${form(shown, {
      action: '/case/erasing',
      hidden: { key: secret },
      submit: view.endedAt ? 'Erase this case …' : 'Object to this record …',
      isQuiet: true,
    })}`;
}

/** Before it is done: the papers, which cannot be had afterwards. */
export function erasurePage(
  drawing: Drawing,
  { view, key }: { view: CaseView; key: string },
): Markup {
  const isLive = view.endedAt === undefined;
  const title = isLive ? 'Object to this record' : 'Erase this case';
  const hidden = { key };
  return page(
    `${title} – Recourse`,
    html`<h1>${title}</h1>
      <p class="note">
        After the erasure no code and no key opens this case, and neither letter nor receipt can be
        had. Save them first.
      </p>
      ${
        isLive
          ? ''
          : form(drawing, {
              action: '/case/letter',
              hidden,
              submit: 'Download the letter',
              isQuiet: true,
            })
      }
      ${form(drawing, { action: '/case/receipt', hidden, submit: 'Download the receipt', isQuiet: true })}
      <h2>Then</h2>
      ${form(drawing, {
        action: '/case/erase',
        hidden: { ...hidden, ground: isLive ? 'objection' : 'erasure' },
        fields: isLive
          ? textArea(drawing, {
              action: '/case/erase',
              name: 'words',
              label: 'What speaks against this record',
              most: 4000,
            })
          : [],
        submit: title,
      })}
      ${form(drawing, { action: '/case', hidden: { code: key }, submit: 'Back to the case', isQuiet: true })}`,
  );
}

/** It opens no more, so there is nothing to show. */
export const erasedPage = (): Markup =>
  page(
    'Erased – Recourse',
    html`<h1>Erased</h1>
      <p role="status" class="note good">This case is erased. Nothing opens it any more.</p>`,
  );
