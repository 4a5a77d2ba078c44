import { appealGrounds, maxCaseFiles, maxWords, reasons, type CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import { time, type Markup } from '../markup.ts';
import { choiceField, fileField, form, selectField, textArea } from './forms.ts';
import { languageNames } from './languages.ts';
import { mayReopen, type ShownCase } from './shown-case.ts';
import { groundTexts } from './texts.ts';

/** Opens an appeal: a ground in plain words, own words, and their language. */
export function appealForm(shown: ShownCase): Markup {
  const action = '/case/appeal';
  const { facts, mayAppealUntil, needsNews } = shown.view;
  const reopens = mayReopen(shown);
  return html`<h2 id="appeal">${reopens ? 'Ask another reviewer' : 'Appeal'}</h2>
    ${reopens ? reopening : ''}
    <p>
      It costs nothing, and needs no lawyer. A reviewer who belongs to no platform concerned decides
      within 30 days, and the platform has to show its evidence.
      ${mayAppealUntil ? html`You can appeal until ${time(mayAppealUntil)}.` : ''}
      ${facts ? reasons[facts.reason].texts.en.appeal : ''}
    </p>
    ${form(shown, {
      action,
      hidden: { key: shown.secret, ...(reopens ? { reopen: 'yes' } : {}) },
      fields: [
        choiceField(shown, {
          action,
          name: 'ground',
          label: 'What is wrong with this record?',
          choices: appealGrounds.map((value) => ({ value, ...groundTexts[value] })),
        }),
        textArea(shown, {
          action,
          name: 'words',
          label: 'In your own words',
          hint: `What happened, and how it can be seen. At most ${maxWords} characters; the platform and the reviewer read it, nobody else.`,
          most: maxWords,
        }),
        needsNews && !reopens ? newsField(shown, action) : html``,
        selectField(shown, {
          action,
          name: 'language',
          label: 'Language you wrote in',
          value: 'en',
          choices: languageNames,
        }),
      ],
      submit: 'Send the appeal',
    })}`;
}

const reopening = html`<p>
  Your appeal was dismissed. You can ask once that another reviewer looks at it again; that one
  decides it anew.
</p>`;

const newsField = (shown: ShownCase, action: string): Markup =>
  textArea(shown, {
    action,
    name: 'news',
    label: 'What is new since the last decision',
    hint: `A later appeal needs something that no reviewer has seen. At most ${maxWords} characters.`,
    most: maxWords,
  });

export function informationForm(shown: ShownCase): Markup {
  const action = '/case/add';
  return form(shown, {
    action,
    hidden: { key: shown.secret },
    fields: textArea(shown, {
      action,
      name: 'text',
      label: 'Add something to your appeal',
      most: maxWords,
    }),
    submit: 'Add it',
  });
}

export function answerForm(
  shown: ShownCase,
  { question, answerDueAt }: CaseView['appeals'][number]['questions'][number],
): Markup {
  // One path a question, so that an error stands at the right one.
  const action = `/case/answer/${question}`;
  return form(shown, {
    action,
    hidden: { key: shown.secret },
    fields: textArea(shown, {
      action,
      name: 'text',
      label: 'Your answer',
      hint: html`By ${time(answerDueAt)}. Not answering is not held against you.`,
      most: maxWords,
    }),
    submit: 'Send the answer',
  });
}

export function fileForm(shown: ShownCase, added: number): Markup {
  const action = '/case/file';
  if (added >= maxCaseFiles) return html`<p>You have added as many files as a case takes.</p>`;
  return form(shown, {
    action,
    hidden: { key: shown.secret },
    fields: fileField(shown, {
      action,
      name: 'file',
      label: 'Add a file',
      hint: `PDF, PNG, JPEG, WebP or plain text, at most 2 MiB; ${maxCaseFiles - added} more can be added. Only reviewers can open it.`,
      accept: '.pdf,.png,.jpg,.jpeg,.webp,.txt',
    }),
    submit: 'Add the file',
    hasFile: true,
  });
}

export const withdrawForm = (shown: ShownCase): Markup =>
  html`<details>
    <summary>Withdraw the appeal</summary>
    <p>It takes effect after 72 hours. Until then you can change your mind.</p>
    ${form(shown, {
      action: '/case/withdraw',
      hidden: { key: shown.secret },
      submit: 'Withdraw it',
      isQuiet: true,
    })}
  </details>`;

export const keepForm = (shown: ShownCase): Markup =>
  form(shown, {
    action: '/case/keep',
    hidden: { key: shown.secret },
    submit: 'Keep the appeal after all',
  });
