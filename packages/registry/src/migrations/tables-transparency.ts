export const transparencyTables = [
  // Made anew each day from the other tables and the log; nothing is read from it but to be published.
  `create table transparency_report (
    singleton boolean primary key default true check (singleton),
    at timestamptz not null,
    document text not null
  )`,
];
