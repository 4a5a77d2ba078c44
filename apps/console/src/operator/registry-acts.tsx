import type { ReactNode } from 'react';
import { Page } from '../parts/page.tsx';
import { ActForm } from './act-form.tsx';
import { registryActs } from './acts.ts';
import { Rotation } from './rotation.tsx';

/** Acts that are about no platform. */
export const RegistryActs = (): ReactNode => (
  <Page title="Orders and keys" about="Each takes two operators, and is published.">
    <div className="stack">
      {registryActs.map((act) =>
        act.op === 'oprf.rotate' ? (
          <Rotation key={act.op} act={act} />
        ) : (
          <ActForm key={act.op} act={act} />
        ),
      )}
    </div>
  </Page>
);
