import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';

/** A text to be carried elsewhere, with a button that copies it. */
export function Copied({
  what,
  text,
}: {
  readonly what: string;
  readonly text: string;
}): ReactNode {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <span className="row">
      <code>{text}</code>
      <Button onPress={() => void copy()}>Copy the {what}</Button>
      <span role="status">{isCopied ? 'Copied' : ''}</span>
    </span>
  );
}
