import { serverClockOffset, learnServerTime } from "../../../../provider/api/http/serverClock";

const second = 1000;
const start = Date.parse("2027-01-01T00:00:00Z");

/**
 * An answer that arrives this number of milliseconds after the start, from a server whose clock is ahead by
 * this amount.
 */
function answer(at: number, ahead: number): void {
  jest.spyOn(Date, "now").mockReturnValue(start + at);
  // In whole seconds, as HTTP requires.
  learnServerTime(new Date(start + at + ahead).toUTCString());
}
afterEach(() => jest.restoreAllMocks());

test("the server's clock does not jump because its header leaves out fractions of a second", () => {
  answer(0, 5 * second);
  for (const at of [1, 400, 999, 1500, 2999]) {
    answer(at, 5 * second);
    expect(serverClockOffset()).toBe(5 * second);
  }
});

test("the server's clock is followed if it is set forward or back; an answer without a date changes nothing", () => {
  answer(10 * second, 60 * second);
  expect(serverClockOffset()).toBe(60 * second);
  answer(11 * second, -2 * second);
  expect(serverClockOffset()).toBe(-2 * second);
  learnServerTime(undefined);
  learnServerTime("yesterday");
  expect(serverClockOffset()).toBe(-2 * second);
});
