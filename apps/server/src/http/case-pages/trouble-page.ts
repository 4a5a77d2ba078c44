import type { Problem, ProblemCode } from '@recourse/protocol';
import { html } from 'hono/html';
import type { Markup } from '../markup.ts';
import { page } from '../page.ts';
import { conflictTexts } from './conflict-texts.ts';
import { form, type Drawing } from './forms.ts';

interface Trouble {
  readonly title: string;
  readonly next: string;
}

const wrongSecret: Trouble = {
  title: 'That opens no case',
  next: 'Check it for a missing group or a mistyped letter. A key that was replaced opens nothing, and neither does the code of a record that was erased after its time.',
};
const busy: Trouble = {
  title: 'The registry is busy',
  next: 'Nothing was lost and nothing was done. Wait a moment, go back and send it again.',
};
const changed: Trouble = {
  title: 'That cannot be done now',
  next: 'The case has changed since you opened the page, or it is too early or too late for this. Open the case again: it shows what can be done and until when.',
};
const unreadable: Trouble = {
  title: 'That could not be read',
  next: 'Go back, check what you typed, and send it again.',
};

/** What a refusal means for the person before it, and what to do next. */
const troubles: Partial<Readonly<Record<ProblemCode, Trouble>>> = {
  'not-found': wrongSecret,
  'state-conflict': changed,
  'already-decided': {
    title: 'This was decided before',
    next: 'A later appeal needs something new, and 90 days since the last one was closed. Open the case to read how it was decided.',
  },
  'idempotency-conflict': changed,
  'replayed-call': {
    title: 'This was sent before',
    next: 'It was done once, and not again. Open the case to see it.',
  },
  'quota-exceeded': {
    title: 'Too many attempts from your address',
    next: 'Wait a minute and send it again. Your code or key is still good.',
  },
  'control-not-proven': {
    title: 'That proves nothing yet',
    next: 'Check the code, the record or the signature. A code works once and for a short time: ask for a new one if it is old.',
  },
  'too-large': {
    title: 'That is too large',
    next: 'A file may have 2 MiB. Make it smaller, or send it in parts.',
  },
  'unsupported-media-type': {
    title: 'That kind of file is not taken',
    next: 'Send PDF, PNG, JPEG, WebP or plain text.',
  },
  'invalid-input': unreadable,
  'malformed-call': unreadable,
  overloaded: busy,
  'audit-unavailable': busy,
  recovering: busy,
};
const failed: Trouble = {
  title: 'Something failed here',
  next: 'It is not your fault. Wait a minute, go back and send it again. Sent twice, it has one effect.',
};

export function troubleOf({ code, issues }: Pick<Problem, 'code' | 'issues'>): Trouble {
  const trouble = troubles[code] ?? failed;
  const conflict = issues?.find((issue) => Object.hasOwn(conflictTexts, issue.code));
  const next = code === 'state-conflict' && conflict ? conflictTexts[conflict.code] : undefined;
  return next === undefined ? trouble : { ...trouble, next };
}

/** @param of `secret` to go back to the case, when there is one that opens it */
export function troublePage(
  drawing: Drawing,
  of: {
    problem: Pick<Problem, 'code' | 'issues' | 'retryAfterSeconds'>;
    secret?: string | undefined;
  },
): Markup {
  const { title, next } = troubleOf(of.problem);
  const seconds = of.problem.retryAfterSeconds;
  return page(
    `${title} – Recourse`,
    html`<h1>${title}</h1>
      <p class="note bad" role="alert">${next}</p>
      ${seconds ? html`<p>Try again in ${seconds} seconds.</p>` : ''}
      ${
        of.secret
          ? form(drawing, {
              action: '/case',
              hidden: { code: of.secret },
              submit: 'Back to the case',
            })
          : ''
      }
      <p><a href="/case">Open a case</a> or <a href="/case/find">find your cases</a>.</p>
      <p class="soft">The code of this answer is <code>${of.problem.code}</code>.</p>`,
  );
}
