import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { ExportResultCode, parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import type { ServerRole } from '../config/config.ts';
import { callId, type EndedRequest } from './ended-request.ts';
import type { Log } from '../log.ts';
import { sayOnTurn } from '../say-on-turn.ts';
import type { RequestTrace, TracedStep, Traces } from './traces.ts';

/**
 * Spans by OpenTelemetry, sent as OTLP in JSON. A span holds what a line of the log may: an operation and a problem of
 * closed lists, a status, and the hash that names a call. Nothing here is global: servers of one process do not mix.
 */
export class OtlpTraces implements Traces {
  readonly #provider: BasicTracerProvider;
  readonly #current = new AsyncLocalStorage<Context>();

  constructor({ role, log }: { role: ServerRole; log: Log }) {
    const ours = resourceFromAttributes({ 'service.name': 'recourse', 'recourse.role': role });
    const ofVariables = detectResources({ detectors: [envDetector] });
    this.#provider = new BasicTracerProvider({
      resource: defaultResource().merge(ours).merge(ofVariables),
      spanProcessors: [new BatchSpanProcessor(telling(new OTLPTraceExporter(), log))],
    });
  }

  request(headers: IncomingHttpHeaders): RequestTrace {
    const span = this.#start('request', SpanKind.SERVER, parentIn(headers));
    const context = trace.setSpan(ROOT_CONTEXT, span);
    return {
      run: (work) => this.#current.run(context, work),
      end: (request) => endRequest(span, request),
    };
  }

  async step<T>(step: TracedStep, work: () => Promise<T>): Promise<T> {
    const parent = this.#current.getStore();
    // Work of the server itself is of no request.
    if (!parent) return work();
    const span = this.#start(step, SpanKind.INTERNAL, parent);
    try {
      return await this.#current.run(trace.setSpan(parent, span), work);
    } finally {
      span.end();
    }
  }

  queued(
    limit: <T>(work: () => Promise<T>) => Promise<T>,
  ): <T>(work: () => Promise<T>) => Promise<T> {
    return async (work) => {
      const parent = this.#current.getStore();
      if (!parent) return limit(work);
      const waiting = this.#start('queue', SpanKind.INTERNAL, parent);
      try {
        return await limit(() => {
          waiting.end();
          // A place that another request leaves lets this one in, in its own context.
          return this.#current.run(parent, work);
        });
      } finally {
        if (waiting.isRecording()) waiting.end();
      }
    };
  }

  close(): Promise<void> {
    return this.#provider.shutdown();
  }

  #start(name: string, kind: SpanKind, parent: Context): Span {
    return this.#provider.getTracer('recourse').startSpan(name, { kind }, parent);
  }
}

/** `tracestate` and `baggage` are whatever a caller writes, and would be stored with the span: they are not read. */
function parentIn({ traceparent }: IncomingHttpHeaders): Context {
  const parent = typeof traceparent === 'string' ? parseTraceParent(traceparent) : null;
  return parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT;
}

function endRequest(span: Span, { operation, status, refused, caller }: EndedRequest): void {
  span.updateName(operation);
  span.setAttribute('recourse.operation', operation);
  span.setAttribute('http.response.status_code', status);
  if (status >= 400 && refused) span.setAttribute('recourse.code', refused.code);
  if (caller) span.setAttribute('recourse.call', callId(caller.jti));
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** Says when the collector takes nothing, and when it does again. */
function telling(exporter: SpanExporter, log: Log): SpanExporter {
  const say = sayOnTurn(log, { over: takesAgain, level: 'warn' });
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        say(result.code === ExportResultCode.FAILED ? [takesNothing] : undefined);
        done(result);
      }),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}

const takesNothing =
  'The collector in OTEL_EXPORTER_OTLP_ENDPOINT takes no traces: they are dropped, and nothing else changes. Look whether it answers OTLP over HTTP, usually on port 4318.';
const takesAgain = 'The collector in OTEL_EXPORTER_OTLP_ENDPOINT takes traces again.';
