import fc from "fast-check";
import { milliseconds } from "../../../provider/contract/duration";
import { duration, optionalDuration } from "../../../provider/contract/inputs";
import { InvalidInput } from "../../../provider/contract/resource";
import { farFrom, whatIsDue, type Recorded, type Schedule } from "../../../provider/keys/schedule";

const minute = 60_000;
const start = Date.parse("2027-01-01T00:00:00Z");
const at = (offset: number): Date => new Date(start + offset);
const stamp = (offset: number): string => at(offset).toISOString();

const state = (changes: Partial<Recorded> = {}): Recorded => ({
  rotationTriggers: { incident: "1" },
  rotateAfter: "90d",
  overlap: "24h",
  rotateAt: stamp(milliseconds("90d")),
  retireAt: stamp(milliseconds("24h")),
  previousKeyId: "previous",
  ...changes,
});
const wanted = (changes: Partial<Schedule> = {}): Schedule => ({
  rotationTriggers: { incident: "1" },
  rotateAfter: "90d",
  overlap: "24h",
  ...changes,
});

const name = fc.constantFrom("incident", "month", "__proto__", "toString");
const triggers = fc.option(fc.dictionary(name, fc.constantFrom("1", "2", "3")), { nil: undefined });
const days = fc.integer({ min: 1, max: 400 }).map((count) => `${count}d`);
const schedule = fc.record({
  rotationTriggers: triggers,
  rotateAfter: fc.option(days, { nil: undefined }),
  overlap: fc.oneof(days, fc.constant("0")),
});
const moment = fc.integer({ min: -400, max: 400 }).map((count) => milliseconds("1d") * count);
const recorded = fc
  .record({ schedule, rotateAt: moment, retireAt: moment, hasPrevious: fc.boolean() })
  .map(({ schedule, rotateAt, retireAt, hasPrevious }) => ({
    ...schedule,
    rotateAt: schedule.rotateAfter === undefined ? "" : stamp(rotateAt),
    retireAt: hasPrevious ? stamp(retireAt) : "",
    previousKeyId: hasPrevious ? "previous" : "",
  }));

describe("a rotation is due", () => {
  test("when a trigger's value has changed, even back to an older one", () => {
    expect(whatIsDue(state(), wanted({ rotationTriggers: { incident: "2" } }), at(0)).rotate).toBe(
      "rotationTriggers.incident changed",
    );
    expect(whatIsDue(state(), wanted({ rotationTriggers: { incident: "0" } }), at(0)).rotate).toBeDefined();
  });

  test.each([
    ["the map is added", undefined, { incident: "1" }],
    ["the map is removed", { incident: "1" }, undefined],
    ["a name is added", { incident: "1" }, { incident: "1", month: "5" }],
    ["a name is removed", { incident: "1", month: "5" }, { incident: "1" }],
    ["a name is replaced by another", { incident: "1" }, { month: "5" }],
    ["a name that every object has is added", { incident: "1" }, { incident: "1", toString: "5" }],
  ])("not when %s", (_, before, after) => {
    const due = whatIsDue(state({ rotationTriggers: before }), wanted({ rotationTriggers: after }), at(0));
    expect(due.rotate).toBeUndefined();
  });

  test("when rotateAt is reached, to the second", () => {
    const { rotateAt } = state();
    expect(whatIsDue(state(), wanted(), new Date(Date.parse(rotateAt) - 1)).rotate).toBeUndefined();
    expect(whatIsDue(state(), wanted(), new Date(rotateAt)).rotate).toBe(`rotateAt ${rotateAt} has passed`);
  });
});

test("changing the schedule alone never rotates, however overdue the key is", () => {
  fc.assert(
    fc.property(recorded, schedule, moment, (held, changes, now) => {
      fc.pre(held.rotateAfter !== changes.rotateAfter);
      const declared = { ...changes, rotationTriggers: held.rotationTriggers };
      expect(whatIsDue(held, declared, at(now)).rotate).toBeUndefined();
    }),
  );
});

