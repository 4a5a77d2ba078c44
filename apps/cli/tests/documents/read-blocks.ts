/** A piece of a page that a reader can run, and what the page says comes of it. */
export interface Block {
  /** The place of its first line: `docs/agent.md:11` */
  readonly at: string;
  /** One command each, without comments, nor backslashes that wrap it */
  readonly commands: readonly string[];
  /** What the page shows below it */
  readonly output?: string;
  /** `<!-- not run: why -->` stands above it */
  readonly notRun?: string;
  /** `<!-- as Harbour -->` stands above it: the party whose keys sign in the sandbox */
  readonly as?: string;
}

/** A program that the page asks a reader to save. */
export interface SavedFile {
  readonly name: string;
  readonly text: string;
}

const programs =
  'npm|npx|node|recourse|recourse-server|recourse-agent|curl|python3|docker|export|echo|chmod|rm|sh|git|cd|' +
  'runuser|pg_ctlcluster|OWNER_PASSWORD=\\S+';
const isCommand = new RegExp(`^(?:${programs}|\\.ci/run)(?: |$)`);
const isIndented = (line: string): boolean => /^ {4}\s*(?!<!--)\S/.test(line);

/** The shell blocks of a page, fenced (`sh`) or indented, in their order. */
export function readBlocks(text: string, path: string): Block[] {
  const blocks: Block[] = [];
  let mark: Pick<Block, 'notRun' | 'as'> = {};
  let isAfterBlock = false;
  for (const { line, lines, kind } of paragraphs(text)) {
    const body = lines.map((each) => each.trim());
    if (kind === 'prose') {
      mark = markIn(body);
      isAfterBlock = false;
    } else if (kind === 'sh' || isCommand.test(body[0] ?? '')) {
      blocks.push({ at: `${path}:${line}`, commands: commandsIn(body), ...mark });
      isAfterBlock = true;
    } else if (isAfterBlock && kind !== 'ts') {
      const block = blocks.at(-1);
      if (!block) continue;
      const before = block.output === undefined ? '' : `${block.output}\n\n`;
      blocks[blocks.length - 1] = { ...block, output: before + lines.join('\n') };
    }
  }
  return blocks;
}

/** "Save this as `first-check.ts`:", and what is below. */
export const savedFiles = (text: string): SavedFile[] =>
  [...text.matchAll(/Save this as `([\w.-]+)`.*\n\n```\w+\n([^]*?)\n```$/gm)].map(
    ([, name = '', body = '']) => ({ name, text: `${body}\n` }),
  );

interface Paragraph {
  readonly line: number;
  readonly lines: string[];
  /** `prose`, `code` for an indented one, or the language of a fence */
  readonly kind: string;
}

function paragraphs(text: string): Paragraph[] {
  const found: Paragraph[] = [];
  let open: Paragraph | undefined;
  let fence: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const edge = /^\s*```(\w*)/.exec(line)?.[1];
    if (edge !== undefined) {
      fence = fence === undefined ? edge || 'text' : undefined;
      open = undefined;
    } else if (fence === undefined && line.trim() === '') {
      open = undefined;
    } else {
      if (!open) {
        const kind = fence ?? (isIndented(line) ? 'code' : 'prose');
        open = { line: index + 1, lines: [], kind };
        found.push(open);
      }
      open.lines.push(line);
    }
  }
  return found;
}

function markIn(lines: readonly string[]): Pick<Block, 'notRun' | 'as'> {
  const [, notRun] = /^<!-- not run: (.+) -->$/.exec(lines.at(-1) ?? '') ?? [];
  const [, as] = /^<!-- as (\S+) -->$/.exec(lines.at(-1) ?? '') ?? [];
  return { ...(notRun === undefined ? {} : { notRun }), ...(as === undefined ? {} : { as }) };
}

const commandsIn = (lines: readonly string[]): string[] =>
  lines
    .join('\n')
    .replaceAll(/\\\n/g, '')
    .split('\n')
    .map((line) => line.replace(/\s{2,}# .*$/, ''));
