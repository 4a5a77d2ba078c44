import type { MessageKey, MessageValues, Texts } from '@recourse/texts';
import { html } from 'hono/html';
import { textsIn } from '../texts-in.ts';

/** Text in which everything put in was escaped; made by `html` alone. */
export type Markup = ReturnType<typeof html>;

/** An instant in UTC, which a script may turn into the reader's own time. */
export function time(instant: string | Date, texts: Texts = textsIn('en')): Markup {
  const at = new Date(instant);
  return html`<time datetime="${at.toISOString()}">${texts.instant(at)}</time>`;
}

/** The day of an instant, where the time of day tells nobody anything. */
export function day(instant: string | Date, texts: Texts = textsIn('en')): Markup {
  const at = new Date(instant);
  return html`<time datetime="${at.toISOString()}" data-day>${texts.day(at)}</time>`;
}

/** An instant that is still to come, and how long it is until then; one that has passed, as it is. */
export function deadline(
  instant: string | Date,
  { texts, now }: { readonly texts: Texts; readonly now: Date },
): Markup {
  const left = texts.until(new Date(instant), now);
  return left === '' ? time(instant, texts) : html`${time(instant, texts)} (${left})`;
}

/** A message in which values and tags may be markup; its own text is escaped. */
export const say = (texts: Texts, key: MessageKey, values: MessageValues<Markup> = {}): Markup =>
  html`${texts.parts<Markup>(key, values)}`;

/** For `<a>` in a message. */
export const linkTo =
  (href: string) =>
  (inside: (string | Markup)[]): Markup =>
    html`<a href="${href}">${inside}</a>`;

/** For `<b>` in a message. */
export const strong = (inside: (string | Markup)[]): Markup => html`<strong>${inside}</strong>`;