test("the overlap does not affect whether to rotate", () => {
  fc.assert(
    fc.property(recorded, schedule, schedule, moment, (held, one, other, now) => {
      const { rotate } = whatIsDue(held, one, at(now));
      expect(whatIsDue(held, { ...one, overlap: other.overlap }, at(now)).rotate).toBe(rotate);
    }),
  );
});

test("a due rotation stays due as time passes", () => {
  fc.assert(
    fc.property(recorded, schedule, moment, fc.nat(1000), (held, declared, now, later) => {
      const due = Object.keys(whatIsDue(held, declared, at(now)));
      expect(Object.keys(whatIsDue(held, declared, at(now + later * minute)))).toEqual(
        expect.arrayContaining(due),
      );
    }),
  );
});

test("the same state, inputs and date give the same decision, and change none of them", () => {
  fc.assert(
    fc.property(recorded, schedule, moment, (held, declared, now) => {
      const before = JSON.stringify([held, declared]);
      const decisions = new Set(
        Array.from({ length: 100 }, () => JSON.stringify(whatIsDue(held, declared, at(now)))),
      );
      expect(decisions.size).toBe(1);
      expect(JSON.stringify([held, declared])).toBe(before);
    }),
    { numRuns: 20 },
  );
});

describe("with clocks that are wrong by up to five minutes", () => {
  test("a previous key is never deleted before its overlap ends, by the true time", () => {
    const skew = fc.integer({ min: -5 * minute, max: 5 * minute });
    fc.assert(
      fc.property(recorded, schedule, moment, skew, (held, declared, now, off) => {
        fc.pre(held.previousKeyId !== "" && declared.overlap !== "0");
        const { retire } = whatIsDue(held, declared, at(now + off));
        if (retire !== undefined) expect(now).toBeGreaterThanOrEqual(Date.parse(held.retireAt) - start);
      }),
    );
  });

  test("it is deleted at most ten minutes late", () => {
    const tenMinutesLate = milliseconds("24h") + 10 * minute;
    expect(whatIsDue(state(), wanted(), at(tenMinutesLate - 5 * minute)).retire).toBeDefined();
  });

  test("an overlap of zero ends at once, whatever the clock says", () => {
    const due = whatIsDue(state(), wanted({ overlap: "0" }), at(-5 * minute));
    expect(due.retire).toBe("overlap is 0");
  });

  test("a run does not rehearse another date", () => {
    expect(farFrom(stamp(0), at(5 * minute))).toBeUndefined();
    expect(farFrom(stamp(0), at(-5 * minute))).toBeUndefined();
    expect(farFrom(stamp(0), at(milliseconds("2h")))).toBe(stamp(milliseconds("2h")));
    expect(farFrom("", at(0))).toBe(stamp(0));
  });
});

describe("durations", () => {
  test.each([
    ["90d", 90 * 86_400_000],
    ["1h30m", 90 * minute],
    ["2w", 14 * 86_400_000],
    ["45s", 45_000],
    ["0", 0],
    ["0h", 0],
  ])("%s is %d ms", (text, expected) => expect(milliseconds(text)).toBe(expected));

  test.each([
    "",
    " ",
    "90",
    "-1d",
    "+1d",
    "1.5h",
    "90 d",
    "d",
    "1y",
    "1D",
    "1e3d",
    "101000d",
    "9".repeat(400) + "d",
    "1d,1h",
    "NaN",
  ])("%p is refused in check", (text) => {
    expect(() => duration("24h")(text)).toThrow(InvalidInput);
    expect(() => optionalDuration(text)).toThrow(InvalidInput);
  });

  test.each([[90], [null], [true], [["1d"]], [{}]])("%p is refused in check, too", (value: unknown) => {
    expect(() => duration("24h")(value)).toThrow(InvalidInput);
  });

  test("an age of zero is refused, because it would rotate in every run", () => {
    for (const text of ["0", "0d", "0h0m"])
      expect(() => optionalDuration(text)).toThrow("must be greater than 0");
  });
});
