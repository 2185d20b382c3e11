import { milliseconds } from "../../provider/contract/duration.js";
import type { Criteria } from "./record.js";

/** Whether access ends within the time that counts as soon. Access that has ended does not count. */
export const isSoon = (until: string, { within }: Pick<Criteria, "within">, asOf: Date): boolean =>
  Date.parse(until) > asOf.getTime() && Date.parse(until) <= asOf.getTime() + milliseconds(within);

/** Whether a key counts as old. A key of unknown age does not. */
export const isOld = (createTime: string, { keyAge }: Pick<Criteria, "keyAge">, asOf: Date): boolean =>
  Date.parse(createTime) <= asOf.getTime() - milliseconds(keyAge);
