import type { Id, OpInput } from '@recourse/protocol';
import type { NoticeText } from '@recourse/sdk';
import { languages } from '@recourse/texts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { createPrivateFile, readPrivateFile, readText } from '../profile/private-file.ts';

export interface PrintFlags {
  readonly channel: OpInput<'sanctions.stateNotice'>['channel'];
  readonly language: string;
  readonly caseCodes?: string;
  readonly accountFile?: string;
  readonly foundBy?: 'automated-means' | 'people';
  readonly timeZone?: string;
  readonly out?: string;
}

/** Writes the notice of a record. It holds the case code, so it goes to a terminal or a private file, never into a pipe. */
export async function printNotice(
  context: Context,
  sanction: Id<'snc'>,
  flags: PrintFlags,
): Promise<void> {
  const { terminal, environment, connect } = context;
  const { caseCodes, accountFile, foundBy, out, language } = flags;
  if (caseCodes === undefined || accountFile === undefined || foundBy === undefined) {
    throw usage(
      'The notice is not complete.',
      '--print takes --case-codes FILE, --account-file FILE and --found-by automated-means|people.',
    );
  }
  if (out === undefined && !environment.terminal.stdout) {
    throw usage(
      'The notice holds the case code, and stdout is no terminal.',
      'Name a file for it: --out FILE. It is made readable by you only.',
    );
  }
  if (!languages.some((known) => known === language.split('-')[0])) {
    throw usage(
      `There is no text in ${language}.`,
      `Use one of ${languages.join(', ')}, or write a notice of your own with the same contents.`,
    );
  }
  const recourse = await connect();
  const notice = await recourse.sanctions.noticeText({
    sanction,
    caseCode: codeOf(caseCodes, sanction),
    account: readText(accountFile).trim(),
    language,
    timeZone: flags.timeZone,
    channel: textChannels[flags.channel],
    detectedByAutomatedMeans: foundBy === 'automated-means',
  });
  const written = terminal.json ? `${JSON.stringify(notice, null, 2)}\n` : plain(notice);
  if (out === undefined) terminal.line(written.trimEnd());
  else createPrivateFile(out, written);
  const next = `Show it in your product. Where the registry can write to nobody: recourse notify ${sanction} --channel ${flags.channel} --language ${language} --sent-at TIME`;
  terminal.note(notice.reviewed ? next : `No person has reviewed this translation. ${next}`);
}

const textChannels = {
  email: 'email',
  sms: 'sms',
  letter: 'email',
  'in-person': 'email',
  'web-message': 'in-app',
} as const;

const plain = ({ subject, text }: NoticeText): string => `${subject}\n\n${text}`;

/** The last line of a sanction counts, as submit and import append. */
function codeOf(path: string, sanction: string): string {
  const lines = readPrivateFile(path).split('\n').filter(Boolean).map(readLine);
  const code = lines.findLast((line) => line.sanction === sanction)?.case_code;
  if (typeof code === 'string') return code;
  throw new CliError('input-invalid', {
    message: `${path} has no case code of ${sanction}.`,
    next: 'Name the file that submit or import wrote with --case-codes.',
  });
}

interface Line {
  readonly sanction?: unknown;
  readonly case_code?: unknown;
}

function readLine(line: string): Line {
  try {
    const json: unknown = JSON.parse(line);
    return typeof json === 'object' && json !== null ? json : {};
  } catch {
    // A line cut off by a crash names no code.
    return {};
  }
}

const usage = (message: string, next: string): CliError => new CliError('usage', { message, next });
