import type { ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

interface SignDialogProps {
  readonly isOpen: boolean;
  /** Consequences for each person */
  readonly sentences: readonly string[];
  readonly onSign: () => void;
  readonly onClose: () => void;
}

/** The last look: nothing was signed before, and nothing can be taken back after. */
export const SignDialog = ({ isOpen, sentences, onSign, onClose }: SignDialogProps): ReactNode => (
  <ModalOverlay
    className="react-aria-ModalOverlay"
    isOpen={isOpen}
    onOpenChange={(open) => (open ? undefined : onClose())}
    isDismissable
  >
    <Modal className="react-aria-Modal">
      <Dialog role="alertdialog">
        <Heading slot="title" level={2}>
          This will happen
        </Heading>
        {sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p className="soft">You sign it with your key. It cannot be taken back.</p>
        <div className="row">
          <Button className="react-aria-Button main" autoFocus onPress={onSign}>
            Sign and send
          </Button>
          <Button onPress={onClose}>Go back</Button>
        </div>
      </Dialog>
    </Modal>
  </ModalOverlay>
);
