import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { lazyLoading } from "../../lazy/nodeOptions";
import { scratchFolder } from "./scratch";

let script: string | undefined;

/** Variables that shift the clock of a Node.js process by this number of milliseconds. */
export function localClockOff(milliseconds: number): Record<string, string> {
  if (script === undefined) {
    script = join(scratchFolder("clock"), "localClock.cjs");
    writeFileSync(script, text);
  }
  return { NODE_OPTIONS: `${lazyLoading} --require=${script}`, TEST_CLOCK_OFF_MS: String(milliseconds) };
}

const text = `
const off = Number(process.env.TEST_CLOCK_OFF_MS);
const now = () => Real.now() + off;
const Real = Date;
globalThis.Date = new Proxy(Real, {
  construct: (target, given, self) => Reflect.construct(target, given.length > 0 ? given : [now()], self),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
`;
