import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Fault, type Seed, startEmulator } from "../../emulator";
import { command } from "../../cli/emulator";
import { controlCalls } from "../../emulator/control/control";
import { unknownsTable } from "../../emulator/unknowns/unknownsTable";
import { withScene } from "./scene";

const readme = readFileSync(join(__dirname, "..", "..", "emulator", "README.md"), "utf8");

test("the seed in the README is valid", async () => {
  const [, json = ""] = /```json\n(.*?)```/s.exec(readme) ?? [];
  const emulator = await startEmulator({ seed: JSON.parse(json) as Seed });
  const { email } = emulator.admin;
  const members = emulator.cloud.members.list("projects/plant");
  await emulator.close();
  expect(email).toMatch(/@tools\.serviceaccount\.d21s\.com$/);
  expect(members).toMatchObject([{ displayName: "ERP", status: "ACCEPTED" }]);
});

test("the fault in the README works, and its table has every kind of effect", () =>
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

test("the README names every call of the control, and a switch that exists", () =>
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

/** The printed help. */
function help(): string {
  let text = "";
  command()
    .configureOutput({ writeOut: (part) => (text += part) })
    .outputHelp();
  return text;
}

/** The cells of the README's tables, by row. */
const rows = readme
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) =>
    line
      .slice(2, -2)
      .split(" | ")
      .map((cell) => cell.trim()),
  );

test("the README and the help list every switch with its question and answers, the default first", () => {
  for (const [name, entry] of Object.entries(unknownsTable)) {
    const answers =
      "values" in entry
        ? entry.values.map((value) => `\`${value}\``).join(", ")
        : `${entry.unit} (${entry.default})`;
    expect(rows).toContainEqual([`\`${name}\``, entry.question, answers]);
    const known = "values" in entry ? entry.values.join(" | ") : `0 or more ${entry.unit}`;
    expect(help()).toContain(`  ${name}=${known} (${entry.default})\n`);
  }
});

test("the README and the help list every option, and the help every call of the control", () => {
  const text = help();
  for (const { flags, long } of command().options) {
    expect(text).toContain(flags);
    if (long !== "--help") expect(rows.map(([cell]) => cell)).toContain(`\`${flags}\``);
  }
  for (const { method, template, what } of controlCalls) {
    expect(text).toContain(`${method} /_emulator/${template}`);
    expect(text).toContain(what);
  }
});
