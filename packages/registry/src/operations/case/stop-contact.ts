import { caseKey, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { deleteContacts } from '../../cases/contact-store.ts';
import { WrongSecret, type CaseContext } from '../../cases/context.ts';

/** Stops the mails for whoever reads them, who need not have a key of the case. */
export async function stopContact(
  ctx: CaseContext,
  { code }: CaseInput<'case.stopContact'>,
): Promise<CaseOutput<'case.stopContact'>> {
  if (!(await deleteContacts(ctx.db, { stop: caseKey(code) }))) throw new WrongSecret();
  return { stopped: true };
}
