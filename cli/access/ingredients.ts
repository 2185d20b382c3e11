import type { Place } from "../../access/effective.js";
import type { Decided } from "../findings/baseline.js";
import type { StackComparison } from "../findings/compareWithCloud.js";
import type { Report } from "../formats/report.js";
import type { OtherLists } from "./otherLists.js";
import type { Criteria } from "./record.js";

/** Everything that a record is made of. */
export interface Ingredients {
  readonly comparison: StackComparison;
  readonly decided: Decided;
  readonly report: Report;
  /** All places whose names are known. */
  readonly places: readonly Place[];
  readonly others: OtherLists;
  readonly criteria: Criteria;
  readonly asOf: Date;
  readonly apiUrl: string;
}
