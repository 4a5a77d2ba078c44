import { expect, test } from 'vitest';
import { readLogFormat } from './config/config.ts';
import { ServerError } from './errors.ts';
import { jsonLog, type ProcessLog } from './log.ts';

/** Reads the lines of a log, without the time and the frames, which differ. */
function written(write: (log: ProcessLog) => void): object[] {
  const lines: object[] = [];
  write(
    jsonLog({
      write: (text: string) => {
        expect(text).toMatch(/^\{.*\}\n$/);
        const { time, error, ...rest } = JSON.parse(text) as Record<string, unknown>;
        expect(String(time)).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
        const named = typeof error === 'string' ? { error: error.split(' at ')[0] } : {};
        lines.push({ ...rest, ...named });
      },
    }),
  );
  return lines;
}

const call = { operation: 'checks.match', status: 503, code: 'overloaded', ms: 12 };

test('each line is one JSON object, and an empty one is none', () => {
  const lines = written((log) => {
    log.progress('Recourse is ready at http://127.0.0.1:4800');
    log.progress('');
    log.warn('CLOCK: the clocks differ.');
    log.alarm('UNPROTECTED: nothing is signed.');
    log.fault('call', undefined, call);
  });
  expect(lines).toEqual([
    { level: 'info', msg: 'Recourse is ready at http://127.0.0.1:4800' },
    { level: 'warn', msg: 'CLOCK: the clocks differ.' },
    { level: 'error', msg: 'UNPROTECTED: nothing is signed.' },
    { level: 'error', ...call, msg: 'call', error: 'no error' },
  ]);
});

test('of an error its name, its code and its cause are said, and no line of its message', () => {
  const cause = Object.assign(new RangeError('secret'), { code: '53300' });
  const [line] = written((log) =>
    log.fault('due', new Error('secret\n    at secret (file:///secret.ts:1:1)\n', { cause })),
  );
  expect(JSON.stringify(line)).not.toContain('secret');
  const [whole] = written((log) => log.fault('due', cause));
  expect(whole).toEqual({ level: 'error', msg: 'due', error: 'RangeError 53300' });
});

test('why a process ended is said with its code, and what is no word of ours by its name', () => {
  const lines = written((log) => {
    log.end('start', new ServerError('port_in_use', 'Port 4800 is in use.'));
    log.end('start', new TypeError('secret'));
  });
  expect(lines).toEqual([
    { level: 'fatal', code: 'port_in_use', msg: 'Port 4800 is in use.' },
    { level: 'fatal', error: 'TypeError', msg: 'start' },
  ]);
});

test('production logs JSON unless somebody reads along, or another format was asked for', () => {
  const production = { RECOURSE_MODE: 'production' };
  expect(readLogFormat({}, false)).toBe('text');
  expect(readLogFormat(production, false)).toBe('json');
  expect(readLogFormat(production, true)).toBe('text');
  expect(readLogFormat({ RECOURSE_LOG_FORMAT: 'json' }, true)).toBe('json');
  expect(readLogFormat({ ...production, RECOURSE_LOG_FORMAT: 'text' }, false)).toBe('text');
  expect(() => readLogFormat({ RECOURSE_LOG_FORMAT: 'xml' }, true)).toThrow('RECOURSE_LOG_FORMAT');
});
