import { appendPrivate, type AppendFile } from './append-file.ts';

export interface CaseCode {
  readonly externalId: string;
  readonly sanction: string;
  readonly caseCode: string;
  readonly caseLink: string;
}

/**
 * The only place a case code is written to: whoever holds one reads the case, so it goes from here into the notice and
 * is deleted. Where an id stands twice, the last line counts.
 */
export class CaseCodeFile {
  readonly #file: AppendFile;

  constructor(path: string) {
    this.#file = appendPrivate(path);
  }

  add({ externalId, sanction, caseCode, caseLink }: CaseCode): Promise<void> {
    return this.#file.append({
      external_id: externalId,
      sanction,
      case_code: caseCode,
      case_link: caseLink,
    });
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
