import type { Problem, ProblemCode } from '@recourse/protocol';
import type { Texts } from '@recourse/texts';
import { html } from 'hono/html';
import { linkTo, say, type Markup } from '../markup.ts';
import { form, type Drawing } from './forms.ts';
import { creatorPage } from './languages.ts';

interface Trouble {
  readonly title: string;
  readonly next: string;
}

type TroubleName =
  | 'secret'
  | 'busy'
  | 'changed'
  | 'unreadable'
  | 'decided'
  | 'sent'
  | 'attempts'
  | 'unproven'
  | 'large'
  | 'type'
  | 'failed';

/** Names of refusals, for the person before them. */
const troubles: Partial<Readonly<Record<ProblemCode, TroubleName>>> = {
  'not-found': 'secret',
  'state-conflict': 'changed',
  'already-decided': 'decided',
  'idempotency-conflict': 'changed',
  'replayed-call': 'sent',
  'quota-exceeded': 'attempts',
  'control-not-proven': 'unproven',
  'too-large': 'large',
  'unsupported-media-type': 'type',
  'invalid-input': 'unreadable',
  'malformed-call': 'unreadable',
  overloaded: 'busy',
  'audit-unavailable': 'busy',
  recovering: 'busy',
};

/** Explains a refusal and the next step; a conflict is explained by its issue. */
export function troubleOf(
  texts: Texts,
  { code, issues }: Pick<Problem, 'code' | 'issues'>,
): Trouble {
  const name = troubles[code] ?? 'failed';
  const conflicts = code === 'state-conflict' ? (issues ?? []) : [];
  const known = conflicts.map((issue) => `conflict.${issue.code}`).find((key) => texts.has(key));
  return {
    title: texts.say(`trouble.${name}`),
    next: known && texts.has(known) ? texts.say(known) : texts.say(`trouble.${name}.next`),
  };
}

/** @param of `secret` to go back to the case, when there is one that opens it */
export function troublePage(
  drawing: Drawing,
  trouble: {
    problem: Pick<Problem, 'code' | 'issues' | 'retryAfterSeconds'>;
    secret?: string | undefined;
  },
): Markup {
  const { texts, to } = drawing;
  const { title, next } = troubleOf(texts, trouble.problem);
  const seconds = trouble.problem.retryAfterSeconds;
  return creatorPage(drawing, {
    title,
    script: false,
    body: html`<p class="note bad" role="alert">${next}</p>
      ${seconds ? html`<p>${texts.say('trouble.seconds', { seconds })}</p>` : ''}
      ${
        trouble.secret
          ? form(drawing, {
              action: '/case',
              hidden: { code: trouble.secret },
              submit: texts.say('trouble.back'),
            })
          : ''
      }
      <p>${say(texts, 'trouble.links', { o: linkTo(to('/case')), f: linkTo(to('/case/find')) })}</p>
      <p class="soft">
        ${say(texts, 'trouble.code', { code: html`<code>${trouble.problem.code}</code>` })}
      </p>`,
  });
}
