import { Measures, type Measured } from './measures.ts';
import { Metrics } from './metrics.ts';

/** Names of all figures of a server, its database left aside. */
export function registeredNames(): string[] {
  const { registry } = new Metrics({ mode: 'production', role: 'all' });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing is measured
  const nothing = { services: {} } as unknown as Measured;
  return new Measures(registry, nothing).registry.getMetricsAsArray().map(({ name }) => name);
}
