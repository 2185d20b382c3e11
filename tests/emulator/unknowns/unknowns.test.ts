import type { EmulatorOptions, Unknowns } from "../../../emulator";
import { answerUnknowns } from "../../../emulator/unknowns/unknowns";
import { unknownsTable } from "../../../emulator/unknowns/unknownsTable";
import { withScene } from "../scene";
import { accounts } from "./accounts";
import { answers } from "./answers";
import { batches } from "./batches";
import type { Case } from "./case";
import { conventions } from "./conventions";
import { login } from "./login";
import { masks } from "./masks";
import { members } from "./members";

// The compiler keeps this complete: a switch without a case does not compile.
const cases: Record<keyof Unknowns, Case> = {
  ...conventions,
  ...login,
  ...masks,
  ...accounts,
  ...members,
  ...batches,
  ...answers,
};

/** A rate limit of one request per hour. */
const rare: EmulatorOptions = { rateLimit: { requests: 1, perSeconds: 3600 } };

describe.each(Object.entries(cases))("%s", (name, { observe, expected }) => {
  test.each(Object.entries(expected))("a caller sees the effect of %s", async (value, seen) => {
    const unknowns = answerUnknowns({ [name]: value });
    const limited = /^(rateLimit|retryAfter)/.test(name) ? rare : {};
    expect(await withScene({ unknowns, ...limited }, observe)).toEqual(seen);
  });

  test("every answer is tested", () => {
    const entry = unknownsTable[name as keyof Unknowns];
    const answered = Object.keys(expected).sort();
    if ("values" in entry) expect(answered).toEqual(entry.values.map(String).sort());
    else expect(answered.length).toBeGreaterThan(1);
  });
});

test("an unknown switch or value is refused", () => {
  expect(() => answerUnknowns({ forbiddenas: "404" })).toThrow('there is no switch "forbiddenas"');
  expect(() => answerUnknowns({ forbiddenAs: "405" })).toThrow(
    "forbiddenAs must be one of 403, 404, not 405",
  );
  expect(() => answerUnknowns({ batchLimit: "-1" })).toThrow(
    "batchLimit must be a number of items, 0 or more",
  );
});
