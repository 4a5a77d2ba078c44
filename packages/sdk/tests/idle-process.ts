// Run by ledger-promises.slow.test.ts as a process of its own, which must end by itself.
import { connect } from '../src/index.ts';
import { FakeRegistry, origin, platformA } from './fake-registry.ts';

const registry = await FakeRegistry.start();
const admin = await registry.addParty(platformA);
registry.handlers.set('keys.list', () => ({ result: { keys: [], waiting: [] } }));
registry.clock = () => new Date();
const recourse = connect({
  registry: { origin, logKid: registry.logSigner.kid },
  party: platformA,
  signers: { admin },
  fetch: registry.fetch,
  sleep: async () => undefined,
});
await recourse.call('keys.list', {});
// Longer than until the first look, which finds no log.
await new Promise((resolve) => {
  setTimeout(resolve, 1_500);
});
process.stdout.write('answered\n');
