import { appendFileSync } from "node:fs";

/** Records something that can't run on this machine. The run of all tests prints each such line once, at its end. */
export const notRun = (line: string): void => printAtEnd(line);

/** Records a figure that a test has measured. The run of all tests prints it at its end. */
export const measured = (line: string): void => printAtEnd(line);

function printAtEnd(line: string): void {
  const file = process.env.PULUMI_DT_NOT_RUN;
  if (file !== undefined) appendFileSync(file, `${line}\n`);
}
