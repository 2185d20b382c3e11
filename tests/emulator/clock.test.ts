import { assertion, grant } from "./login";
import { scene, type Scene } from "./scene";

let made: Scene;
beforeEach(async () => {
  made = await scene();
});
afterEach(() => made.emulator.close());

test("the clock is the real one until it is moved, and goes on from where it was set", async () => {
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

test("a clock that stands still moves only when it is told to", () => {
  const { clock } = made.emulator;
  clock.freeze(new Date("2030-01-01T00:00:00Z"));
  clock.advance(1500);
  expect(clock.now()).toEqual(new Date("2030-01-01T00:00:01.500Z"));
  expect(() => clock.set(new Date("never"))).toThrow("invalid date");
});

test("times follow the clock, and no two are the same even while it stands still", async () => {
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

test("an assertion of another time is refused", async () => {
  const { emulator } = made;
  const text = await assertion(emulator, emulator.admin);
  emulator.clock.advance(3_601_000);
  expect((await grant(emulator, text)).status).toBe(400);
  emulator.clock.advance(-7_200_000);
  expect((await grant(emulator, text)).status).toBe(400);
});
