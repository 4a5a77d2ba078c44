/** Rows that stay as they are once they are answered, stopped or used. */
export const finalGuards = [
  `create trigger inquiries_final before update of answer, answered_at on inquiries
    for each row when (old.answered_at is not null) execute function refuse_change()`,
  `create trigger reenrolments_final before update on reenrolments
    for each row when (num_nonnulls(old.stopped_at, old.enrolled_at) > 0)
    execute function refuse_change()`,
];
