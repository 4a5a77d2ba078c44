import { evidenceClasses, evidenceClassNames, reasons, type ReasonCode } from '@recourse/protocol';
import type { ReactNode } from 'react';
import {
  Button,
  DropZone,
  FileTrigger,
  Group,
  Text,
  type FileDropItem,
} from 'react-aria-components';
import { Choice } from '../../parts/choice.tsx';
import { Field } from '../../parts/field.tsx';
import { FaultText } from '../../parts/field-fault.tsx';
import { sentence } from '../../parts/words.ts';
import type { EvidenceRow } from './record-form.ts';

interface EvidencePartProps {
  readonly rows: readonly EvidenceRow[];
  /** In the order of the rows */
  readonly files: readonly (File | undefined)[];
  readonly reason: ReasonCode | undefined;
  readonly onChange: (rows: readonly EvidenceRow[], files: readonly (File | undefined)[]) => void;
}

const most = 16;
const mostBytes = 4 * 1024 * 1024;

const isFileOf = (row: EvidenceRow, { name, size }: File): boolean =>
  row.name === name && row.size === size;

/** Files are hashed here and kept here, sealed. None of them leaves before an appeal, and then to reviewers alone. */
export function EvidencePart(props: EvidencePartProps): ReactNode {
  const { rows, files, reason, onChange } = props;
  const asked = reason && reasons[reason].proofFloor[0]?.[0]?.class;
  const add = (added: readonly File[]): void => {
    const found = [...files];
    const others = added.filter((file) => {
      // A draft keeps no files: one that is added again takes its row.
      const at = rows.findIndex((row, index) => found[index] === undefined && isFileOf(row, file));
      if (at >= 0) found[at] = file;
      return at < 0;
    });
    const room = others.slice(0, most - rows.length);
    const more = room.map(({ name, size }) => ({
      key: crypto.randomUUID(),
      class: asked,
      count: '',
      name,
      size,
    }));
    onChange([...rows, ...more], [...found, ...room]);
  };
  return (
    <>
      <FaultText name="evidence" label="Evidence">
        <DropZone
          aria-label="Evidence"
          onDrop={({ items }) => {
            const dropped = items.filter((item): item is FileDropItem => item.kind === 'file');
            void Promise.all(dropped.map((item) => item.getFile())).then(add);
          }}
        >
          <Text slot="label">Drop files here. They are hashed and sealed in this browser.</Text>
          <FileTrigger allowsMultiple onSelect={(list) => add([...(list ?? [])])}>
            <Button>Choose files</Button>
          </FileTrigger>
        </DropZone>
      </FaultText>
      {rows.map((row, at) => (
        <Group key={row.key} aria-label={`File ${at + 1}`} className="panel stack">
          <p>
            <bdi>{row.name}</bdi>, {Math.ceil(row.size / 1024)} KiB
            {row.size > mostBytes ? <span className="field-error"> Above 4 MiB.</span> : null}
            {files[at] ? null : (
              <span className="soft"> Add it again: a draft keeps no files.</span>
            )}
          </p>
          <Choice
            name={`evidence.${at}.class`}
            label="What it is"
            options={evidenceClassNames}
            value={row.class}
            onChange={(name) => onChange(rows.with(at, { ...row, class: name }), files)}
            about={row.class ? evidenceClasses[row.class].what : undefined}
          />
          <Field
            name={`evidence.${at}.count`}
            label="How many are in it"
            type="number"
            isOptional
            value={row.count}
            onChange={(count) => onChange(rows.with(at, { ...row, count }), files)}
            about={`${sentence(row.class ?? 'pieces')} in this one file; empty for one.`}
          />
          <FaultText name={`evidence.${at}.file`} label={row.name} />
          <div>
            <Button onPress={() => onChange(rows.toSpliced(at, 1), files.toSpliced(at, 1))}>
              Remove this file
            </Button>
          </div>
        </Group>
      ))}
    </>
  );
}
