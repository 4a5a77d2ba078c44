import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium as playwright, type Browser } from 'playwright-core';

/**
 * The Chromium of the npm package, unpacked once a version for all runs on this machine. It is unpacked beside and then
 * moved, so that a run that was killed leaves no half of it.
 * @returns the folder in which it lies, with its libraries and fonts
 */
export async function chromiumFolder(): Promise<string> {
  const dir = join(tmpdir(), `recourse-chromium-${pinnedVersion()}`);
  if (!existsSync(dir)) await unpack(dir);
  return dir;
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

/** A browser of its own, from the folder in which it was unpacked. */
export function launchFrom(dir: string): Promise<Browser> {
  return playwright.launch({
    executablePath: join(dir, 'chromium'),
    // Not the flags of the package: those switch off what the pages rely on, as does one process for all.
    args: [
      '--no-sandbox',
      '--no-zygote',
      '--in-process-gpu',
      '--disable-webgl',
      '--font-render-hinting=none',
    ],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(dir, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(dir, 'fonts'),
      HOME: dir,
    },
  });
}
