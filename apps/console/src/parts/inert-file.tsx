import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { Button, ToggleButton } from 'react-aria-components';
import { download } from './download.ts';
import { fileKind, safeName } from './file-kind.ts';

/** Characters that are shown of a text; all of it is in the download. */
const mostShown = 50_000;

interface InertFileProps {
  readonly bytes: Uint8Array;
  /** Description, for the name of a download and for people who see no picture */
  readonly name: string;
}

/** A file of somebody who may be hostile: text as text, pictures blurred, anything else as a download. Nothing runs. */
export function InertFile({ bytes, name }: InertFileProps): ReactNode {
  const kind = useMemo(() => fileKind(bytes), [bytes]);
  const save = (): void => {
    // Never its own type: a browser that opens the file would run what is in it.
    const blob = new Blob([new Uint8Array(bytes)], { type: 'application/octet-stream' });
    download(blob, safeName(name.replaceAll(/\W+/g, '-'), kind));
  };
  return (
    <>
      {kind.shown === 'picture' ? (
        <Picture bytes={bytes} name={name} type={kind.mediaType} />
      ) : null}
      {kind.shown === 'text' ? <FileText text={kind.text} name={name} /> : null}
      {kind.shown === 'nothing' ? (
        <p className="soft small">The desk does not show files of this kind. Open it with care.</p>
      ) : null}
      <Button onPress={save}>{`Download ${name} (${sizeText(bytes.length)})`}</Button>
    </>
  );
}

function FileText({ text, name }: { readonly text: string; readonly name: string }): ReactNode {
  return (
    // It scrolls, and so has to be reachable by the keyboard.
    <div className="quote file-text" dir="auto" tabIndex={0} role="region" aria-label={name}>
      {text.slice(0, mostShown)}
      {text.length > mostShown ? '\n[the rest is in the download]' : null}
    </div>
  );
}

function Picture({ bytes, name, type }: InertFileProps & { readonly type: string }): ReactNode {
  const [isClear, setClear] = useState(false);
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, type]);
  return (
    <>
      <div className={isClear ? 'picture' : 'picture blurred'}>
        {url === undefined ? null : <img src={url} alt={isClear ? name : `${name}, blurred`} />}
      </div>
      <ToggleButton className="react-aria-Button" isSelected={isClear} onChange={setClear}>
        {isClear ? `Blur ${name}` : `Show ${name}`}
      </ToggleButton>{' '}
    </>
  );
}

const sizeText = (bytes: number): string =>
  bytes < 1024 ? `${bytes} bytes` : `${Math.ceil(bytes / 1024)} kB`;
