import { appendFileSync } from "node:fs";

/** Records something that can't run on this machine. The run of all tests prints each such line once, at its end. */
export function notRun(line: string): void {
  const file = process.env.PULUMI_DT_NOT_RUN;
  if (file !== undefined) appendFileSync(file, `${line}\n`);
}
