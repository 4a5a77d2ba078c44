import { parseArgs } from 'node:util';
import { benchCalls, type BenchOptions } from './bench-calls.ts';
import { benchCosts } from './bench-costs.ts';
import { benchEvaluate } from './bench-evaluate.ts';
import { benchGrowth } from './bench-growth.ts';
import { benchExpiry } from './bench-expiry.ts';
import { benchFleet } from './bench-fleet.ts';
import { benchHistory } from './bench-history.ts';
import { benchImport } from './bench-import.ts';
import { benchKept } from './bench-kept.ts';
import { benchLedger } from './bench-ledger.ts';
import { benchNeighbours } from './bench-neighbours.ts';
import { benchPanel } from './bench-panel.ts';
import { benchPrefixes } from './bench-prefixes.ts';
import { benchQueue } from './bench-queue.ts';
import { benchRebuild } from './bench-rebuild.ts';
import { benchRecall } from './bench-recall.ts';
import { benchRecovery } from './bench-recovery.ts';
import { benchScale } from './bench-scale.ts';
import { benchServers } from './bench-servers.ts';
import { benchSignup } from './bench-signup.ts';
import { benchSubmit } from './bench-submit.ts';
import { benchWatched } from './bench-watched.ts';
import { print, type Report } from './report.ts';

const benches: Readonly<Record<string, (options: BenchOptions) => Promise<Report>>> = {
  calls: (options) => (options.isWatched ? benchWatched(options) : benchCalls(options)),
  evaluate: benchEvaluate,
  submit: benchSubmit,
  fleet: benchFleet,
  import: benchImport,
  costs: benchCosts,
  kept: benchKept,
  growth: benchGrowth,
  queue: benchQueue,
  history: benchHistory,
  expiry: benchExpiry,
  recall: benchRecall,
  recovery: benchRecovery,
  signup: benchSignup,
  panel: benchPanel,
  prefixes: benchPrefixes,
  rebuild: benchRebuild,
  ledger: benchLedger,
  scale: benchScale,
  neighbours: benchNeighbours,
  servers: benchServers,
};

const usage = `Usage: npm run bench -- <${Object.keys(benches).join('|')}> [--rounds 5] [--seconds 5] [--connections 32] [--entries 1000000] [--tokens 10000000] [--records 10000] [--watched] [--panel JSON] [--json]`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
    entries: { type: 'string', default: '1000000' },
    tokens: { type: 'string', default: '10000000' },
    records: { type: 'string', default: '10000' },
    panel: { type: 'string' },
    watched: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const bench = benches[positionals[0] ?? ''];
if (!bench) {
  console.error(usage);
  process.exit(2);
}
const report = await bench({
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  connections: Number(values.connections),
  entries: Number(values.entries),
  tokens: Number(values.tokens),
  records: Number(values.records),
  isWatched: values.watched,
  panel: values.panel,
});
print(report, values.json);
