import { defineTable } from './define-table.ts';

/** Up to where a doctor that found nothing has compared tables and log. It stands in the table as JCS. */
export interface DoctorPlace {
  /** Entries before this index, under this root in hex */
  readonly size: number;
  readonly root: string;
  /** Leaf hashes in hex of entries behind it that waited, and were compared, too */
  readonly waiting: readonly string[];
  /** What was there to be seen (`pg_snapshot`): openings that others have written since are new */
  readonly snapshot: string;
  /** The largest id of a record; empty without records */
  readonly newest: string;
  readonly at: string;
  /** The last time that all was compared */
  readonly wholeAt: string;
}

/** One row. Whoever moves it makes it unreadable, and the next doctor compares all. */
export const doctorPlace = defineTable('doctor_place', {
  keep: {
    why: 'up to where the doctor has compared tables and log',
    form: 'hashes, instants, the id of the newest record',
    life: 'operation',
  },
  columns: (row) => ({
    singleton: row.fixed('boolean primary key default true check (singleton)'),
    /** Rules, schema and copy of the database by which it was compared */
    basis: row.changing('text not null'),
    place: row.changing('text not null'),
    /** MAC of both under a key outside the database */
    mac: row.changing('bytea not null'),
  }),
  may: 'delete',
});
