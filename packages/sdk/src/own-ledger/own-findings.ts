import { jcs, type Entry, type RecallRecord } from '@recourse/protocol';
import type { OwnFinding } from './own-ledger-error.ts';
import type { OpenedEntry, OwnOpenings } from './own-openings.ts';
import type { ToldVersion } from '../ledger/told-disclosures.ts';

/** Compares what the ledger opened to the party with what the registry tells it elsewhere. */
export class OwnFindings {
  readonly #own: OwnOpenings;
  readonly #recalls: readonly RecallRecord[];
  /** Sanctions, and versions of them as `keyOf` */
  readonly #disclosed: ReadonlySet<string>;
  readonly #issued: ReadonlyMap<string | undefined, OpenedEntry<'recall-issued'>>;
  readonly #answered: ReadonlySet<string | undefined>;

  constructor(own: OwnOpenings, recalls: readonly RecallRecord[]) {
    this.#own = own;
    this.#recalls = recalls;
    const disclosures = own.of('sanction-disclosed').map(toldIn);
    this.#disclosed = new Set(
      disclosures.flatMap((disclosure) => [disclosure.sanction, keyOf(disclosure)]),
    );
    this.#issued = new Map(
      own.of('recall-issued').map((issued) => [issued.detail?.recall, issued]),
    );
    this.#answered = new Set(own.of('recall-acknowledged').map(({ detail }) => detail?.recall));
  }

  all(versions: readonly ToldVersion[]): OwnFinding[] {
    return [...this.missing(versions), ...this.#unlisted()];
  }

  /** Finds what is told elsewhere and not opened. */
  missing(versions: readonly ToldVersion[]): OwnFinding[] {
    return [
      ...versions.filter((version) => !this.#isDisclosed(version)).map(missingDisclosure),
      ...this.#recalls.flatMap((recall) => this.#missingOf(recall)),
    ];
  }

  #missingOf(recall: RecallRecord): OwnFinding[] {
    if (this.#own.erased.has(recall.sanction)) return [];
    const issued = this.#issued.get(recall.recall);
    if (!issued || !isSame(issued, recall)) return [{ code: 'recalls-differ', recall }];
    if (recall.acknowledged && !this.#answered.has(recall.recall)) {
      return [{ code: 'acknowledgement-forged', recall }];
    }
    const { sanction } = recall;
    return this.#disclosed.has(sanction) ? [] : [{ code: 'disclosure-missing', sanction }];
  }

  #isDisclosed(version: ToldVersion): boolean {
    return this.#own.erased.has(version.sanction) || this.#disclosed.has(keyOf(version));
  }

  /** Finds what is opened and not told elsewhere: the list was read last, and hides it. */
  #unlisted(): OwnFinding[] {
    const listed = new Map<string | undefined, RecallRecord>(
      this.#recalls.map((recall) => [recall.recall, recall]),
    );
    const unlisted = [...this.#issued].filter(([recall]) => !listed.has(recall));
    const open = this.#own
      .of('recall-acknowledged')
      .filter(({ detail }) => !listed.get(detail?.recall)?.acknowledged);
    return [...unlisted.map(([, issued]) => issued), ...open].map(({ opening }) => ({
      code: 'recalls-differ',
      opening,
    }));
  }
}

const missingDisclosure = ({ sanction, version }: ToldVersion): OwnFinding => ({
  code: 'disclosure-missing',
  sanction,
  version,
});

const keyOf = ({ sanction, version }: ToldVersion): string => `${sanction} ${version}`;

const toldIn = ({ opening, detail }: OpenedEntry<'sanction-disclosed'>): ToldVersion => ({
  sanction: opening.sanction ?? '',
  version: Number(detail?.version),
});

const isSame = ({ opening, detail }: OpenedEntry<'recall-issued'>, recall: RecallRecord): boolean =>
  opening.sanction === recall.sanction &&
  detail?.version === recall.version &&
  detail.kind === recall.kind;

/**
 * Entries of the log that are about what the party was told, and that no opening is of. The registry has every salt:
 * it could log that a recall was answered and show the opening to nobody.
 * @param log every entry, in order
 */
export async function entriesAbout(own: OwnOpenings, log: AsyncIterable<Entry>): Promise<Entry[]> {
  const pairs = new Set(own.opened.flatMap(({ opening }) => pairOf(opening.entry)));
  const about: Entry[] = [];
  for await (const entry of log)
    if (pairOf(entry).some((pair) => pairs.has(pair))) about.push(entry);
  return about;
}

export function unopenedOf(about: readonly Entry[], own: OwnOpenings): OwnFinding[] {
  const opened = new Set(own.opened.map(({ opening }) => jcs(opening.entry)));
  return about
    .filter((entry) => !opened.has(jcs(entry)))
    .map((entry) => ({ code: 'opening-missing', entry }));
}

const pairOf = (entry: Entry): string[] => ('pair' in entry ? [entry.pair] : []);
