import { dateOrders, readDate, type DateOrder } from '@recourse/protocol';
import { useMemo, useState, type ReactNode } from 'react';
import { Button, FileTrigger } from 'react-aria-components';
import { Choice, Radios, Ticks } from '../../parts/choice.tsx';
import { download } from '../../parts/download.ts';
import { Page } from '../../parts/page.tsx';
import { Progress } from '../../parts/progress.tsx';
import { counted } from '../../parts/words.ts';
import { RecordsLeft } from '../records-left.tsx';
import {
  cellOf,
  fields,
  judge,
  mappedByName,
  optional,
  type ImportField,
  type Judged,
  type Mapping,
} from './columns.ts';
import { chosenFor, dateInWords, findOrders } from './dates.ts';
import { Grid } from './grid.tsx';
import { Results } from './results.tsx';
import { readTable, type Table } from './read-table.ts';
import { useImport } from './use-import.ts';

/** Many records from a CSV or XLSX: map the columns once, mend what stands in the grid, record, cancel when needed. */
export function ImportPage(): ReactNode {
  const [table, setTable] = useState<Table>();
  const [fault, setFault] = useState<string>();
  const [mapping, setMapping] = useState<Mapping>({});
  const [files, setFiles] = useState<ReadonlyMap<string, File>>(new Map());
  const [count, setCount] = useState(0);
  const run = useImport();
  const choose = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const read = await readTable(file);
    setFault(read.fault);
    run.reset();
    setCount(count + 1);
    const found = read.fault === undefined ? read.table : undefined;
    setTable(found);
    setMapping(found ? mappedByName(found.columns) : {});
  };
  return (
    <Page
      title="Import"
      about="One row is one record with one identifier and one file. Nothing is sent before you press the button."
    >
      <div className="stack">
        <div className="row">
          <FileTrigger
            acceptedFileTypes={['.csv', 'text/csv', '.xlsx']}
            onSelect={(list) => void choose(list?.[0])}
          >
            <Button isDisabled={run.isRunning}>Choose a CSV or XLSX</Button>
          </FileTrigger>
          <FileTrigger
            allowsMultiple
            onSelect={(list) =>
              setFiles(
                new Map([...files, ...[...(list ?? [])].map((file) => [file.name, file] as const)]),
              )
            }
          >
            <Button>Add the files of evidence</Button>
          </FileTrigger>
          <Button onPress={() => download(template(), 'template.csv')}>Download a template</Button>
          <span className="soft">Files of evidence: {files.size}. They stay in this browser.</span>
        </div>
        {fault === undefined ? null : (
          <p className="field-error" role="alert">
            {fault}
          </p>
        )}
        {table ? (
          <>
            <Columns columns={table.columns} mapping={mapping} onChange={setMapping} />
            <Rows key={count} table={table} mapping={mapping} files={files} run={run} />
          </>
        ) : null}
      </div>
    </Page>
  );
}

/** The line of names: whoever fills it in maps nothing. */
const template = (): Blob => new Blob([`\uFEFF${fields.join(',')}\n`], { type: 'text/csv' });

interface ColumnsProps {
  readonly columns: readonly string[];
  readonly mapping: Mapping;
  readonly onChange: (mapping: Mapping) => void;
}

function Columns({ columns, mapping, onChange }: ColumnsProps): ReactNode {
  const missing = fields.filter((field) => mapping[field] === undefined && !optional.has(field));
  return (
    <section className="panel stack">
      <h2>Columns</h2>
      <p>
        {missing.length === 0
          ? 'Every field has a column.'
          : `${counted(missing.length, 'field has', 'fields have')} no column yet.`}
      </p>
      <div className="row">
        {fields.map((field: ImportField) => (
          <Choice
            key={field}
            label={field}
            options={columns}
            value={mapping[field]}
            onChange={(column) => onChange({ ...mapping, [field]: column })}
            text={(column) => column}
          />
        ))}
      </div>
    </section>
  );
}

interface OrderProps {
  readonly example: string;
  readonly value: DateOrder | undefined;
  readonly onChange: (order: DateOrder) => void;
}

const orderTexts = { 'day-first': 'Day first', 'month-first': 'Month first' } as const;

/** Asked where no row settles a column: each answer says what it makes of a date of the file. */
const OrderOfDates = ({ example, value, onChange }: OrderProps): ReactNode => (
  <Radios
    label="Order of day and month"
    about="Some dates of this file can be read two ways. Until you choose, their rows are not ready."
    options={dateOrders}
    value={value}
    onChange={onChange}
    text={(order) => {
      const { at } = readDate(example, order);
      return `${orderTexts[order]}${at ? `: ${example} is ${dateInWords(at)}` : ''}`;
    }}
  />
);

const attested = ['no-authority', 'no-takeover', 'human'] as const;
const attestTexts = {
  'no-authority': 'No public body asked for any of these records.',
  'no-takeover': 'We looked whether somebody had taken each account over.',
  human: 'A person of our team decided each.',
} as const;

interface RowsProps {
  readonly table: Table;
  readonly mapping: Mapping;
  readonly files: ReadonlyMap<string, File>;
  readonly run: ReturnType<typeof useImport>;
}

function Rows({ table, mapping, files, run }: RowsProps): ReactNode {
  const [said, setSaid] = useState<readonly (typeof attested)[number][]>([]);
  const [order, setOrder] = useState<DateOrder>();
  const found = useMemo(
    () => findOrders((field) => table.rows.map((row) => cellOf(row, mapping, field))),
    [table, mapping],
  );
  const judgements = useMemo<readonly Judged[]>(() => {
    const orders = chosenFor(found.orders, order);
    return table.rows.map((row) => judge(row, { mapping, orders, files }));
  }, [table, mapping, files, found, order]);
  const { done, isRunning, start, cancel } = run;
  const ready = judgements.filter(({ input }) => input).length;
  return (
    <>
      {found.example === undefined ? null : (
        <OrderOfDates example={found.example} value={order} onChange={setOrder} />
      )}
      <Ticks
        label="You attest, of every row"
        options={attested}
        value={said}
        onChange={setSaid}
        text={(one) => attestTexts[one]}
      />
      <RecordsLeft ready={ready} />
      <Progress label="Recorded or refused" done={done.size} all={ready} />
      <div className="row">
        {isRunning ? (
          <Button onPress={cancel}>Cancel after this row</Button>
        ) : (
          <Button
            className="react-aria-Button main"
            isDisabled={ready === 0 || said.length < attested.length}
            onPress={() => start(judgements)}
          >
            Sign and record {ready} of {counted(table.rows.length, 'row', 'rows')}
          </Button>
        )}
      </div>
      {done.size > 0 && !isRunning ? (
        <Results table={table} judgements={judgements} done={done} />
      ) : null}
      <Grid rows={table.rows} mapping={mapping} judgements={judgements} done={done} />
    </>
  );
}
