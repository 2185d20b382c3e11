import { endTally } from "./tally";

export default function printTally(): void {
  process.stdout.write(`\n${endTally()}\n`);
}
