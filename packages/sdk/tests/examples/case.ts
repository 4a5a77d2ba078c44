import { caseClient, newCaseKey, type CaseClientOptions } from '@recourse/sdk/case';

/** Takes the case of a notice and appeals. From now on the key opens it, and the code of the notice no more. */
export async function appealByCode(options: CaseClientOptions, code: string, words: string) {
  const cases = caseClient(options);
  const key = newCaseKey(); // show it to the creator: it exists nowhere else
  await cases.claim({ code, newKey: key });
  const input = { key, ground: 'not-me', words, language: 'en' } as const;
  const { result, receipt } = await cases.call('appeal', input);
  return { key, decisionDueAt: result.decisionDueAt, proof: receipt.header };
}
