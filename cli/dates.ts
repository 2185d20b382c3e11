import { milliseconds } from "../provider/contract/duration.js";

/** Reads a date of an option. @throws Error that names the option */
export const dayOf =
  (option: string) =>
  (text: string): string => {
    if (isDay(text)) return text;
    throw new Error(`${option} must be a date such as 2027-03-31, not ${JSON.stringify(text).slice(0, 40)}`);
  };

/** Reads a duration of an option, as milliseconds. @throws Error that names the option */
export const durationOf =
  (option: string) =>
  (text: string): number => {
    try {
      return milliseconds(text);
    } catch (error) {
      throw new Error(`${option} ${(error as Error).message}`, { cause: error });
    }
  };

/** Checks a duration of an option, and keeps its text. @throws Error that names the option */
export const durationTextOf =
  (option: string) =>
  (text: string): string => {
    durationOf(option)(text);
    return text;
  };

/** Whether a text is a day of the calendar. JavaScript turns 2027-02-30 into a day of March. */
function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
