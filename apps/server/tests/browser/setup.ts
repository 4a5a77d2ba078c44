import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder in which Chromium, its libraries and fonts lie */
    chromium: string;
  }
}

/**
 * vitest globalSetup: the Chromium of the npm package, unpacked once a version for all runs on this machine. It is
 * unpacked beside and then moved, so that a run that was killed leaves no half of it.
 */
export default async function setup(project: TestProject): Promise<void> {
  const dir = join(tmpdir(), `recourse-chromium-${pinnedVersion()}`);
  if (!existsSync(dir)) await unpack(dir);
  project.provide('chromium', dir);
}

function pinnedVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { devDependencies } = JSON.parse(manifest) as { devDependencies: Record<string, string> };
  return devDependencies['@sparticuz/chromium'] ?? '';
}

const fontsConf = (dir: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${dir}/fonts/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${dir}/fonts-cache</cachedir>
</fontconfig>
`;

async function unpack(dir: string): Promise<void> {
  const draft = mkdtempSync(`${dir}-`);
  const kept = { ...process.env };
  // The package unpacks into the temporary folder, and its libraries only where it thinks it is needed.
  Object.assign(process.env, { TMPDIR: draft, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' });
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    await chromium.executablePath();
  } finally {
    for (const name of ['TMPDIR', 'AWS_LAMBDA_JS_RUNTIME', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH']) {
      if (kept[name] === undefined) delete process.env[name];
      else process.env[name] = kept[name];
    }
  }
  // The one of the package names folders of another machine; without any font the browser dies.
  writeFileSync(join(draft, 'fonts', 'fonts.conf'), fontsConf(dir));
  try {
    renameSync(draft, dir);
  } catch {
    // Another run was first.
    rmSync(draft, { recursive: true, force: true });
  }
}
