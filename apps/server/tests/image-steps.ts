import { execFile } from 'node:child_process';
import { chownSync, cpSync, globSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { contextOf } from './image-context.ts';

const run = promisify(execFile);

/** A stage of the Dockerfile as far as it was carried out. */
export interface Stage {
  /** Stands for the root of the image */
  readonly folder: string;
  workdir: string;
  user: string;
  entrypoint: readonly string[];
  command: readonly string[];
  healthCheck: readonly string[];
  readonly environment: Record<string, string>;
  readonly labels: Record<string, string>;
  readonly ports: Set<string>;
  readonly volumes: Set<string>;
}

interface Step {
  readonly instruction: string;
  readonly text: string;
}

/**
 * Carries out a Dockerfile without Docker. The folder of a stage stands for its root, and a base image is an empty one:
 * what a step needs of it is the Node and the npm of this machine. An instruction that is not known here fails.
 */
export class ImageSteps {
  readonly #root: string;
  readonly #into: string;
  readonly #stages: ReadonlyMap<string, readonly Step[]>;
  readonly #done = new Map<string, Promise<Stage>>();

  constructor(root: string, target: string) {
    this.#root = root;
    this.#into = target;
    this.#stages = stagesOf(readFileSync(join(root, 'docker/Dockerfile'), 'utf8'));
  }

  /** A stage by its name, carried out once. */
  stage(name: string): Promise<Stage> {
    const done = this.#done.get(name) ?? this.#carryOut(name);
    this.#done.set(name, done);
    return done;
  }

  async #carryOut(name: string): Promise<Stage> {
    const [from, ...steps] = this.#stages.get(name) ?? [];
    if (from === undefined) throw new Error(`no stage is called ${name}`);
    const base = from.text.split(' ')[0] ?? '';
    const stage = await this.#begin(name, base);
    for (const step of steps) await this.#step(stage, step);
    return stage;
  }

  async #begin(name: string, base: string): Promise<Stage> {
    const folder = join(this.#into, name);
    mkdirSync(folder);
    if (!this.#stages.has(base)) return emptyStage(folder);
    const { environment, labels, ports, volumes, ...rest } = await this.stage(base);
    // Names of the same files: npm and the steps replace files and write into none.
    await run('cp', ['-al', `${rest.folder}/.`, folder]);
    return {
      ...rest,
      folder,
      environment: { ...environment },
      labels: { ...labels },
      ports: new Set(ports),
      volumes: new Set(volumes),
    };
  }

  async #step(stage: Stage, { instruction, text }: Step): Promise<void> {
    if (instruction === 'RUN') return this.#run(stage, text);
    if (instruction === 'COPY') return this.#copy(stage, text);
    const declare = declarations[instruction];
    if (!declare) throw new Error(`${instruction} is not carried out here`);
    declare(stage, text);
  }

  /** `npm ci` of everything made the checkout, so its result is taken over. Other steps run as they stand. */
  async #run(stage: Stage, text: string): Promise<void> {
    const cwd = join(stage.folder, stage.workdir);
    if (text === 'npm ci') {
      for (const path of globSync('{.,apps/*,packages/*}/node_modules', { cwd: this.#root }))
        await run('cp', ['-al', join(this.#root, path), join(cwd, path)]);
      return;
    }
    await run('/bin/sh', ['-ec', text], { cwd, env: { ...here(), ...stage.environment } });
  }

  async #copy(stage: Stage, text: string): Promise<void> {
    const words = text.split(' ');
    const option = (name: string): string | undefined =>
      words.find((word) => word.startsWith(`--${name}=`))?.split('=')[1];
    const [source = '', target = ''] = words.filter((word) => !word.startsWith('--'));
    const from = option('from');
    const into = join(stage.folder, resolve(stage.workdir, target));
    if (from === undefined) this.#copyContext(into);
    else cpSync(join((await this.stage(from)).folder, source), into, copying);
    const [uid, gid] = (option('chown') ?? '').split(':').map(Number);
    if (isRoot && uid && gid) chownSync(into, uid, gid);
  }

  #copyContext(target: string): void {
    const isSeen = contextOf(this.#root);
    const files = ['*', '{apps,packages,scripts}/**'].flatMap((pattern) =>
      globSync(pattern, {
        cwd: this.#root,
        exclude: (name) => /(^|\/)(node_modules|dist)$/.test(name),
      }),
    );
    for (const path of files) {
      const source = join(this.#root, path);
      if (isSeen(path) && statSync(source).isFile()) cpSync(source, join(target, path), copying);
    }
  }
}

const isRoot = process.getuid?.() === 0;
const copying = { recursive: true, verbatimSymlinks: true } as const;

/** A build knows nothing of this run but where npm gets packages. */
const foreign =
  /^(?:npm_(?!config_(?:registry|cache|userconfig)$)|NODE_ENV|NODE_OPTIONS|VITEST|RECOURSE_|DATABASE_)/;
const here = (): Record<string, string | undefined> => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))),
  npm_config_prefer_offline: 'true',
});

const emptyStage = (folder: string): Stage => ({
  folder,
  workdir: '/',
  user: '',
  entrypoint: [],
  command: [],
  healthCheck: [],
  environment: {},
  labels: {},
  ports: new Set(),
  volumes: new Set(),
});

/** Instructions that say how the image is run. */
const declarations: Readonly<Record<string, (stage: Stage, text: string) => void>> = {
  WORKDIR: (stage, text) => {
    stage.workdir = text;
    mkdirSync(join(stage.folder, text), { recursive: true });
  },
  USER: (stage, text) => void (stage.user = text),
  ENTRYPOINT: (stage, text) => {
    stage.entrypoint = list(text);
    stage.command = [];
  },
  CMD: (stage, text) => void (stage.command = list(text)),
  HEALTHCHECK: (stage, text) => void (stage.healthCheck = list(text.slice(text.indexOf('[')))),
  ENV: (stage, text) => void Object.assign(stage.environment, pairs(text)),
  LABEL: (stage, text) => void Object.assign(stage.labels, pairs(text)),
  EXPOSE: (stage, text) => void stage.ports.add(text),
  VOLUME: (stage, text) => {
    for (const volume of text.startsWith('[') ? list(text) : [text]) stage.volumes.add(volume);
  },
  STOPSIGNAL: () => undefined,
};

const list = (text: string): string[] => JSON.parse(text) as string[];

const pairs = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S+))/g)].map(([, name, quoted, plain]) => [
      name,
      quoted ?? plain,
    ]),
  );

/** Its instructions by the stage that they stand in; what stands before the first is for Docker alone. */
function stagesOf(dockerfile: string): Map<string, Step[]> {
  const lines = dockerfile
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');
  const stages = new Map<string, Step[]>();
  let steps: Step[] = [];
  for (const line of lines) {
    const [, instruction, text = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (instruction === undefined || instruction === 'ARG') continue;
    if (instruction === 'FROM') stages.set(/ AS (\S+)$/.exec(text)?.[1] ?? text, (steps = []));
    steps.push({ instruction, text });
  }
  return stages;
}
