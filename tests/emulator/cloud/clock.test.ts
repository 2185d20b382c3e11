import { assertion, grant } from "../login";
import { scene, type Scene } from "../scene";

let made: Scene;
beforeEach(async () => {
  made = await scene();
});
afterEach(() => made.emulator.close());

test("the clock shows the real time until it is set, and runs on from there", async () => {
  const { clock } = made.emulator;
  const lag = (): number => clock.now().getTime() - Date.now();
  expect(Math.abs(lag())).toBeLessThan(50);
  clock.advance(60_000);
  expect(Math.abs(lag() - 60_000)).toBeLessThan(50);
  clock.set(new Date("2030-01-01T00:00:00Z"));
  const { headers } = await made.admin("GET", "roles");
  expect(headers.get("date")).toMatch(/^Tue, 01 Jan 2030 00:00:0/);
  clock.reset();
  expect(Math.abs(lag())).toBeLessThan(50);
});

test("a stopped clock moves only by advance", () => {
  const { clock } = made.emulator;
  clock.freeze(new Date("2030-01-01T00:00:00Z"));
  clock.advance(1500);
  expect(clock.now()).toEqual(new Date("2030-01-01T00:00:01.500Z"));
  expect(() => clock.set(new Date("never"))).toThrow("invalid date");
});

test("timestamps follow the clock, and no two are the same even while it is stopped", async () => {
  const { emulator, project } = made;
  emulator.clock.freeze(new Date("2030-01-01T00:00:00Z"));
  const { name } = emulator.cloud.accounts.create({ project });
  const times = [1, 2, 3].map(() => emulator.cloud.keys.create({ account: name }).createTime);
  expect(times).toEqual([...new Set(times)].sort());
  expect(times[0]).toMatch(/^2030-01-01T00:00:00\.000\d{3}Z$/);
  expect(name.slice(-20) > project.slice(-20)).toBe(true);
  const { body } = await grant(emulator, await assertion(emulator, emulator.admin));
  expect(body).toMatchObject({ expires_in: 3600 });
});

test("an assertion from another time is refused", async () => {
  const { emulator } = made;
  const text = await assertion(emulator, emulator.admin);
  emulator.clock.advance(3_601_000);
  expect((await grant(emulator, text)).status).toBe(400);
  emulator.clock.advance(-7_200_000);
  expect((await grant(emulator, text)).status).toBe(400);
});

test("a thousand timestamps of one moment are different, in order, and have six digits", () => {
  const { emulator, project } = made;
  emulator.clock.freeze(new Date("2030-01-01T00:00:00.071Z"));
  const account = emulator.cloud.accounts.create({ project }).name;
  const make = (): string => emulator.cloud.keys.create({ account }).createTime;
  const times = Array.from({ length: 1500 }, make);
  emulator.clock.advance(1);
  times.push(make());
  expect(times).toEqual([...new Set(times)].sort());
  expect(times.filter((time) => !/^2030-01-01T00:00:00\.\d{6}Z$/.test(time))).toEqual([]);
});

test.each([
  ["set", (): void => made.emulator.clock.set(new Date(8.64e15))],
  ["freeze", (): void => made.emulator.clock.freeze(new Date(-1))],
  ["advance", (): void => made.emulator.clock.advance(8.64e15)],
  ["advance", (): void => made.emulator.clock.advance(Infinity)],
  ["advance", (): void => made.emulator.clock.advance(NaN)],
])("%s refuses a time that the API cannot represent, and the clock runs on", async (_method, move) => {
  expect(move).toThrow(/^the clock can/);
  expect(Math.abs(made.emulator.clock.now().getTime() - Date.now())).toBeLessThan(50);
  expect((await made.admin("POST", `${made.project}/serviceaccounts`)).status).toBe(200);
});

test.each(["1970-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"])(
  "everything works at %s, a limit of the clock, and when it runs on from there",
  async (time) => {
    const { emulator, project } = made;
    emulator.clock.set(new Date(time));
    const account = emulator.cloud.accounts.create({ project }).name;
    await new Promise((resolve) => setImmediate(resolve));
    expect(emulator.cloud.keys.create({ account }).createTime).toMatch(/^(1970|9999|\+010000)-.*\.\d{6}Z$/);
    expect((await made.admin("GET", "roles")).headers.get("date")).toMatch(/GMT$/);
  },
);
