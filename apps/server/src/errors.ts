import type { LedgerFaultCode, RecoveryRefusalCode } from '@recourse/registry';

/** Why the process could not do what it was told: each code names what the operator must change. */
export type ServerErrorCode =
  | 'node_too_old'
  | 'command_unknown'
  | 'config_invalid'
  | 'data_dir_unusable'
  | 'checkpoints_dir_unusable'
  | 'port_in_use'
  | 'port_unusable'
  | 'key_missing'
  | 'key_invalid'
  | 'key_mismatch'
  | 'other_origin'
  | 'sandbox_data'
  | 'production_data'
  | 'sandbox_failed'
  | 'database_unreachable'
  | 'database_refused'
  | 'migration_failed'
  | 'schema_missing'
  | 'schema_too_old'
  | 'schema_too_new'
  | 'schema_foreign'
  | 'schema_locked'
  | 'postgres_too_old'
  | 'postgres_unsupported_platform'
  | 'postgres_init_failed'
  | 'postgres_start_failed'
  | 'postgres_in_use'
  | 'postgres_no_account'
  | 'postgres_no_free_port'
  | 'copy-unreachable'
  | 'folder_not_empty'
  | 'backup_damaged'
  | 'backup_of_other_schema'
  | 'database_not_empty'
  | 'report_out_of_memory'
  | 'report_late'
  | 'report_killed'
  | 'report_failed'
  | 'doctor_out_of_memory'
  | 'doctor_killed'
  | LedgerFaultCode
  | RecoveryRefusalCode;

/** A fault of the process with a stable `code`; the message is for the operator and says what to do next. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
