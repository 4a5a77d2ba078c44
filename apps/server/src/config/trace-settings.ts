import { ServerError } from '../errors.ts';
import { withoutPassword, type Settings } from './settings.ts';

/**
 * Whether the variables of OpenTelemetry turn traces on. Its packages read the rest of them by themselves.
 */
export function tracesOf(env: Settings): boolean {
  const endpoints = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'].map(
    (name) => env.find(name, { read: collectorIn(name), shown: withoutPassword }),
  );
  const isOff = env.find('OTEL_SDK_DISABLED', { read: (text) => text.toLowerCase() === 'true' });
  const exporter = env.find('OTEL_TRACES_EXPORTER', { read: exporterIn });
  return endpoints.some(Boolean) && isOff !== true && exporter !== 'none';
}

const collectorIn = (name: string) => (text: string) => {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new ServerError('config_invalid', `${name} takes a collector: http://127.0.0.1:4318.`);
};

function exporterIn(text: string): string {
  if (text === 'otlp' || text === 'none') return text;
  throw new ServerError('config_invalid', 'OTEL_TRACES_EXPORTER takes otlp or none.');
}
