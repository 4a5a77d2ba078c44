import { toNumericDate } from '@recourse/protocol';
import { useState, type ReactNode } from 'react';
import { Button, Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useAct } from '../answers/use-act.ts';
import { Radios } from '../parts/choice.tsx';
import { DateChoice } from '../parts/date-choice.tsx';
import { FormFaults, FormProblem } from '../parts/form-faults.tsx';
import { instantOf } from '../parts/local-time.ts';
import { counted } from '../parts/words.ts';
import { useRead } from '../registry/calls.ts';

interface RevokeKeyProps {
  readonly kid: string;
  /** Whose key it is, as the answer names it */
  readonly whom: string;
}

/** Asks why, and says what a revocation ends, before it is signed. */
export const RevokeKey = (props: RevokeKeyProps): ReactNode => (
  <DialogTrigger>
    <Button>Revoke</Button>
    <ModalOverlay isDismissable>
      <Modal>
        <Dialog>{({ close }) => <RevokeForm {...props} close={close} />}</Dialog>
      </Modal>
    </ModalOverlay>
  </DialogTrigger>
);

const causes = ['retired', 'compromised'] as const;
type Cause = (typeof causes)[number];
const causeTexts: Readonly<Record<Cause, string>> = {
  retired: 'Nobody uses it any more. What it signed stands.',
  compromised: 'It was lost or stolen. What it signed since then is suspended.',
};

function RevokeForm({ kid, whom, close }: RevokeKeyProps & { readonly close: () => void }) {
  const [why, setWhy] = useState<Cause>();
  const [lostAt, setLostAt] = useState('');
  const since =
    why === 'compromised' && lostAt !== '' ? toNumericDate(instantOf(lostAt)) : undefined;
  const signed = useSigned(kid, since);
  const act = useAct('key revoked', async (recourse, cause: Cause) => {
    const { suspended } = await recourse.keys.revoke({
      kid,
      why: cause,
      ...(since === undefined ? {} : { since }),
    });
    return { whom, suspended };
  });
  const isReady = why === 'retired' || (since !== undefined && signed !== undefined);
  return (
    <FormFaults error={act.error}>
      <div className="stack">
        <Heading slot="title">Revoke the key {whom}?</Heading>
        <p>It signs nothing from then on, on any server. This cannot be taken back.</p>
        <Radios
          name="why"
          label="Why"
          options={causes}
          value={why}
          onChange={setWhy}
          text={(cause) => causeTexts[cause]}
        />
        {why === 'compromised' ? (
          <DateChoice
            name="since"
            label="Since when somebody else may have had it"
            withTime
            value={lostAt}
            onChange={setLostAt}
          />
        ) : null}
        {since === undefined || signed === undefined ? null : (
          <p role="status">
            {signed === 0
              ? 'It signed no live record since then.'
              : `${counted(signed, 'live record that it signed since then is', 'live records that it signed since then are')} suspended: no check is answered by them.`}
          </p>
        )}
        <FormProblem />
        <div className="row">
          <Button
            className="react-aria-Button danger"
            isDisabled={!isReady}
            isPending={act.isPending}
            onPress={() => why && act.mutate(why, { onSuccess: close })}
          >
            {signed ? `Revoke it and suspend ${counted(signed, 'record', 'records')}` : 'Revoke it'}
          </Button>
          <Button onPress={close}>Keep it</Button>
        </div>
      </div>
    </FormFaults>
  );
}

/** How many live records the key signed since then; undefined until it is known. */
function useSigned(kid: string, since: number | undefined): number | undefined {
  const { data } = useRead('keys.list', since === undefined ? {} : { signedBy: { kid, since } }, {
    enabled: since !== undefined,
  });
  return since === undefined ? undefined : data?.signed;
}
