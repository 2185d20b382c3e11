import fc from "fast-check";
import { endOf, hasEnded, isExpired, optionalExpiry } from "../../../provider/contract/expiry";

const days = fc
  .date({ min: new Date("1970-01-01"), max: new Date("9998-12-31"), noInvalidDate: true })
  .map((each) => each.toISOString().slice(0, 10));
const moments = fc.date({
  min: new Date("1970-01-01"),
  max: new Date("9998-12-31"),
  noInvalidDate: true,
});
/** A time in RFC 3339 in any zone, and the moment that it means. */
const times = fc
  .tuple(
    fc.date({ min: new Date("1970-01-02"), max: new Date("9998-12-30"), noInvalidDate: true }),
    fc.integer({ min: -1439, max: 1439 }),
    fc.boolean(),
  )
  .map(([moment, minutes, isLower]) => {
    const local = new Date(moment.getTime() + minutes * 60_000).toISOString().slice(0, -1);
    const two = (value: number) => String(value).padStart(2, "0");
    const zone = `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
    const text = `${local}${minutes === 0 ? "Z" : zone}`;
    return { text: isLower ? text.toLowerCase() : text, moment };
  });

describe("access with an end", () => {
  test("on a day is open all that day in UTC, and never after it", () => {
    fc.assert(
      fc.property(days, moments, (expires, asOf) => {
        expect(isExpired(expires, asOf)).toBe(asOf.toISOString().slice(0, 10) > expires);
      }),
    );
    expect(isExpired("2027-01-31", new Date("2027-01-31T23:59:59.999Z"))).toBe(false);
    expect(isExpired("2027-01-31", new Date("2027-02-01T00:00:00.000Z"))).toBe(true);
    expect(endOf("2027-12-31")).toEqual(new Date("2028-01-01T00:00:00Z"));
  });

  test("at a time in any zone is open before it, and never at or after it", () => {
    fc.assert(
      fc.property(times, fc.integer({ min: -100_000_000, max: 100_000_000 }), ({ text, moment }, off) => {
        expect(isExpired(text, new Date(moment.getTime() + off))).toBe(off >= 0);
      }),
    );
  });

  test("at a time that is more precise than a millisecond does not end before it", () => {
    expect(isExpired("2027-01-31T12:00:00.1234567Z", new Date("2027-01-31T12:00:00.123Z"))).toBe(false);
    expect(isExpired("2027-01-31T12:00:00.1234567Z", new Date("2027-01-31T12:00:00.124Z"))).toBe(true);
    expect(endOf("2027-01-31T12:00:00.120000Z")).toEqual(new Date("2027-01-31T12:00:00.120Z"));
  });

  test("does not come back because a clock is a little behind, but does on an earlier date", () => {
    const state = { expires: "2027-01-31", expired: true };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 * 60_000 }), (behind) => {
        const asOf = new Date(endOf("2027-01-31").getTime() - behind);
        expect(hasEnded(state, asOf, state)).toBe(true);
        // A changed date is decided by itself.
        expect(hasEnded({ expires: "2027-02-01" }, asOf, state)).toBe(false);
        expect(hasEnded({}, asOf, state)).toBe(false);
        expect(hasEnded(state, asOf)).toBe(behind === 0);
      }),
    );
    expect(hasEnded(state, new Date("2027-01-31T12:00:00Z"), state)).toBe(false);
  });
});

describe("the input expires", () => {
  test("keeps a date, and has times in UTC", () => {
    fc.assert(
      fc.property(days, (text) => {
        expect(optionalExpiry(` ${text} `)).toBe(text);
      }),
    );
    fc.assert(
      fc.property(times, ({ text, moment }) => {
        const normal = optionalExpiry(text)!;
        expect(endOf(normal)).toEqual(moment);
        expect(normal).toMatch(/Z$/);
        expect(optionalExpiry(normal)).toBe(normal);
      }),
    );
    expect(optionalExpiry("2027-01-31T18:00:00+01:00")).toBe("2027-01-31T17:00:00Z");
    expect(optionalExpiry(undefined)).toBeUndefined();
  });

  test.each([
    "2027-02-30",
    "2027-02-29",
    "2027-13-01",
    "2027-00-10",
    "2027-1-31",
    "2027-02-30T12:00:00Z",
    "2027-01-31T24:00:00Z",
    "2027-01-31T12:00:00",
    "2027-01-31T12:00Z",
    "2027-01-31 12:00:00Z",
    "31.01.2027",
    "tomorrow",
    "90d",
    "",
    "x".repeat(5000),
  ])("refuses %j, and says which two forms there are", (text) => {
    expect(() => optionalExpiry(text)).toThrow(
      /^must be a date, such as 2027-01-31, or a time in RFC 3339, such as 2027-01-31T17:00:00Z, not ".{0,39}/,
    );
  });

  test.each([20270131, true, {}, [], null])("refuses %j, which is not a string", (value) => {
    expect(() => optionalExpiry(value)).toThrow("must be a string, such as 2027-01-31");
  });
});
