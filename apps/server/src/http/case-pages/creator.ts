import { randomBytes } from 'node:crypto';
import {
  isJsonObject,
  parseProblem,
  parseStrictJson,
  Problem,
  problemCodes,
  utf8,
  type CaseInput,
  type CaseOpName,
  type CaseOutput,
} from '@recourse/protocol';
import { problemOf } from '@recourse/registry';
import type { HttpContext, HttpServices } from '../context.ts';
import { noteRefusal } from '../current-request.ts';
import type { Markup } from '../markup.ts';
import { requestSource } from '../request-source.ts';
import { textsIn } from '../../texts-in.ts';
import { languageOf } from '../choose-language.ts';
import { keep, type Move } from './addresses.ts';
import type { Drawing } from './forms.ts';
import { troublePage } from './trouble-page.ts';

export type CaseAnswer<N extends CaseOpName> =
  | { readonly ok: true; readonly result: CaseOutput<N> }
  | { readonly ok: false; readonly problem: Problem };

/** One request of a creator to a page: what they do goes to the registry as it would from a program. */
export class Creator {
  readonly http: HttpServices;
  readonly c: HttpContext;
  readonly drawing: Drawing;

  constructor(http: HttpServices, c: HttpContext) {
    this.http = http;
    this.c = c;
    const { language, to } = languageOf(c);
    this.drawing = {
      random: (bytes) => randomBytes(bytes),
      texts: textsIn(language),
      origin: http.services.origin,
      now: http.services.clock(),
      to,
    };
  }

  /** Acts as a program would: the same bytes for the same form, so that a second click is the same act. */
  async act<N extends CaseOpName>(op: N, input: CaseInput<N>): Promise<CaseAnswer<N>> {
    const source = requestSource(this.c, this.http.config);
    const answer = await this.http.caseRateLimiter.hearJson(source, op, input).catch(problemOf);
    if (answer instanceof Problem) return { ok: false, problem: answer };
    noteRefusal(answer.refused);
    const body = parseStrictJson(utf8(answer.body));
    const { result } = isJsonObject(body) ? body : {};
    if (answer.status === 200 && isJsonObject(result)) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the output of this operation, from our own handler
      return { ok: true, result: result['data'] as CaseOutput<N> };
    }
    const problem = parseProblem(body, answer.retryAfterSeconds) ?? new Problem('internal');
    return { ok: false, problem };
  }

  page(body: Markup, status: 200 | 422 = 200): Response | Promise<Response> {
    return this.c.html(body, status, {
      'Content-Security-Policy': policy,
      'Content-Language': this.drawing.texts.language,
    });
  }

  /** @param secret opens the case to go back to */
  async trouble(problem: Problem, secret?: string): Promise<Response> {
    noteRefusal(problem);
    const body = await troublePage(this.drawing, { problem, secret });
    const { retryAfterSeconds: seconds } = problem;
    return new Response(body.toString(), {
      status: problemCodes[problem.code].status,
      headers: {
        'Content-Type': 'text/html; charset=UTF-8',
        'Content-Security-Policy': policy,
        'Content-Language': this.drawing.texts.language,
        ...(seconds === undefined ? {} : { 'Retry-After': String(seconds) }),
      },
    });
  }

  /** Leads to the page that a form asked for. @param draw the page itself, for a browser that keeps no cookies */
  async goTo(move: Move, draw: () => Response | Promise<Response>): Promise<Response> {
    const address = keep({ c: this.c, http: this.http, now: this.drawing.now }, move);
    if (address === undefined) return draw();
    const query = new URLSearchParams(move.query).toString();
    const to = this.drawing.to(address);
    return this.c.redirect(query === '' ? to : `${to}${to.includes('?') ? '&' : '?'}${query}`, 303);
  }

  /** Back to where a case is opened, for what has nothing to show. */
  restart(path = '/case'): Response {
    return this.c.redirect(this.drawing.to(path), 303);
  }

  /** A file to keep; the page it was asked from stays. */
  file(name: string, content: { type: string; text: string }): Response {
    return new Response(content.text, {
      headers: {
        'Content-Type': `${content.type}; charset=utf-8`,
        'Content-Disposition': `attachment; filename="${name}"`,
      },
    });
  }
}

/** As everywhere, but for forms to this registry and its one script. */
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
