import { type Amount, type Choice, unknownsTable } from "../../emulator/unknownsTable";
import { lifeCycle } from "./lifeCycle";
import { startWorld } from "./world";

// One test for each answer of each open question but the default, so that a new question is tried by itself.

/** What is tried of an amount: enough to matter in a life cycle, and not to forbid it. */
const amounts: Readonly<Record<string, number>> = {
  milliseconds: 100,
  seconds: 60,
  days: 1,
  characters: 20,
  accounts: 3,
  items: 1,
};

const flips = Object.entries<Choice<string | number | boolean> | Amount>(unknownsTable).flatMap(
  ([name, entry]): [name: string, value: string | number | boolean][] =>
    "values" in entry
      ? entry.values.filter((value) => value !== entry.default).map((value) => [name, value])
      : [[name, amounts[entry.unit] ?? NaN]],
);

test.concurrent.each(flips)(
  "the four resources live their whole lives where %s is %p",
  async (name, value) => {
    // Switches about the rate limit mean nothing without one.
    const isAboutRates = /^(rate|retry)/.test(name);
    const world = await startWorld({
      unknowns: { [name]: value },
      ...(isAboutRates ? { rateLimit: { requests: 60, perSeconds: 1 } } : {}),
    });
    await lifeCycle(world);
  },
);
