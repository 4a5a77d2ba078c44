import { createReadStream } from 'node:fs';
import { connect, isRecourseError, type ConnectOptions, type SanctionInput } from '@recourse/sdk';

/** Records a sanction. The link goes into the notice to the creator, the salts stay with the evidence. */
export async function recordScam(options: ConnectOptions, email: string) {
  const recourse = connect(options);
  const sanction: SanctionInput = {
    creator: { email: { value: email, control: 'otp', provenAt: new Date('2026-01-10') } },
    reason: 'fraud.scam',
    action: 'account-terminated',
    incident: { from: new Date('2026-01-20'), to: new Date('2026-02-10') },
    decidedAt: new Date('2026-02-27'),
    decidedBy: 'human',
    evidence: [{ class: 'payment-records', source: createReadStream(import.meta.filename) }],
    account: 'Sold the same ticket to forty people between 20 January and 10 February.',
    policy: 0,
    origin: 'user-report',
    attest: ['no-authority', 'no-takeover'],
    age: 'adult',
  };
  try {
    const { caseLink, evidence, noticeDueAt } = await recourse.sanctions.submit(sanction);
    return { caseLink, evidence, noticeDueAt };
  } catch (error) {
    // For people, and for the field of a form: which member is wrong, and what it may be. Never its value.
    if (isRecourseError(error) && error.field) {
      return { say: error.next, field: error.field, allowed: error.allowed };
    }
    throw error;
  }
}
