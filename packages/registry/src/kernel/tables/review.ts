/** When an appeal on a record of a group was assigned last. */
export interface PanelTurnsTable {
  group_name: string;
  at: Date;
}

/** A reviewer's word on whether notice is rightly withheld. */
export interface NoticeReviewsTable {
  sanction: string;
  holder: string;
  kid: string;
  confirmed: boolean;
  at: Date;
}
