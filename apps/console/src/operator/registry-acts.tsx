import type { ReactNode } from 'react';
import { Page } from '../parts/page.tsx';
import { ActForm } from './act-form.tsx';
import { registryActs } from './acts.ts';

/** Acts that are about no platform. */
export const RegistryActs = (): ReactNode => (
  <Page title="Orders and keys" about="Each takes two operators, and is published.">
    <div className="stack">
      {registryActs.map((act) => (
        <ActForm key={act.op} act={act} />
      ))}
    </div>
  </Page>
);
