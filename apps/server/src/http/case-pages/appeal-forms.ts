import {
  appealGrounds,
  languageNames,
  maxCaseFileBytes,
  maxWords,
  type CaseView,
} from '@recourse/protocol';
import { html } from 'hono/html';
import { newJti } from '../../case-secret.ts';
import { deadline, say, type Markup } from '../markup.ts';
import { choiceField, fileField, form, isBegun, selectField, textArea } from './forms.ts';
import { mayReopen, openAppealOf, signing, type ShownCase } from './shown-case.ts';

/** Opens an appeal: a ground in plain words, own words, and their language. */
export function appealForm(shown: ShownCase): Markup {
  const { texts } = shown;
  const action = '/case/appeal';
  const { facts, mayAppealUntil, needsNews } = shown.view;
  const reopens = mayReopen(shown);
  return html`<h2 id="appeal">
      ${texts.say(reopens ? 'page.appeal.reopen.title' : 'page.appeal.title')}
    </h2>
    ${reopens ? html`<p>${texts.say('page.appeal.reopen')}</p>` : ''}
    <p>
      ${texts.say('page.appeal.intro')}
      ${mayAppealUntil ? say(texts, 'page.appeal.until', { at: deadline(mayAppealUntil, shown) }) : ''}
      ${facts.reason ? texts.reason(facts.reason).appeal : ''}
    </p>
    ${form(shown, {
      action,
      hidden: { key: shown.secret, ...(reopens ? { reopen: 'yes' } : {}) },
      fields: [
        groundField(shown, action),
        wordsField(shown, action),
        needsNews && !reopens ? newsField(shown, action) : html``,
        selectField(shown, {
          action,
          name: 'language',
          label: texts.say('page.appeal.language'),
          value: texts.language,
          choices: languageNames,
        }),
      ],
      submit: texts.say('page.appeal.submit'),
      isTyped: true,
    })}`;
}

/** Joins the open appeal, with a further ground. */
export function joinForm(shown: ShownCase): Markup {
  const { texts } = shown;
  const action = '/case/join';
  const joined = openAppealOf(shown)?.joined === true;
  const joining = form(shown, {
    action,
    hidden: { key: shown.secret },
    fields: [groundField(shown, action), wordsField(shown, action)],
    submit: texts.say('page.join.submit'),
    isTyped: true,
    isQuiet: joined,
  });
  if (joined) {
    return html`<details ${isBegun(shown, action) ? 'open' : ''}>
      <summary>${texts.say('page.join.again')}</summary>
      ${joining}
    </details>`;
  }
  return html`<h2 id="join">${texts.say('page.join.title')}</h2>
    <p>${texts.say('page.join.more')}</p>
    ${joining}`;
}

const groundField = (shown: ShownCase, action: string): Markup =>
  choiceField(shown, {
    action,
    name: 'ground',
    label: shown.texts.say('page.appeal.ground'),
    // It is theirs since the incident ended.
    ...(shown.view.hidden ? { value: 'recycled' } : {}),
    choices: appealGrounds.map((value) => ({
      value,
      title: shown.texts.say(`ground.${value}.title`),
      more: shown.texts.say(`ground.${value}.more`),
    })),
  });

const wordsField = (shown: ShownCase, action: string): Markup =>
  textArea(shown, {
    action,
    name: 'words',
    label: shown.texts.say('page.appeal.words'),
    hint: shown.texts.say('page.appeal.words.hint', { most: maxWords }),
    most: maxWords,
  });

function newsField(shown: ShownCase, action: string): Markup {
  const { texts } = shown;
  return textArea(shown, {
    action,
    name: 'news',
    label: texts.say('page.appeal.news'),
    hint: texts.say('page.appeal.news.hint', { most: maxWords }),
    most: maxWords,
  });
}

/** Takes words, a file, or both: a file that is refused leaves the words where they are. */
export function informationForm(shown: ShownCase, filesLeft: number): Markup {
  const { texts } = shown;
  const takesFile = filesLeft > 0;
  const action = takesFile ? '/case/file' : '/case/add';
  const text = {
    action,
    name: 'text',
    label: texts.say('page.appeal.add'),
    most: maxWords,
    isOptional: takesFile,
  };
  const file = {
    action,
    name: 'file',
    label: texts.say('page.appeal.file'),
    hint: texts.say('page.appeal.file.hint', { left: filesLeft }),
    // Without HEIC here, phones send their photos as JPEG.
    accept: 'image/jpeg,image/png,application/pdf,text/plain',
    mostBytes: maxCaseFileBytes,
    isOptional: true,
  };
  return html`${form(shown, {
    action,
    // Fields before the file: they are read even where the file is too large to be.
    hidden: { key: shown.secret, ...(takesFile ? { jtiOfText: newJti(shown.random) } : {}) },
    fields: [textArea(shown, text), takesFile ? fileField(shown, file) : html``],
    submit: texts.say('page.appeal.add.submit'),
    isTyped: true,
    hasFile: takesFile,
  })}
  ${takesFile ? '' : html`<p>${texts.say('page.appeal.file.full')}</p>`}`;
}

export function answerForm(
  shown: ShownCase,
  { question, answerDueAt }: CaseView['appeals'][number]['questions'][number],
): Markup {
  const { texts } = shown;
  // One path a question, so that an error stands at the right one.
  const action = `/case/answer/${question}`;
  return form(shown, {
    action,
    hidden: { key: shown.secret },
    fields: textArea(shown, {
      action,
      name: 'text',
      label: texts.say('page.appeal.answer'),
      hint: say(texts, 'page.appeal.answer.hint', { at: deadline(answerDueAt, shown) }),
      most: maxWords,
    }),
    submit: texts.say('page.appeal.answer.submit'),
    isTyped: true,
  });
}

export const withdrawForm = (shown: ShownCase): Markup =>
  html`<details>
    <summary>${shown.texts.say('page.appeal.withdraw')}</summary>
    <p>${shown.texts.say('page.appeal.withdraw.more')}</p>
    ${form(shown, {
      action: '/case/withdraw',
      hidden: { key: shown.secret },
      ...signing(shown, 'withdraw-appeal'),
      submit: shown.texts.say('page.appeal.withdraw.submit'),
      isQuiet: true,
    })}
  </details>`;

export const keepForm = (shown: ShownCase): Markup =>
  form(shown, {
    action: '/case/keep',
    hidden: { key: shown.secret },
    submit: shown.texts.say('page.appeal.keep'),
  });
