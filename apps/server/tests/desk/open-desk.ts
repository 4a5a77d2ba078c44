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
import type { SandboxParty, TestServer } from '../test-server.ts';

export interface DeskPerson {
  /** `Tubely`, `Review panel`, `Operator` */
  readonly of: string;
  readonly role: 'trust' | 'support' | 'reviewer' | 'operator';
  readonly admin?: boolean;
  /** Which of several such people, from 0; the first when absent */
  readonly nth?: number;
  /** As the desk calls them */
  readonly label?: string;
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
  /** Addresses that answered with an error */
  readonly refused: string[];
  /** Errors of the console, of scripts, and of the policy */
  readonly complaints: string[];
}

export interface ProfileOptions {
  readonly theme?: 'light' | 'dark';
  readonly locale?: string;
  /** Run in each page before its own scripts */
  readonly script?: string;
  /** Where the desk is served, such as an agent's; at the server itself when absent */
  readonly at?: string;
}

/** The desks of a sandbox: `openDesk` gives each person a browser profile of their own. */
export class Desks {
  readonly server: TestServer;
  readonly #browser: Browser;

  constructor(server: TestServer, browser: Browser) {
    this.server = server;
    this.#browser = browser;
  }

  /** A profile without anybody in it. */
  async profile(options: ProfileOptions = {}): Promise<Desk> {
    const context = await this.#browser.newContext({
      viewport: { width: 1280, height: 900 },
      colorScheme: options.theme ?? 'light',
      acceptDownloads: true,
      locale: options.locale ?? 'en-GB',
      timezoneId: 'Europe/Berlin',
    });
    // A machine that runs other tests beside may take long.
    context.setDefaultTimeout(60_000);
    if (options.script) await context.addInitScript(options.script);
    return watched(context, await context.newPage());
  }

  /** Goes to a screen anew, and waits for its title. */
  async go(page: Page, path: string): Promise<void> {
    await page.goto('about:blank');
    await page.goto(`${this.server.url}/desk/#${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
  }

  /** Enrols a new browser of this person by the link of an invite, and has the party's admin add its key. */
  async openDesk(person: DeskPerson): Promise<Desk> {
    const invite = await this.invite(person);
    const named = person.label ? `${invite}&name=${encodeURIComponent(person.label)}` : invite;
    return this.openBy(named, () => this.addWaitingKeys(person.of));
  }

  /** Enrols a new browser by an invite; the first admin key of a party waits for nobody. */
  async openBy(
    invite: string,
    admit?: () => Promise<void>,
    options: ProfileOptions = {},
  ): Promise<Desk> {
    const desk = await this.profile(options);
    const at = options.at ?? `${this.server.url}/desk/`;
    await desk.page.goto(`${at}#/enrol?invite=${invite}`);
    if (admit) {
      await desk.page.getByRole('heading', { name: 'Your key' }).waitFor();
      await admit();
    }
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
  async addWaitingKeys(name: string): Promise<void> {
    const audience = this.server.origin;
    const { waiting } = await this.#must(this.#admin(name), 'keys.list', {});
    for (const { holder, role, admin, enrolment } of waiting) {
      // Operators and reviewers add a key of their own alone; one for another takes two.
      const by = this.#admin(name, holder);
      const carrier = by.holder === holder ? by : this.#otherAdmin(by);
      const signer = await signerFromJwk(by.privateJwk);
      const { jwk } = await openEnrolment(enrolment, { audience });
      const claims = { aud: audience, party: by.party, holder, role, admin, use: 'sig', jwk };
      const iat = Math.floor((await this.#now()).getTime() / 1000);
      const statement = await signCompact(signer, 'recourse-key+jwt', { ...claims, iat });
      await this.#must(carrier, 'keys.add', { statement });
    }
  }

  /** As the sandbox has it, whose clock a story moves. */
  async #now(): Promise<Date> {
    return new Date((await this.server.get('/sandbox/clock')).body.now);
  }

  #admin(name: string, holder?: string): SandboxParty {
    const admins = this.server.parties.filter((p) => p.name === name && p.admin);
    const admin = admins.find((p) => p.holder === holder) ?? admins[0];
    if (!admin) throw new Error(`no admin of ${name}`);
    return admin;
  }

  #otherAdmin(by: SandboxParty): SandboxParty {
    const admins = this.server.parties.filter((p) => p.name === by.name && p.admin);
    return admins.find(({ holder }) => holder !== by.holder) ?? by;
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- each caller reads what it asked for
  async #must(by: SandboxParty, op: string, input: object): Promise<any> {
    const iat = Math.floor((await this.#now()).getTime() / 1000);
    const { status, body, text } = await this.server.call(by, op, input, { iat, exp: iat + 60 });
    if (status !== 200) throw new Error(`${op}: ${text}`);
    return body.result;
  }
}

function watched(context: BrowserContext, page: Page): Desk {
  const sent: SentRequest[] = [];
  const refused: string[] = [];
  const complaints: string[] = [];
  context.on('response', (response) => {
    if (!response.ok()) refused.push(`${response.status()} ${response.url()}`);
  });
  context.on('request', (request) =>
    sent.push({ url: request.url(), body: request.postDataBuffer() }),
  );
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => {
    const isRefusal = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
  });
  return { page, context, sent, refused, complaints };
}
