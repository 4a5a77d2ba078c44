import type { FreshDatabase } from '@recourse/testkit';
import type { Browser } from 'playwright-core';
import { readConfig } from '../../src/index.ts';
import { oprfKey } from '../../src/keys/oprf-key.ts';
import { launch } from '../browser/launch.ts';
import { newHome, type TestHome, type TestServer } from '../run-server.ts';
import { Desks } from './open-desk.ts';

/** A sandbox with its browser, for one test file. */
export class DeskHome extends Desks {
  /** Of the sandbox, for who acts as one of its parties */
  readonly dataDir: string;
  readonly database: FreshDatabase;
  readonly close: () => Promise<void>;
  /** Makes the secret of another epoch. @returns its public key */
  readonly makeEpochKey: (epoch: number) => Promise<string>;

  private constructor(home: TestHome, server: TestServer, browser: Browser) {
    super(server, browser);
    this.dataDir = home.dataDir;
    this.database = home.database;
    this.makeEpochKey = async (epoch) =>
      oprfKey(readConfig(await home.environment()), [String(epoch), '--init']);
    this.close = async () => {
      await browser.close();
      await home.close();
    };
  }

  static async start(env: Readonly<Record<string, string>> = {}): Promise<DeskHome> {
    const home = await newHome();
    return new DeskHome(home, await home.start(env), await launch());
  }
}
