import { serverClockOffset, learnServerTime } from "../../../../provider/api/http/serverClock";

const second = 1000;
const start = Date.parse("2027-01-01T00:00:00Z");

/** An answer that arrives so many milliseconds after the start, of a server that is so far ahead then. */
function answer(at: number, ahead: number): void {
  jest.spyOn(Date, "now").mockReturnValue(start + at);
  // To the second, as HTTP has it.
  learnServerTime(new Date(start + at + ahead).toUTCString());
}
afterEach(() => jest.restoreAllMocks());

test("the server's clock does not go back and forth with the part of a second that its header leaves out", () => {
  answer(0, 5 * second);
  for (const at of [1, 400, 999, 1500, 2999]) {
    answer(at, 5 * second);
    expect(serverClockOffset()).toBe(5 * second);
  }
});

test("it is followed where it is set, either way; an answer without a date tells nothing", () => {
  answer(10 * second, 60 * second);
  expect(serverClockOffset()).toBe(60 * second);
  answer(11 * second, -2 * second);
  expect(serverClockOffset()).toBe(-2 * second);
  learnServerTime(undefined);
  learnServerTime("yesterday");
  expect(serverClockOffset()).toBe(-2 * second);
});
