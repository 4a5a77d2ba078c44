import { html } from 'hono/html';

/** Text in which everything put in was escaped; made by `html` alone. */
export type Markup = ReturnType<typeof html>;

/** An instant in UTC, which a script may turn into the reader's own time. */
export function time(instant: string | Date): Markup {
  const at = new Date(instant);
  const text = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(at);
  return html`<time datetime="${at.toISOString()}">${text} UTC</time>`;
}

/** "a, b and c" */
export const listed = (words: readonly string[]): string =>
  words.length < 2
    ? (words[0] ?? '')
    : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
