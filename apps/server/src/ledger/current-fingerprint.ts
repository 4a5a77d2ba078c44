import { policyFingerprint } from '@recourse/protocol';
import { policyIn, readPolicies, servedSize, type Db } from '@recourse/registry';

/**
 * Fingerprint that an invite pins: that of the witness policy of the checkpoint that is served, under which its holder
 * reads at once; of the first policy before there is one.
 */
export async function currentFingerprint(db: Db): Promise<string> {
  const [first] = await readPolicies(db);
  const policy = (await policyIn(db, await servedSize(db))) ?? first;
  if (!policy) throw new TypeError('the ledger has no witness policy');
  return policyFingerprint(policy.detail);
}
