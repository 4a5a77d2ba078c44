import {
  liftedBy,
  withdrawalCauses,
  type OpOutput,
  type WithdrawalCause,
} from '@recourse/protocol';
import { Note } from '@recourse/design';
import { useState, type ReactNode } from 'react';
import {
  Button,
  Dialog,
  DialogTrigger,
  FileTrigger,
  Heading,
  Modal,
  ModalOverlay,
} from 'react-aria-components';
import { usePerson } from '../identity/session.ts';
import { Choice } from '../parts/choice.tsx';
import { DateChoice } from '../parts/date-choice.tsx';
import { FormFaults, FormProblem } from '../parts/form-faults.tsx';
import { words } from '../parts/words.ts';
import { useAct } from '../answers/use-act.ts';
import { keepComplaint } from './journal.ts';
import { isHalfFilled, liftingOf, type LiftingInput } from './lifting.ts';
import { nameOf } from './name-of.ts';

type SanctionView = OpOutput<'sanctions.get'>;

/** Says what a withdrawal causes before it is signed. */
export function Withdraw({ record }: { readonly record: SanctionView }): ReactNode {
  return (
    <DialogTrigger>
      <Button className="react-aria-Button danger">Withdraw this record</Button>
      <ModalOverlay isDismissable>
        <Modal>
          <Dialog>{({ close }) => <WithdrawForm record={record} close={close} />}</Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}

interface FormProps {
  readonly record: SanctionView;
  readonly close: () => void;
}

function WithdrawForm({ record, close }: FormProps): ReactNode {
  const [cause, setCause] = useState<WithdrawalCause>();
  const [lifting, setLifting] = useState<LiftingInput>({ at: '' });
  const act = useWithdrawal(record);
  const isAppealed = record.appeals.some(({ state }) => state === 'open');
  const isLifting = cause === 'home-reversal' && !isAppealed;
  const isHalf = isLifting && isHalfFilled(lifting);
  return (
    <FormFaults error={act.error}>
      <div className="stack">
        <Heading slot="title">Withdraw this record?</Heading>
        <ul>
          <li>It answers no check from then on, and cannot come back.</li>
          <li>
            Each platform that was told ({words(record.toldPlatforms)}) gets a recall, and has 72
            hours to undo what it did.
          </li>
          <li>The creator hears of it.</li>
          {isAppealed ? <li>An appeal is open: this counts as a reversal, conceded.</li> : null}
        </ul>
        <Choice
          name="withdrawal.cause"
          label="Why"
          options={withdrawalCauses}
          value={cause}
          onChange={setCause}
        />
        {isLifting ? <LiftingPart value={lifting} onChange={setLifting} /> : null}
        {isHalf ? (
          <Note
            tone="wait"
            title="Say who lifted it and when, and choose the complaint or the ruling."
          >
            <p>
              Without all three it would count. To withdraw without them, close this and begin
              again.
            </p>
          </Note>
        ) : null}
        <FormProblem />
        <div className="row">
          <Button
            className="react-aria-Button danger"
            isDisabled={cause === undefined || isHalf}
            isPending={act.isPending}
            onPress={() =>
              cause &&
              act.mutate({ cause, lifting: isLifting ? lifting : undefined }, { onSuccess: close })
            }
          >
            Sign and withdraw
          </Button>
          <Button onPress={close}>Keep it</Button>
        </div>
      </div>
    </FormFaults>
  );
}

/** Withdraws, and keeps the complaint in this browser: a reviewer may ask for it. */
function useWithdrawal(record: SanctionView) {
  const { sanction } = record;
  const person = usePerson();
  return useAct(
    'record withdrawn',
    async (
      recourse,
      { cause, lifting }: { cause: WithdrawalCause; lifting: LiftingInput | undefined },
    ) => {
      const lifted = lifting && liftingOf(lifting);
      const ended = await recourse.sanctions.withdraw({ sanction, cause, lifted });
      if (ended.complaint && lifting?.file) {
        await keepComplaint(person, sanction, { opening: ended.complaint, file: lifting.file });
      }
      return { whom: nameOf(record), recalls: ended.recalls };
    },
  );
}

interface LiftingProps {
  readonly value: LiftingInput;
  readonly onChange: (value: LiftingInput) => void;
}

function LiftingPart({ value, onChange }: LiftingProps): ReactNode {
  return (
    <>
      <p className="soft">
        Within 72 hours of the lifting, with the complaint or the ruling, it counts neither for nor
        against your platform. Else it counts. The file stays in this browser: a reviewer may ask
        for it.
      </p>
      <Choice
        name="withdrawal.lifted.by"
        label="Who lifted it"
        options={liftedBy}
        value={value.by}
        onChange={(by) => onChange({ ...value, by })}
      />
      <DateChoice
        name="withdrawal.lifted.at"
        label="When it was lifted"
        withTime
        value={value.at}
        onChange={(at) => onChange({ ...value, at })}
      />
      <FileTrigger
        onSelect={(list) => {
          const file = list?.[0];
          if (file) onChange({ ...value, file });
        }}
      >
        <Button>{value.file ? value.file.name : 'Choose the complaint or the ruling'}</Button>
      </FileTrigger>
    </>
  );
}
