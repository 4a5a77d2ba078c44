import { fileWitnessStore, serveWitness, Witness } from '../src/index.ts';
import { logs, witnessSigner } from './fixtures.ts';

// A witness as `recourse witness run` is one, until it is killed.
const witness = new Witness({
  signer: witnessSigner,
  logs: logs.map(({ key }) => key),
  store: fileWitnessStore(process.argv[2] ?? ''),
  clock: () => new Date(),
});
const { url } = await serveWitness({ witness, host: '127.0.0.1', port: 0 });
process.stdout.write(`${url}\n`);
