import { oneLine } from "./foreignText.js";
import { redact } from "./redact.js";

const said = new Set<string>();

/** The engine shows a dynamic provider's output as information. */
let print = (line: string): void => void process.stdout.write(`pulumi-dt: ${line}\n`);

/** Gives a notice that is not an error, once in each process. */
export function notice(text: string): void {
  const line = oneLine(redact(text), 4000);
  if (said.has(line)) return;
  said.add(line);
  print(line);
}

/** Sends all notices somewhere else than to stdout. */
export function sendNoticesTo(log: (line: string) => void): void {
  print = log;
}
