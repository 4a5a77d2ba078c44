import type { ServerConfig } from '../config/config.ts';
import type { Log } from '../log.ts';
import { noTraces, type Traces } from './traces.ts';

/** Nothing of OpenTelemetry is loaded unless a collector is named. */
export async function openTraces(
  { traces, role }: Pick<ServerConfig, 'traces' | 'role'>,
  log: Log,
): Promise<Traces> {
  if (!traces) return noTraces;
  const { OtlpTraces } = await import('./otlp-traces.ts');
  return new OtlpTraces({ role, log });
}
