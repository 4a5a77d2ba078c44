import { movedDays, workerPort } from '@recourse/testkit';
import { read } from './pages.ts';
import { readBlocks, savedFiles, type Block } from './read-blocks.ts';
import { Shell } from './shell.ts';
import { isShown, isShownWithin } from './shown.ts';

const python = /^python3 /;
const exampleKey = 'registry.example/ledger+5a632b36+AYqI…';

/** Ports of this machine in the place of those that pages name. */
interface Ports {
  readonly registry: number;
  readonly agent: number;
  readonly witness: number;
}

/** Somebody who follows pages in a folder and a shell of their own. */
export class Reader {
  readonly #shell: Shell;
  readonly #ports: Ports;
  /** An id such as `apl_…` in a command, and `HASH` behind an option, are the last that were printed. */
  readonly #lastIds = new Map<string, string>();

  private constructor(ports: Ports, env: Record<string, string>) {
    this.#ports = ports;
    this.#shell = new Shell({
      RECOURSE_PORT: String(ports.registry),
      RECOURSE_AGENT_LISTEN: `127.0.0.1:${ports.agent}`,
      ...env,
    });
  }

  static async open(env: Record<string, string>): Promise<Reader> {
    const [registry, agent] = [await workerPort(), await workerPort()];
    return new Reader({ registry, agent, witness: await workerPort() }, env);
  }

  close(): Promise<void> {
    return this.#shell.close();
  }

  /** Runs the blocks of a page in their order, to the first that does not do what the page says. */
  async faultIn(page: string): Promise<string | undefined> {
    for (const { name, text } of savedFiles(read(page))) this.#shell.save(name, text);
    for (const block of readBlocks(read(page), page)) {
      const fault = block.notRun === undefined ? await this.#faultOf(block) : undefined;
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  async #faultOf(block: Block): Promise<string | undefined> {
    const expected = await this.#here(block.output ?? '');
    let printed = '';
    let matches = isShown;
    for (const line of block.commands) {
      if (python.test(line) && !(await this.#runsPython())) continue;
      const command = await this.#here(signedAs(this.#withIds(line), block.as));
      if (command.includes('…')) return `${block.at} leaves out more than an id: ${command}`;
      const ran = await this.#shell.run(command, (text) => isShownWithin(text, expected));
      this.#noteIds(ran.printed);
      printed += ran.printed;
      if (ran.code !== 0) return `${block.at} exits with ${ran.code}: ${command}\n${printed}`;
      if (ran.isServing) matches = isShownWithin;
    }
    const isSaid = expected === '' || matches(printed, expected);
    return isSaid ? undefined : `${block.at} says\n${expected}\nand is answered\n${printed}`;
  }

  /** Where a page's hosts, ports and folders are here. */
  async #here(text: string): Promise<string> {
    const { registry, agent, witness } = this.#ports;
    return text
      .replaceAll(exampleKey, text.includes(exampleKey) ? await this.#logKey() : '')
      .replaceAll('https://registry.example', `http://localhost:${registry}`)
      .replaceAll(/\b(localhost|127\.0\.0\.1):4800\b/g, `$1:${registry}`)
      .replaceAll(/\b(localhost|127\.0\.0\.1):4810\b/g, `$1:${agent}`)
      .replaceAll(/\b8470\b/g, String(witness))
      .replaceAll(/(?<= |=|\()\/(?:var\/lib|etc)\/(?=recourse)/g, `${this.#shell.folder}/`);
  }

  async #logKey(): Promise<string> {
    const answer = await fetch(`http://localhost:${this.#ports.registry}/.well-known/recourse`);
    return ((await answer.json()) as { ledger: { key: string } }).ledger.key;
  }

  /** Python keeps the time of the machine, also in a run that moves its clock. */
  async #runsPython(): Promise<boolean> {
    return movedDays === 0 && (await this.#shell.run('command -v python3', () => true)).code === 0;
  }

  #noteIds(printed: string): void {
    for (const [id, kind = ''] of printed.matchAll(/\b([a-z]{3})_[0-9a-z]{26}\b/g))
      this.#lastIds.set(kind, id);
    for (const [, option = '', given = ''] of printed.matchAll(/(--[a-z-]+) (\S+)/g))
      this.#lastIds.set(option, given);
  }

  #withIds(command: string): string {
    return command
      .replaceAll(/\b([a-z]{3})_…/g, (left, kind: string) => this.#lastIds.get(kind) ?? left)
      .replaceAll(
        /(--[a-z-]+) (?:HASH|KEY|TIME)\b/g,
        (left, option: string) => `${option} ${this.#lastIds.get(option) ?? left}`,
      );
  }
}

const signedAs = (command: string, as: string | undefined): string =>
  as === undefined
    ? command
    : command.replace(/^(?:npx )?recourse /, `recourse --sandbox .recourse --as ${as} `);

/** On a busy machine an answer takes longer than a signup waits. */
export const inSandbox = { RECOURSE_AGENT_WITHIN_MS: '60000' };
/** Its lines as at a terminal; no balancer waits for its end. */
export const inProduction = { RECOURSE_LOG_FORMAT: 'text', RECOURSE_DRAIN_SECONDS: '0' };
