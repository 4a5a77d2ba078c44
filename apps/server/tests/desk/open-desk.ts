import { randomBytes } from 'node:crypto';
import {
  encodeInvite,
  inviteKey,
  openEnrolment,
  signCompact,
  signerFromJwk,
  thumbprint,
  toBase64url,
} from '@recourse/protocol';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launch } from '../browser/launch.ts';
import { newHome, type SandboxParty, type TestHome, type TestServer } from '../run-server.ts';

export interface DeskPerson {
  /** `Tubely`, `Review panel`, `Operator` */
  readonly of: string;
  readonly role: 'trust' | 'support' | 'reviewer' | 'operator';
  readonly admin?: boolean;
  /** Which of several such people, from 0; the first when absent */
  readonly nth?: number;
}

export interface SentRequest {
  readonly url: string;
  readonly body: Buffer | null;
}

/** A browser page in which one person is enrolled, and what it sent and complained about. */
export interface Desk {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly sent: SentRequest[];
  /** Errors of the console, of scripts, and of the policy */
  readonly complaints: string[];
}

/** A sandbox with its browser. `openDesk` gives each person a browser profile of their own. */
export class DeskHome {
  readonly home: TestHome;
  readonly server: TestServer;
  readonly #browser: Browser;

  private constructor(home: TestHome, server: TestServer, browser: Browser) {
    this.home = home;
    this.server = server;
    this.#browser = browser;
  }

  static async start(): Promise<DeskHome> {
    const home = await newHome();
    const server = await home.start();
    return new DeskHome(home, server, await launch());
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.home.close();
  }

  /** A profile without anybody in it. */
  async profile(options: { theme?: 'light' | 'dark' } = {}): Promise<Desk> {
    const context = await this.#browser.newContext({
      viewport: { width: 1280, height: 900 },
      colorScheme: options.theme ?? 'light',
      acceptDownloads: true,
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    });
    return watched(context, await context.newPage());
  }

  /** Enrols a new browser of this person by the link of an invite, and has the party's admin add its key. */
  async openDesk(person: DeskPerson): Promise<Desk> {
    const desk = await this.profile();
    await desk.page.goto(`${this.server.url}/desk/#/enrol?invite=${await this.invite(person)}`);
    await desk.page.getByRole('heading', { name: 'Your key' }).waitFor();
    await this.addWaitingKeys(person.of);
    await desk.page.getByRole('navigation').waitFor();
    await desk.page.getByRole('heading', { name: 'Your key' }).waitFor({ state: 'detached' });
    return desk;
  }

  /** The text of a fresh invite for another key of a sample person. */
  async invite({ of, role, admin = false, nth = 0 }: DeskPerson): Promise<string> {
    const people = this.server.parties.filter((p) => p.name === of && p.role === role);
    const holder = [...new Set(people.map((person) => person.holder))][nth];
    const code = toBase64url(randomBytes(32));
    const by = this.#admin(of);
    const input = { invite: inviteKey(code), role, admin, holder };
    await this.#must(by, 'people.invite', input);
    const { body } = await this.server.get('/.well-known/recourse');
    return encodeInvite({
      origin: this.server.origin,
      code,
      party: by.party as 'panel',
      role,
      admin,
      logKey: thumbprint(body.logKey),
      policy: this.server.policy,
    });
  }

  /** What an administrator does at a desk of their own: states every key that waits. */
  async addWaitingKeys(of: string): Promise<void> {
    const audience = this.server.origin;
    const { waiting } = await this.#must(this.#admin(of), 'keys.list', {});
    for (const { holder, role, admin, enrolment } of waiting) {
      // An operator adds a key of their own alone; one for another takes two.
      const by = this.#admin(of, holder);
      const signer = await signerFromJwk(by.privateJwk);
      const { jwk } = await openEnrolment(enrolment, { audience });
      const claims = { aud: audience, party: by.party, holder, role, admin, use: 'sig', jwk };
      const iat = Math.floor(Date.now() / 1000);
      const statement = await signCompact(signer, 'recourse-key+jwt', { ...claims, iat });
      await this.#must(by, 'keys.add', { statement });
    }
  }

  #admin(of: string, holder?: string): SandboxParty {
    const admins = this.server.parties.filter((p) => p.name === of && p.admin);
    const admin = admins.find((p) => p.holder === holder) ?? admins[0];
    if (!admin) throw new Error(`no admin of ${of}`);
    return admin;
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- each caller reads what it asked for
  async #must(by: SandboxParty, op: string, input: object): Promise<any> {
    const { status, body, text } = await this.server.call(by, op, input);
    if (status !== 200) throw new Error(`${op}: ${text}`);
    return body.result;
  }
}

function watched(context: BrowserContext, page: Page): Desk {
  const sent: SentRequest[] = [];
  const complaints: string[] = [];
  context.on('request', (request) =>
    sent.push({ url: request.url(), body: request.postDataBuffer() }),
  );
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => {
    const isRefusal = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
  });
  return { page, context, sent, complaints };
}
