import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem, problemBody, type ProblemCode } from '@recourse/protocol';
import { securityHeaders } from './answers.ts';

/** Codes of Node.js and of its parser; whatever else they find is malformed. */
const problems: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
};

/** Answers with a problem what never became a request, and ends its connection. */
export function answerClientErrors(server: Server, origin: string): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const isOver = !socket.writable || error.code === 'ECONNRESET' || isAnswering(socket);
    const problem = new Problem(problems[error.code ?? ''] ?? 'malformed-request');
    if (isOver) socket.destroy();
    else socket.end(rawAnswer(problem, origin), () => socket.destroy());
  });
}

/** Behind the beginning of another answer on the connection a second one would be read as part of it. */
const isAnswering = (socket: Duplex & { _httpMessage?: ServerResponse | null }): boolean =>
  socket._httpMessage?.headersSent ?? false;

function rawAnswer(problem: Problem, origin: string): string {
  const body = JSON.stringify(problemBody(problem, origin));
  const headers = {
    ...securityHeaders(origin, '/'),
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n${lines.join('')}\r\n${body}`;
}
