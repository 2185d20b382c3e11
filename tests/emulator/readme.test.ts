import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Fault, type Seed, startEmulator } from "../../emulator";
import { unknownsTable } from "../../emulator/unknownsTable";
import { withScene } from "./scene";

const readme = readFileSync(join(__dirname, "..", "..", "emulator", "README.md"), "utf8");

test("the seed in the README is one", async () => {
  const [, json = ""] = /```json\n(.*?)```/s.exec(readme) ?? [];
  const emulator = await startEmulator({ seed: JSON.parse(json) as Seed });
  const { email } = emulator.admin;
  const members = emulator.cloud.members.list("projects/plant");
  await emulator.close();
  expect(email).toMatch(/@tools\.serviceaccount\.d21s\.com$/);
  expect(members).toMatchObject([{ displayName: "ERP", status: "ACCEPTED" }]);
});

test("the fault in the README is one, and so is every kind of effect in its table", () =>
  withScene({}, async ({ emulator, admin, project }) => {
    const fault: Fault = {
      method: "POST",
      path: "/v2/projects/*/serviceaccounts",
      effect: { kind: "drop", when: "afterCommit" },
    };
    emulator.faults.add(fault);
    await expect(admin("POST", `${project}/serviceaccounts`)).rejects.toThrow("fetch failed");
    const kinds: Record<Fault["effect"]["kind"], true> = {
      latency: true,
      respond: true,
      drop: true,
      hang: true,
      truncate: true,
    };
    for (const kind of Object.keys(kinds)) expect(readme).toContain(`{ kind: "${kind}"`);
  }));

test("the README names every call of the control, and an open question that exists", () =>
  withScene({}, async ({ emulator }) => {
    const response = await fetch(emulator.url.replace("/v2", "/_emulator"));
    const { calls } = (await response.json()) as { calls: string[] };
    const missing = calls
      .map((line) =>
        line
          .split(" ")[1]!
          .replace(/[:{].*$/, "")
          .replace(/\/$/, ""),
      )
      .filter((path) => !readme.includes(path));
    expect(missing).toEqual([]);
    expect(Object.keys(unknownsTable)).toContain(/--unknown (\w+)=/.exec(readme)?.[1]);
  }));
