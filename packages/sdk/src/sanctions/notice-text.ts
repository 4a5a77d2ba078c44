import { fromNumericDate, originKind, reasons, type Id, type IssueCode } from '@recourse/protocol';
import { isLanguage, loadTexts, recordNotice } from '@recourse/texts';
import { RecourseError } from '../errors.ts';
import type { Operations } from '../operations.ts';
import type { Session } from '../session/session.ts';
import { ownRecord, type OwnRecord } from './own-record.ts';

const hourMs = 3_600_000;
/** Floors of the hold and of the window to appeal: no registry has shorter ones. */
const leastHoldHours = 72;
const leastAppealDays = 180;

/** Facts that only the platform knows: the code of the case, and its own words. */
export interface NoticeOrder {
  /** Id of an own record */
  readonly sanction: Id<'snc'>;
  /** `caseCode` of the submission */
  readonly caseCode: string;
  /** The account of facts as it was submitted */
  readonly account: string;
  /** `en`, `de`, `fr`, `es`, `pt`, `zh`, `hi` or `ar`, with or without a region */
  readonly language: string;
  /** IANA name of the reader's time zone; by default UTC */
  readonly timeZone?: string | undefined;

  /** Where the text will be read; a text message is short */
  readonly channel: 'email' | 'sms' | 'in-app';
  /** Whether automated means found what the measure is about (Digital Services Act, article 17(3)(c)) */
  readonly detectedByAutomatedMeans: boolean;
  /** The platform's own measure; by default everywhere and for good */
  readonly measure?:
    | { readonly countries?: readonly string[] | undefined; readonly ends?: Date | undefined }
    | undefined;
}

/** A notice, ready to send. */
export interface NoticeText {
  /** Subject line */
  readonly subject: string;

  /** Plain text */
  readonly text: string;
  /** A fragment with its own `lang` and `dir`; a text message has none */
  readonly html?: string;

  /** Language of the text, without a region */
  readonly language: string;
  /** Whether a person has reviewed the translation; if not, the text says so */
  readonly reviewed: boolean;
}

/**
 * The notice of an own sanction for the platform to send, in the creator's language: reason, facts, redress and rights.
 * @throws RecourseError `invalid-input` if a language or time zone has no texts, and the errors of `sanctions.get`
 */
export async function noticeText(
  session: Session,
  operations: Operations['sanctions'],
  order: NoticeOrder,
): Promise<NoticeText> {
  const [language = ''] = order.language.split('-');
  if (!isLanguage(language)) throw invalid('language', 'language-without-texts');
  const { timeZone } = order;
  if (timeZone !== undefined && !isTimeZone(timeZone)) throw invalid('timeZone', 'no-time-zone');
  const own = await ownRecord(session, operations, order.sanction);
  const texts = await loadTexts(language, { timeZone });
  const notice = recordNotice(texts, factsOf(session, { own, order }), order.channel);
  return { ...notice, language, reviewed: texts.facts.reviewed };
}

type Facts = Parameters<typeof recordNotice>[1];

function factsOf(session: Session, notice: { own: OwnRecord; order: NoticeOrder }): Facts {
  const { record, statement, registration, policy } = notice.own;
  const { sanction, caseCode, account, detectedByAutomatedMeans, measure } = notice.order;
  const expiresAt = new Date(record.expiresAt);
  return {
    registry: session.origin,
    sanction,
    caseCode,
    account,
    detectedByAutomatedMeans,
    measure,
    platform: { ...registration, policy },
    reason: record.reason,
    action: statement.action,
    decidedAt: fromNumericDate(statement.decided_at),
    incident: {
      from: fromNumericDate(statement.incident_from),
      to: fromNumericDate(statement.incident_to),
    },
    expiresAt,
    visibleFrom: visibleFrom(session, notice.own),
    appealUntil: new Date(expiresAt.getTime() + leastAppealDays * 24 * hourMs),
    identifiers: record.subjects.map(({ kind }) => kind),
    evidence: [...new Set(statement.evidence.map((item) => item.class))],
    origin: originKind(statement.origin),
  };
}

/**
 * The hold runs from when the registry hears that the notice went out, so that this is the earliest. How long it is,
 * the registry says of the record: in probation also one that would answer at once is held.
 */
function visibleFrom(session: Session, { record }: OwnRecord): Date | undefined {
  const { visibleFrom: known, holdHours = usualHours(record) } = record;
  const now = session.transport.now();
  const from = known === undefined ? addHours(now, holdHours) : new Date(known);
  return from > now ? from : undefined;
}

const usualHours = ({ reason }: OwnRecord['record']): number =>
  reasons[reason].answersNow ? 0 : leastHoldHours;

const addHours = (at: Date, hours: number): Date => new Date(at.getTime() + hours * hourMs);

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const invalid = (path: string, code: IssueCode): RecourseError =>
  new RecourseError('invalid-input', { issues: [{ path, code }] });
