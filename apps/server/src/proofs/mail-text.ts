import type { Texts } from '@recourse/texts';

export interface CodeMail {
  readonly subject: string;
  readonly text: string;
}

/**
 * The mail with a one-time code. It goes out whether or not anything is held, and says nothing of it: whoever else reads
 * this mailbox learns only that somebody asked.
 */
export function codeMail(
  texts: Texts,
  of: { origin: string; code: string; expiresAt: Date },
): CodeMail {
  const { origin, code, expiresAt } = of;
  const until = expiresAt.toISOString().slice(0, 16).replace('T', ', ');
  const english = texts.facts.reviewed
    ? []
    : [texts.say('notice.unreviewed', { english: `${origin}/case/find?lang=en` })];
  return {
    subject: texts.say('mail.subject'),
    text: [
      ...wrapped(texts.say('mail.why', { registry: new URL(origin).host })),
      '',
      `    ${code}`,
      '',
      ...wrapped(texts.say('mail.use', { until })),
      '',
      ...wrapped(texts.say('mail.what')),
      '',
      ...wrapped(texts.say('mail.ignore')),
      '',
      ...english.flatMap((line) => [line, '']),
      `${origin}/case/find`,
      '',
    ].join('\n'),
  };
}

const widest = 90;

/** Lines as plain mail has them; text without spaces stays one line. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= widest) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
