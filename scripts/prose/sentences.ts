import { marked, type Token, type Tokens } from 'marked';

/** Words of a sentence, and columns of a line of prose. */
export const MAX_WORDS = 30;
export const MAX_COLUMNS = 120;

export interface Sentence {
  /** Line of the page, from 1. */
  readonly line: number;
  readonly words: number;
  readonly text: string;
}

/** A paragraph or an item of a list. Its text has as many lines as its source. */
interface Block {
  readonly line: number;
  readonly text: string;
}

const CODE = 'Code';

/**
 * The sentences of a page in GitHub's Markdown, from paragraphs, lists and quotes. Headings, rows of tables, blocks of code
 * and generated parts are left out; inline code and a link's address count as one word and none.
 */
export const sentencesOf = (page: string): Sentence[] => blocksOf(page).flatMap(sentencesIn);

/** Lines of prose that are too long without the addresses of their links, by number. */
export function longLinesOf(page: string): number[] {
  const lines = page.split('\n');
  const prose = blocksOf(page).flatMap(({ line, text }) =>
    text.split('\n').map((_, i) => line + i),
  );
  return prose.filter((n) => {
    const shown = (lines[n - 1] ?? '').replaceAll(/\]\([^)\s]*\)|<https?:[^>]*>/g, '');
    return shown.length > MAX_COLUMNS;
  });
}

/** From `<!-- Written by …` to `<!-- end -->`: a script writes these lines, and a test holds them. */
const generated = /^<!-- Written by [^]*?^<!-- end -->$/gm;

function blocksOf(page: string): Block[] {
  const ours = page.replaceAll(generated, (part) => part.replaceAll(/[^\n]/g, ''));
  return blocksIn(marked.lexer(ours), 1);
}

function blocksIn(tokens: readonly Token[], start: number): Block[] {
  let line = start;
  return tokens.flatMap((token) => {
    const at = line;
    line += token.raw.split('\n').length - 1;
    return blocksFrom(token, at);
  });
}

function blocksFrom(token: Token, line: number): Block[] {
  if (token.type === 'list') return blocksIn((token as Tokens.List).items, line);
  if (token.type === 'list_item' || token.type === 'blockquote')
    return blocksIn(token.tokens ?? [], line);
  if (token.type !== 'paragraph' && token.type !== 'text') return [];
  return [{ line, text: plain(token).trimEnd() }];
}

function plain(token: Token): string {
  if (token.type === 'codespan') return CODE + newlinesOf(token.raw);
  if (token.type === 'html' || token.type === 'br') return ` ${newlinesOf(token.raw)}`;
  if (token.type === 'image') return token.text;
  const { tokens } = token as { tokens?: Token[] };
  return tokens === undefined ? (token as Tokens.Text).text : tokens.map(plain).join('');
}

const newlinesOf = (raw: string): string => raw.replaceAll(/[^\n]/g, '');

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** The segmenter takes a sentence that begins with a number or a parenthesis for more of the last one. */
const alsoBetween = /(?<=[\p{L}\p{N}]{3}[.!?] )(?=[\d(])/u;

function sentencesIn({ line, text }: Block): Sentence[] {
  const segments = Array.from(segmenter.segment(text.replaceAll('\n', ' ')));
  let at = 0;
  return segments.flatMap(({ segment }) =>
    segment.split(alsoBetween).map((sentence) => {
      const above = newlinesOf(text.slice(0, at)).length;
      at += sentence.length;
      return { line: line + above, words: wordsIn(sentence), text: sentence.trim() };
    }),
  );
}

const wordsIn = (sentence: string): number =>
  sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
