/** What a name or a comment may not hold: breaks of a line, and marks that turn the direction of what follows. */
const notInLine = /[\p{Cc}\p{Bidi_Control}]/u;

/** What is wrong with a text of one line as it is typed, by the name of its field. */
export function faultsOfLine(field: string, text: string): Readonly<Record<string, string>> {
  if (!notInLine.test(text)) return {};
  return {
    [field]:
      'This holds an invisible mark, such as a tab or one that turns the direction of the text. Type it anew.',
  };
}
