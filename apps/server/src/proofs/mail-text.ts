export interface CodeMail {
  readonly subject: string;
  readonly text: string;
}

/**
 * The mail with a one-time code. It goes out whether or not anything is held, and says nothing of it: whoever else reads
 * this mailbox learns only that somebody asked.
 */
export function codeMail(of: { origin: string; code: string; expiresAt: Date }): CodeMail {
  const { origin, code, expiresAt } = of;
  const until = `${expiresAt.toISOString().slice(0, 16).replace('T', ', ')} UTC`;
  return {
    subject: 'Your code for Recourse',
    text: [
      `Recourse at ${new URL(origin).host} sends you this, because somebody asked there which records`,
      'are held about this address. If that was you, this is your code:',
      '',
      `    ${code}`,
      '',
      `Enter it on the page that asked for it. It works once, until ${until}.`,
      '',
      'Recourse is a registry in which platforms record that they closed an account for abuse. This',
      'mail does not mean that there is a record about you: everyone who asks gets it.',
      '',
      'If you did not ask, you need not do anything. Nobody can read anything without this code, so',
      'give it to no one. Your address was not kept, and you will get no other mail from this.',
      '',
      `${origin}/case/find`,
      '',
    ].join('\n'),
  };
}
